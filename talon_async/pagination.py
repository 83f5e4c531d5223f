"""Listings: async iteration over entries that fetches pages as they are needed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Generic, TypeAlias, TypeVar

from talon_async._codec.json import is_array
from talon_async.models.base import UNSET, Unset
from talon_async.models.pages import CountedPage, MorePage

__all__ = ["CountedListing", "Listing", "MoreListing"]

Entry = TypeVar("Entry")
PageOf = TypeVar("PageOf", bound=MorePage[Any] | CountedPage[Any])


class Listing(Generic[Entry, PageOf]):
    """The entries of a list that the service gives out in pages.

    ``async for entry in listing`` goes through all entries in order and fetches each page when its first
    entry is due; it can be left at any time. Each iteration starts anew. One page is held in memory.

    Args:
        fetch: Fetches one page, given its size and how many entries to skip.
        page_size: How many entries a page has, 1 to 1000; by default as many as the service chooses.
        skip: How many entries to leave out at the beginning.
    """

    def __init__(
        self,
        fetch: Callable[[int | Unset, int | Unset], Awaitable[PageOf]],
        page_size: int | Unset,
        skip: int,
    ) -> None:
        self._fetch = fetch
        self._page_size = page_size
        self._skip = skip

    async def page(self) -> PageOf:
        """Fetch one page: the one that begins after `skip` entries.

        Raises:
            InvalidRequestError: The page size or skip is out of bounds; nothing was sent.
            CallError: The call did not succeed.
        """
        return await self._fetch(self._page_size, _omit_zero(self._skip))

    async def pages(self) -> AsyncIterator[PageOf]:
        """Go through the pages, from the one that begins after `skip` entries to the last.

        Raises:
            InvalidRequestError: The page size or skip is out of bounds; nothing was sent.
            CallError: The call for a page did not succeed.
        """
        skip = self._skip
        more = True
        while more:
            page = await self._fetch(self._page_size, _omit_zero(skip))
            skip += len(_entries_of(page))
            more = _more_follow(page, skip)
            yield page
            del page  # it may go before the next one comes

    async def _entries(self) -> AsyncIterator[Entry]:
        async for page in self.pages():
            entries = _entries_of(page)
            del page
            for entry in entries:
                yield entry
            del entries

    def __aiter__(self) -> AsyncIterator[Entry]:
        return self._entries()


def _omit_zero(skip: int) -> int | Unset:
    return UNSET if skip == 0 else skip


def _entries_of(page: MorePage[Any] | CountedPage[Any]) -> list[Any]:
    """What a page holds; in an answer that drifts, `data` may be no array, and then it holds nothing."""
    return page.data if is_array(page.data) else []


def _more_follow(page: MorePage[Any] | CountedPage[Any], seen: int) -> bool:
    """Whether entries follow after a page; one without entries is the last, whatever it says."""
    if not _entries_of(page):
        return False
    return bool(page.has_more) if isinstance(page, MorePage) else _fall_short(seen, page.total_result_size)


def _fall_short(seen: int, total: object) -> bool:
    # What is no number, in an answer that drifts, does not tell where the end is: an empty page will.
    return not isinstance(total, int) or seen < total


MoreListing: TypeAlias = Listing[Entry, MorePage[Entry]]
"""A listing whose pages tell only whether another one follows."""

CountedListing: TypeAlias = Listing[Entry, CountedPage[Entry]]
"""A listing whose pages tell how many entries there are in all."""
