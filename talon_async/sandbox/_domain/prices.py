"""Computes the prices of catalog items at a time from their price history."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import attrs

BASE: Final = "base"
"""The price type of list prices."""

Applies: TypeAlias = Callable[[str], bool]
"""Whether a price type is for a customer."""


@attrs.define(kw_only=True)
class ListPrice:
    """A list price of an item.

    Attributes:
        id: Its ID.
        since: When it was set.
        price: In the Application's currency; `None` if the item has no list price from then on.
    """

    id: int
    since: datetime
    price: float | None


@attrs.define(kw_only=True)
class PriceAdjustment:
    """A price of another type, which is effective for a time.

    Attributes:
        id: Its ID.
        created: When it was set.
        price: In the Application's currency; `None` ends this type of price for the item.
        calculated_at: Of adjustments that overlap, the one that was calculated last counts.
        effective_from: When it becomes effective; when it was set if `None`.
        effective_until: When it ends.
        context_id: Its context, such as a sale; empty if it has none.
    """

    id: int
    created: datetime
    price_type: str
    price: float | None
    reference_id: str
    calculated_at: datetime
    effective_from: datetime | None
    effective_until: datetime | None
    context_id: str

    @property
    def since(self) -> datetime:
        """When it becomes effective."""
        return self.effective_from or self.created

    def counts_at(self, moment: datetime) -> bool:
        """Whether it is effective at a time."""
        return self.since <= moment and (self.effective_until is None or moment < self.effective_until)


@attrs.define(kw_only=True)
class PriceHistory:
    """All prices of an item, each kind oldest first."""

    list_prices: list[ListPrice] = attrs.field(factory=list[ListPrice])
    adjustments: list[PriceAdjustment] = attrs.field(factory=list[PriceAdjustment])


@attrs.frozen(kw_only=True)
class Price:
    """A price of an item at a time.

    Attributes:
        id: The ID of the list price or adjustment.
        price_type: `BASE`, or that of the adjustment.
        value: In the Application's currency.
        adjustment: The adjustment; `None` for a list price.
    """

    id: int
    price_type: str
    value: float
    adjustment: PriceAdjustment | None = None

    @property
    def context_id(self) -> str:
        """The context of the price; empty where there is none."""
        return self.adjustment.context_id if self.adjustment else ""


@attrs.frozen(kw_only=True)
class PastPrice:
    """A former price of an item, and since when it was effective."""

    since: datetime
    price: Price


def prices_at(history: PriceHistory, moment: datetime, applies: Applies) -> dict[str, Price]:
    """Find the prices of an item at a time, by type.

    Args:
        history: All its prices.
        moment: The time.
        applies: Whether a price type is for the customer.
    """
    found: dict[str, Price] = {}
    listed = next((entry for entry in reversed(history.list_prices) if entry.since <= moment), None)
    if listed and listed.price is not None:
        found[BASE] = Price(id=listed.id, price_type=BASE, value=listed.price)
    for kind, adjustment in _adjustments_at(history, moment).items():
        if not applies(kind):
            continue
        if adjustment.price is None:
            found.pop(kind, None)
        else:
            found[kind] = Price(
                id=adjustment.id, price_type=kind, value=adjustment.price, adjustment=adjustment
            )
    return found


def _adjustments_at(history: PriceHistory, moment: datetime) -> dict[str, PriceAdjustment]:
    counting = [adjustment for adjustment in history.adjustments if adjustment.counts_at(moment)]
    counting.sort(key=lambda adjustment: adjustment.calculated_at)
    return {adjustment.price_type: adjustment for adjustment in counting}


def lowest(prices: Mapping[str, Price]) -> Price | None:
    """The lowest price."""
    return min(prices.values(), key=lambda price: price.value, default=None)


def best_prior_price(
    history: PriceHistory, end: datetime, timeframe: timedelta, end_type: str, applies: Applies
) -> PastPrice | None:
    """Find the lowest price of an item in a timeframe, the first one if several are equal.

    Args:
        history: All its prices.
        end: The latest time to consider.
        timeframe: The length of the timeframe.
        end_type: Where the timeframe ends: ``strict`` at ``end``; ``price`` before the price at that time
            started; ``sale`` before its context started, or at ``end`` if it has none.
        applies: Whether a price type is for the customer.
    """
    observed = _observed(history, end, applies)
    if not observed:
        return None
    current = observed[-1][1]
    running = len(observed)
    if current and end_type == "price":
        running = _start_of_run(observed, lambda price: price.value == current.value)
    elif current and current.context_id and end_type == "sale":
        running = _start_of_run(observed, lambda price: price.context_id == current.context_id)
    moments = [since for since, _ in observed]
    limit = moments[running] if running < len(observed) else end
    ends = [*moments[1:], limit]
    in_span = [
        PastPrice(since=since, price=price)
        for (since, price), until in zip(observed[:running], ends, strict=False)
        if price and limit - until < timeframe
    ]
    return min(in_span, key=lambda past: past.price.value, default=None)


def _observed(history: PriceHistory, end: datetime, applies: Applies) -> list[tuple[datetime, Price | None]]:
    """The prices of an item up to a time, oldest first; `None` while it was not for sale."""
    moments = {entry.since for entry in history.list_prices}
    for adjustment in history.adjustments:
        moments.add(adjustment.since)
        if adjustment.effective_until is not None:
            moments.add(adjustment.effective_until)
    found: list[tuple[datetime, Price | None]] = []
    for moment in sorted(moment for moment in moments if moment <= end):
        price = lowest(prices_at(history, moment, applies))
        if not found or found[-1][1] != price:
            found.append((moment, price))
    return found


def _start_of_run(observed: list[tuple[datetime, Price | None]], belongs: Callable[[Price], bool]) -> int:
    """The index where the last run of matching prices starts."""
    start = len(observed)
    while start and (price := observed[start - 1][1]) and belongs(price):
        start -= 1
    return start
