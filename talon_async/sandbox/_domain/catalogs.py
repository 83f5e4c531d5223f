"""Catalogs: items and prices that complete the cart items of sessions."""

from collections.abc import Collection, Mapping, MutableMapping
from datetime import datetime
from typing import Any

import attrs

from talon_async.models.sessions import CartItem, PriceDetail, Product
from talon_async.sandbox._domain.overlay import Overlay
from talon_async.sandbox._domain.prices import Applies, Price, PriceHistory, lowest, prices_at
from talon_async.sandbox._errors import bad_field


@attrs.frozen(kw_only=True)
class CartItemCatalog:
    """A catalog, as configured in the Campaign Manager.

    Attributes:
        id: Its ID.
        name: Its name.
        description: Its description.
        price_types: The price types for some customers only, such as ``member``, each with the IDs of its
            audiences. Other price types are for all customers.
    """

    id: int = 1
    name: str = "Catalog"
    description: str = ""
    price_types: Mapping[str, Collection[int]] = attrs.field(factory=dict[str, Collection[int]])

    def prices_for(self, audiences: Collection[int]) -> Applies:
        """Return a predicate: whether a price type is for the members of audiences."""

        def applies(price_type: str) -> bool:
            targeted = self.price_types.get(price_type)
            return targeted is None or not set(targeted).isdisjoint(audiences)

        return applies


@attrs.define(kw_only=True)
class CatalogItem:
    """An item of a catalog.

    Attributes:
        id: Its ID.
        product: Its product.
        attributes: Its attributes, by name.
    """

    id: int
    product: Product | None
    attributes: dict[str, Any]


@attrs.define(kw_only=True)
class CatalogRecord:
    """The contents of a catalog.

    Attributes:
        version: The number of its syncs, plus 1.
        created: When it was first synced.
        modified: When it was last synced.
        items: The items, by SKU.
        prices: The price histories, by SKU, those of removed items included.
        adjusted_skus: The SKU of each price adjustment, by reference ID.
    """

    version: int = 1
    created: datetime
    modified: datetime
    items: MutableMapping[str, CatalogItem] = attrs.field(factory=dict[str, CatalogItem])
    prices: MutableMapping[str, PriceHistory] = attrs.field(factory=dict[str, PriceHistory])
    adjusted_skus: MutableMapping[str, str] = attrs.field(factory=dict[str, str])

    def fork(self) -> "CatalogRecord":
        """Copy it for an overlay, without copying every item."""
        return attrs.evolve(
            self,
            items=Overlay(self.items),
            prices=Overlay(self.prices),
            adjusted_skus=Overlay(self.adjusted_skus),
        )


@attrs.frozen(kw_only=True)
class CatalogView:
    """A catalog with the prices of a customer at a time.

    Attributes:
        record: The contents of the catalog; `None` if it was never synced.
        applies: Whether a price type is for the customer.
        now: The time.
    """

    record: CatalogRecord | None
    applies: Applies
    now: datetime

    def complete(self, item: CartItem, position: int) -> None:
        """Complete a cart item with the fields of its catalog item.

        Args:
            item: The item.
            position: Its position in the cart.

        Raises:
            ApiError: It has a price neither here nor in the catalog; status 400.
        """
        found = self.record.items.get(item.sku) if self.record else None
        attributes = item.attributes or {}
        item.catalog_item_id = found.id if found else None
        prices: dict[str, Price] = {}
        if self.record and found:
            if found.product and not item.product:
                item.product = found.product
            if found.product and not item.name:
                item.name = found.product.name
            attributes = found.attributes | attributes
            prices = prices_at(self.record.prices[item.sku], self.now, self.applies)
        item.attributes = attributes
        _set_price(item, prices, position)


def _set_price(item: CartItem, prices: Mapping[str, Price], position: int) -> None:
    selected: Price | None = None
    if not isinstance(item.price, int | float):
        selected = lowest(prices)
        if selected is None:
            raise bad_field(
                f"/cartItems/{position}/price", "expected a price, as the catalog has none", title="required"
            )
        item.price = selected.value
    adjustment = selected.adjustment if selected else None
    item.selected_price_type = selected.price_type if selected else None
    item.adjustment_reference_id = adjustment.reference_id if adjustment else None
    item.adjustment_effective_from = adjustment.effective_from if adjustment else None
    item.adjustment_effective_until = adjustment.effective_until if adjustment else None
    item.prices = {kind: _detail(price) for kind, price in prices.items()} if selected else None


def _detail(price: Price) -> PriceDetail:
    adjustment = price.adjustment
    if adjustment is None:
        return PriceDetail(price=price.value)
    return PriceDetail(
        price=price.value,
        adjustment_context_id=adjustment.context_id or None,
        adjustment_reference_id=adjustment.reference_id,
        adjustment_effective_from=adjustment.effective_from,
        adjustment_effective_until=adjustment.effective_until,
    )
