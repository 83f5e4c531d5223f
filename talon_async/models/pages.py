"""Pages of listings: the two envelopes that the API puts around a part of a list."""

from typing import Generic, TypeVar

import attrs

from talon_async.models.base import Model

__all__ = ["CountedPage", "MorePage"]

Entry = TypeVar("Entry")


@attrs.define(kw_only=True, eq=False, repr=False)
class MorePage(Model, Generic[Entry]):
    """A page of a listing that tells only whether another one follows.

    Attributes:
        has_more: Whether entries follow after these.
        data: The entries, in the listing's order.
    """

    has_more: bool
    data: list[Entry]


@attrs.define(kw_only=True, eq=False, repr=False)
class CountedPage(Model, Generic[Entry]):
    """A page of a listing that tells how many entries the listing has, or a listing given whole.

    Attributes:
        total_result_size: How many entries there are in all.
        data: The entries, in the listing's order.
    """

    total_result_size: int
    data: list[Entry]
