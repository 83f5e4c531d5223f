"""Checks and applies the actions of a catalog sync."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from talon_async.models.base import Omittable, Unset
from talon_async.models.catalogs import (
    AddItemCatalogAction,
    AddPriceAdjustmentCatalogAction,
    CatalogActionFilter,
    CatalogActionPayload,
    NewPriceAdjustment,
    PatchItemCatalogAction,
    PatchManyItemsCatalogAction,
    RemoveItemCatalogAction,
    RemoveManyItemsCatalogAction,
)
from talon_async.sandbox._domain.catalogs import CatalogItem, CatalogRecord
from talon_async.sandbox._domain.prices import ListPrice, PriceAdjustment, PriceHistory
from talon_async.sandbox._errors import bad_field

NextId: TypeAlias = Callable[[str], int]
"""Takes the next ID for a kind of record."""

_ORDERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "LT": lambda found, given: found < given,
    "LE": lambda found, given: found <= given,
    "GT": lambda found, given: found > given,
    "GE": lambda found, given: found >= given,
}


def check_action(
    record: CatalogRecord, payload: CatalogActionPayload, pointer: str, references: set[str]
) -> None:
    """Check an action against the contents of a catalog.

    Args:
        record: The catalog.
        payload: The action.
        pointer: The JSON pointer to it.
        references: The reference IDs of price adjustments in the sync so far; those of the action are added.

    Raises:
        ApiError: It adds a SKU that exists, names one that does not, repeats a reference ID, or compares
            with a value that is not a number; status 400.
    """
    match payload:
        case AddItemCatalogAction():
            if payload.sku in record.items and not payload.replace_if_exists:
                raise bad_field(f"{pointer}/sku", f"the catalog has an item {payload.sku!r}")
        case PatchManyItemsCatalogAction() | RemoveManyItemsCatalogAction():
            for index, given in enumerate(payload.filters or ()):
                if given.op in _ORDERS and _number(given.value) is None:
                    raise bad_field(
                        f"{pointer}/filters/{index}/value",
                        f"{given.op} takes numbers only",
                        title="Invalid type",
                    )
        case PatchItemCatalogAction() if payload.create_if_not_exists:
            pass
        case _:
            if payload.sku not in record.items:
                raise bad_field(f"{pointer}/sku", f"the catalog has no item {payload.sku!r}")
            if isinstance(payload, AddPriceAdjustmentCatalogAction):
                _check_references(record, payload.adjustments, pointer, references)


def _check_references(
    record: CatalogRecord, adjustments: list[NewPriceAdjustment], pointer: str, references: set[str]
) -> None:
    for index, adjustment in enumerate(adjustments):
        reference = adjustment.reference_id
        if reference in record.adjusted_skus or reference in references:
            raise bad_field(
                f"{pointer}/adjustments/{index}/referenceId", f"there is an adjustment {reference!r}"
            )
        references.add(reference)


def apply_action(
    record: CatalogRecord, payload: CatalogActionPayload, now: datetime, next_id: NextId
) -> None:
    """Apply a checked action.

    Args:
        record: The catalog.
        payload: The action.
        now: The time of the sync.
        next_id: Takes the IDs of items and prices.
    """
    match payload:
        case AddItemCatalogAction() | PatchItemCatalogAction():
            item = record.items.get(payload.sku)
            if item is None:
                item = CatalogItem(id=next_id("catalog item"), product=None, attributes={})
                record.items[payload.sku] = item
            patched = isinstance(payload, PatchItemCatalogAction)
            item.attributes = (item.attributes if patched else {}) | (payload.attributes or {})
            item.product = payload.product or None
            _set_price(record, payload.sku, payload.price, now, next_id)
        case PatchManyItemsCatalogAction():
            for sku in _chosen(record, payload.filters):
                record.items[sku].attributes |= payload.attributes or {}
                _set_price(record, sku, payload.price, now, next_id)
        case RemoveItemCatalogAction():
            _remove(record, payload.sku, now, next_id)
        case RemoveManyItemsCatalogAction():
            for sku in list(_chosen(record, payload.filters)):
                _remove(record, sku, now, next_id)
        case AddPriceAdjustmentCatalogAction():
            for adjustment in payload.adjustments:
                _adjust(record, payload.sku, adjustment, now, next_id)


def _history(record: CatalogRecord, sku: str) -> PriceHistory:
    return record.prices.setdefault(sku, PriceHistory())


def _set_price(
    record: CatalogRecord, sku: str, price: Omittable[float | None], now: datetime, next_id: NextId
) -> None:
    listed = _history(record, sku).list_prices
    if not isinstance(price, Unset) and (not listed or listed[-1].price != price):
        listed.append(ListPrice(id=next_id("price"), since=now, price=price))


def _adjust(
    record: CatalogRecord, sku: str, given: NewPriceAdjustment, now: datetime, next_id: NextId
) -> None:
    record.adjusted_skus[given.reference_id] = sku
    _history(record, sku).adjustments.append(
        PriceAdjustment(
            id=next_id("price"),
            created=now,
            price_type=given.price_type,
            price=None if isinstance(given.price, Unset) else given.price,
            reference_id=given.reference_id,
            calculated_at=given.calculated_at or now,
            effective_from=given.effective_from or None,
            effective_until=given.effective_until or None,
            context_id=given.context_id or "",
        )
    )


def _remove(record: CatalogRecord, sku: str, now: datetime, next_id: NextId) -> None:
    del record.items[sku]
    _set_price(record, sku, None, now, next_id)
    for adjustment in _history(record, sku).adjustments:
        if adjustment.effective_until is None or adjustment.effective_until > now:
            adjustment.effective_until = now


def _chosen(record: CatalogRecord, filters: Omittable[list[CatalogActionFilter]]) -> Iterator[str]:
    """The SKUs of the items that match all filters."""
    for sku, item in record.items.items():
        if all(_passes(item.attributes.get(given.attr), given.op, given.value) for given in filters or ()):
            yield sku


def _passes(found: Any, op: str, value: Any) -> bool:
    if found is None:
        return False
    if op == "EQ":
        return _equal(found, value)
    if op == "IN":
        return any(_equal(found, choice.strip()) for choice in str(value).split(","))
    number, limit = _number(found), _number(value)
    return number is not None and limit is not None and _ORDERS[op](number, limit)


def _equal(found: Any, value: Any) -> bool:
    number = _number(found)
    return bool(found == value) or (number is not None and number == _number(value))


def _number(value: Any) -> float | None:
    """The number of a value; filters can hold numbers as strings."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
