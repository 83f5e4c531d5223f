"""What catalog items cost when: pure, from all prices that a catalog was given to those of a moment."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import attrs

BASE: Final = "base"
"""The price type of list prices."""

Applies: TypeAlias = Callable[[str], bool]
"""Tells whether a price type is for a customer."""


@attrs.define(kw_only=True)
class ListPrice:
    """A price that a catalog gave an item.

    Attributes:
        id: Its number.
        since: When it was given.
        price: In the Application's currency; `None` where the item has none from then on.
    """

    id: int
    since: datetime
    price: float | None


@attrs.define(kw_only=True)
class PriceAdjustment:
    """A price of another type, which a catalog gave an item for a time.

    Attributes:
        id: Its number.
        created: When it was given.
        price: In the Application's currency; `None` ends this type of price for the item.
        calculated_at: Of adjustments that overlap, the one that was calculated last counts.
        effective_from: When it starts to count; `None` stands for when it was given.
        effective_until: When it stops counting.
        context_id: The context, such as a sale; empty where there is none.
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
        """When it starts to count."""
        return self.effective_from or self.created

    def counts_at(self, moment: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.since <= moment and (self.effective_until is None or moment < self.effective_until)


@attrs.define(kw_only=True)
class PriceHistory:
    """All prices that an item was given, each kind oldest first."""

    list_prices: list[ListPrice] = attrs.field(factory=list[ListPrice])
    adjustments: list[PriceAdjustment] = attrs.field(factory=list[PriceAdjustment])


@attrs.frozen(kw_only=True)
class Price:
    """A price of an item at a moment.

    Attributes:
        id: The number of the list price or adjustment.
        price_type: `BASE`, or that of the adjustment.
        value: In the Application's currency.
        adjustment: Where it comes from, if it is no list price.
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
    """What an item cost from a moment on."""

    since: datetime
    price: Price


def prices_at(history: PriceHistory, moment: datetime, applies: Applies) -> dict[str, Price]:
    """Find the prices of an item at a moment, by their types.

    Args:
        history: All its prices.
        moment: The moment.
        applies: Which types of adjustments count.
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
    """The price to pay of those that a customer has."""
    return min(prices.values(), key=lambda price: price.value, default=None)


def best_prior_price(
    history: PriceHistory, end: datetime, timeframe: timedelta, end_type: str, applies: Applies
) -> PastPrice | None:
    """Find the lowest price that an item had in a span of time; of equal ones, the first.

    Args:
        history: All its prices.
        end: The last moment that counts.
        timeframe: How long the span is.
        end_type: Where the span ends: ``strict`` at ``end``; ``price`` before the price of that moment
            began; ``sale`` before its context began, or at ``end`` if it has none.
        applies: Which types of adjustments count.
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
        if price and until > limit - timeframe
    ]
    return min(in_span, key=lambda past: past.price.value, default=None)


def _observed(history: PriceHistory, end: datetime, applies: Applies) -> list[tuple[datetime, Price | None]]:
    """What an item cost up to a moment, oldest first, with `None` for when it was not for sale."""
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
    """Where the last prices that belong together begin."""
    start = len(observed)
    while start and (price := observed[start - 1][1]) and belongs(price):
        start -= 1
    return start
