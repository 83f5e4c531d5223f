"""What every resource stands on."""

from typing import Any, TypeVar

import attrs

from talon_async._operations.operation import Operation
from talon_async._transport.pipeline import Pipeline
from talon_async.models.base import UNSET, Unset
from talon_async.models.pages import CountedPage, MorePage
from talon_async.pagination import Listing

PageOf = TypeVar("PageOf", bound=MorePage[Any] | CountedPage[Any])


@attrs.frozen
class Resource:
    """A part of the API whose methods make calls through one pipeline."""

    _pipeline: Pipeline

    def _listing(
        self, operation: Operation[PageOf], page_size: int | Unset, skip: int, **arguments: Any
    ) -> Listing[Any, PageOf]:
        async def fetch(size: int | Unset, begin: int) -> PageOf:
            return await self._pipeline.call(
                operation, page_size=size, skip=UNSET if begin == 0 else begin, **arguments
            )

        return Listing(fetch, page_size, skip)
