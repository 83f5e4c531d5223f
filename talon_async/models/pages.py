"""Pages of listings: the two envelopes in which the API returns lists."""

from typing import Generic, TypeVar

import attrs

from talon_async.models.base import Model

__all__ = ["CountedPage", "MorePage"]

Entry = TypeVar("Entry")


@attrs.define(kw_only=True, eq=False, repr=False)
class MorePage(Model, Generic[Entry]):
    """A page of a listing without a total count.

    Attributes:
        has_more: Whether another page follows.
        data: The entries of this page, in the listing's order.
    """

    has_more: bool
    data: list[Entry]


@attrs.define(kw_only=True, eq=False, repr=False)
class CountedPage(Model, Generic[Entry]):
    """A page of a listing with a total count, or a complete list.

    Attributes:
        total_result_size: The number of entries in the whole listing.
        data: The entries of this page, in the listing's order.
    """

    total_result_size: int
    data: list[Entry]
