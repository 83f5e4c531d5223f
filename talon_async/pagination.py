"""Listings: async iteration over entries that fetches pages on demand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from talon_async._codec.json import is_array
from talon_async._transport.caller import Caller
from talon_async._transport.pipeline import Pipeline
from talon_async.models.base import UNSET, Unset
from talon_async.models.pages import CountedPage, MorePage

__all__ = ["CountedListing", "Listing", "MoreListing"]

Entry = TypeVar("Entry")
PageOf = TypeVar("PageOf", bound=MorePage[Any] | CountedPage[Any])


@attrs.frozen(eq=False)
class Listing(Caller, Generic[Entry, PageOf]):
    """The entries of a paginated list.

    ``async for entry in listing`` yields all entries in order. It fetches a page when its first entry is
    needed and keeps one page in memory. Iteration can stop at any time; each iteration starts at the
    beginning.

    Args:
        pipeline: Makes the calls.
        fetch: Fetches one page, given the pipeline, the page size and the number of entries to skip.
        page_size: How many entries to fetch per page, 1 to 1000 (default: the service's).
        skip: How many entries to skip at the beginning (default: 0).
    """

    _fetch: Callable[[Pipeline, int | Unset, int | Unset], Awaitable[PageOf]]
    _page_size: int | Unset
    _skip: int

    async def page(self) -> PageOf:
        """Fetch the first page after `skip` entries.

        Raises:
            InvalidRequestError: The page size, `skip` or a filter is not valid; nothing was sent.
            ClientStateError: The client is closed, or belongs to another event loop.
            CallError: The call failed.
        """
        return await self._fetch(self._pipeline, self._page_size, _omit_zero(self._skip))

    async def pages(self) -> AsyncIterator[PageOf]:
        """Iterate over the pages, starting after `skip` entries.

        Raises:
            InvalidRequestError: The page size, `skip` or a filter is not valid; nothing was sent.
            ClientStateError: The client is closed, or belongs to another event loop.
            CallError: The call for a page failed.
        """
        skip = self._skip
        more = True
        while more:
            page = await self._fetch(self._pipeline, self._page_size, _omit_zero(skip))
            skip += len(_entries_of(page))
            more = _more_follow(page, skip)
            yield page
            del page  # so that it is freed before the next page is fetched

    async def _entries(self) -> AsyncIterator[Entry]:
        async for page in self.pages():
            entries = _entries_of(page)
            del page
            for entry in entries:
                yield entry
            del entries

    async def collect(self, *, limit: int | None = None) -> list[Entry]:
        """Fetch the entries into a list.

        Args:
            limit: How many entries to collect at most (default: all of them).

        Raises:
            InvalidRequestError: The page size, `skip` or a filter is not valid; nothing was sent.
            CallError: The call for a page failed.
        """
        entries: list[Entry] = []
        if limit is not None and limit < 1:
            return entries
        async for entry in self:
            entries.append(entry)
            if len(entries) == limit:
                break
        return entries

    def __aiter__(self) -> AsyncIterator[Entry]:
        return self._entries()


def _omit_zero(skip: int) -> int | Unset:
    return UNSET if skip == 0 else skip


def _entries_of(page: MorePage[Any] | CountedPage[Any]) -> list[Any]:
    """Return the entries of a page; none if `data` is not an array, in a response that drifts."""
    return page.data if is_array(page.data) else []


def _more_follow(page: MorePage[Any] | CountedPage[Any], seen: int) -> bool:
    """Whether another page follows. A page without entries is the last one, whatever it says."""
    if not _entries_of(page):
        return False
    return bool(page.has_more) if isinstance(page, MorePage) else _below_total(seen, page.total_result_size)


def _below_total(seen: int, total: object) -> bool:
    # A total that is not a number, in a response that drifts, marks no end: an empty page does.
    return not isinstance(total, int) or seen < total


MoreListing: TypeAlias = Listing[Entry, MorePage[Entry]]
"""A listing whose pages say only whether another page follows."""

CountedListing: TypeAlias = Listing[Entry, CountedPage[Entry]]
"""A listing whose pages contain the total number of entries."""
