"""Catalogs: the items that carts refer to by SKU, what they cost, and what carts take from them."""

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
    """A catalog, as the Campaign Manager sets it up.

    Attributes:
        id: Its number.
        name: Its name.
        description: What it is for.
        price_types: The types of prices that are for some customers only, such as ``member``, each with the
            numbers of the audiences that it is for. A type that is not named here is for everyone.
    """

    id: int = 1
    name: str = "Catalog"
    description: str = ""
    price_types: Mapping[str, Collection[int]] = attrs.field(factory=dict[str, Collection[int]])

    def prices_for(self, audiences: Collection[int]) -> Applies:
        """Tell which types of prices are for the members of audiences."""

        def applies(price_type: str) -> bool:
            targeted = self.price_types.get(price_type)
            return targeted is None or not set(targeted).isdisjoint(audiences)

        return applies


@attrs.define(kw_only=True)
class CatalogItem:
    """An item of a catalog.

    Attributes:
        id: Its number.
        product: The product that it belongs to.
        attributes: Its attributes, by name.
    """

    id: int
    product: Product | None
    attributes: dict[str, Any]


@attrs.define(kw_only=True)
class CatalogRecord:
    """What is in a catalog.

    Attributes:
        version: How often it was synced, and 1 more.
        created: When it was first synced.
        modified: When it was last synced.
        items: The items, by SKU.
        prices: All prices that items were given, by SKU; those of items that left are kept.
        adjusted_skus: The SKU that each price adjustment is for, by its reference ID.
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
    """What the cart of a customer takes from a catalog.

    Attributes:
        record: What is in the catalog; `None` if nothing ever was, or if there is no catalog.
        applies: Which types of prices are for the customer.
        now: The moment.
    """

    record: CatalogRecord | None
    applies: Applies
    now: datetime

    def complete(self, item: CartItem, position: int) -> None:
        """Add to a cart item what the catalog says of it, and the update does not.

        Args:
            item: The item.
            position: Its place in the cart.

        Raises:
            ApiError: It has no price, here or there.
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
                f"/cartItems/{position}/price", "expected a price, as no catalog has one", title="required"
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
