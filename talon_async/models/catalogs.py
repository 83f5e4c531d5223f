"""Catalogs: the items that carts refer to by SKU, and the actions that keep them up to date."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, Limit, Model, Omittable, TaggedBy
from talon_async.models.sessions import Product

__all__ = [
    "CATALOG_ACTIONS",
    "AddItemCatalogAction",
    "AddPriceAdjustmentCatalogAction",
    "Catalog",
    "CatalogAction",
    "CatalogActionFilter",
    "CatalogActionPayload",
    "CatalogActionType",
    "CatalogFilterOperator",
    "CatalogSyncRequest",
    "NewPriceAdjustment",
    "PatchItemCatalogAction",
    "PatchManyItemsCatalogAction",
    "RemoveItemCatalogAction",
    "RemoveManyItemsCatalogAction",
]

CatalogActionType: TypeAlias = Literal[
    "ADD", "PATCH", "PATCH_MANY", "REMOVE", "REMOVE_MANY", "ADD_PRICE_ADJUSTMENT"
]
"""What an action does to a catalog."""
CatalogFilterOperator: TypeAlias = Literal["EQ", "LT", "LE", "GT", "GE", "IN"]
"""How a filter compares; the order operators `LT`, `LE`, `GT`, `GE` take numbers only."""


@attrs.define(kw_only=True, eq=False, repr=False)
class AddItemCatalogAction(Model):
    """The payload of `ADD`: an item that enters the catalog.

    Attributes:
        price: In the Application's currency; `UNSET` keeps the price of an item that is replaced.
        attributes: Custom attributes by name.
        product: `UNSET` clears the product of an item that is replaced.
        replace_if_exists: Whether to replace the attributes of an item with this SKU; `UNSET` means no.
    """

    sku: str
    price: Omittable[float] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET
    product: Omittable[Product] = UNSET
    replace_if_exists: Omittable[bool] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class PatchItemCatalogAction(Model):
    """The payload of `PATCH`: changes to one item.

    Attributes:
        price: In the Application's currency; `UNSET` keeps the price.
        attributes: Custom attributes to change, by name.
        product: `UNSET` clears the product.
        create_if_not_exists: Whether to make an item for an unknown SKU; `UNSET` means no.
    """

    sku: str
    price: Omittable[float] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET
    product: Omittable[Product] = UNSET
    create_if_not_exists: Omittable[bool] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogActionFilter(Model):
    """A test that picks items of the catalog.

    Attributes:
        attr: A cart item attribute that is connected to the catalog.
        value: What to compare with; for `IN`, the choices with commas between them.
    """

    attr: str
    op: CatalogFilterOperator | str
    value: Any


@attrs.define(kw_only=True, eq=False, repr=False)
class PatchManyItemsCatalogAction(Model):
    """The payload of `PATCH_MANY`: the same changes to many items.

    Attributes:
        price: In the Application's currency.
        filters: An item must pass all of them. Without any, the whole catalog is changed.
        attributes: Custom attributes to change, by name.
    """

    price: Omittable[float] = UNSET
    filters: Omittable[list[CatalogActionFilter]] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveItemCatalogAction(Model):
    """The payload of `REMOVE`: an item that leaves the catalog."""

    sku: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveManyItemsCatalogAction(Model):
    """The payload of `REMOVE_MANY`: items that leave the catalog.

    Attributes:
        filters: An item must pass all of them. Without any, the whole catalog is emptied.
    """

    filters: Omittable[list[CatalogActionFilter]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class NewPriceAdjustment(Model):
    """A price of an item for a kind of price, such as the members' one.

    Attributes:
        price_type: The kind of price, such as `member`.
        price: In the Application's currency; `None` ends this kind of price for the item.
        reference_id: Your identifier of the adjustment, such as a UUID; no other may have it.
        calculated_at: Where adjustments overlap, the one calculated last counts; `UNSET` stands for the time
            at which the service made it.
        effective_from: When the price starts to apply.
        effective_until: When the price ceases to apply.
        context_id: The occasion of the price, such as a summer sale.
    """

    price_type: str
    price: Omittable[float | None] = UNSET
    reference_id: Annotated[str, Limit(min_length=1)]
    calculated_at: Omittable[datetime] = UNSET
    effective_from: Omittable[datetime] = UNSET
    effective_until: Omittable[datetime] = UNSET
    context_id: Omittable[str] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class AddPriceAdjustmentCatalogAction(Model):
    """The payload of `ADD_PRICE_ADJUSTMENT`: further prices of an item.

    The Application must have the beta of price types switched on.

    Attributes:
        adjustments: 1 to 100.
    """

    sku: str
    adjustments: Annotated[list[NewPriceAdjustment], Limit(min_length=1, max_length=100)]


CatalogActionPayload: TypeAlias = (
    AddItemCatalogAction
    | PatchItemCatalogAction
    | PatchManyItemsCatalogAction
    | RemoveItemCatalogAction
    | RemoveManyItemsCatalogAction
    | AddPriceAdjustmentCatalogAction
)
"""Every class that `CatalogAction.payload` can be."""

CATALOG_ACTIONS: Final[Mapping[str, type[Model] | None]] = {
    "ADD": AddItemCatalogAction,
    "PATCH": PatchItemCatalogAction,
    "PATCH_MANY": PatchManyItemsCatalogAction,
    "REMOVE": RemoveItemCatalogAction,
    "REMOVE_MANY": RemoveManyItemsCatalogAction,
    "ADD_PRICE_ADJUSTMENT": AddPriceAdjustmentCatalogAction,
}
"""The model of the payload by action type."""


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogAction(Model):
    """One change to a catalog.

    Attributes:
        payload: The class is told by `type`.
    """

    type: CatalogActionType | str
    payload: Annotated[CatalogActionPayload, TaggedBy("type", CATALOG_ACTIONS)]


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogSyncRequest(Model):
    """The changes that `syncCatalog` makes to a catalog.

    Attributes:
        actions: 1 to 1000, all of one type; a SKU that occurs twice is answered with 400.
        version: The version of the catalog to change; at least 1.
    """

    actions: Annotated[list[CatalogAction], Limit(min_length=1, max_length=1000)]
    version: Omittable[Annotated[int, Limit(minimum=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class Catalog(Model):
    """A catalog after `syncCatalog`.

    Attributes:
        account_id: The Talon.One account that it is in.
        subscribed_applications_ids: The Applications that use it.
        version: Its version now.
        created_by: The user who made it.
    """

    id: int
    created: datetime
    account_id: int
    modified: datetime
    name: str
    description: str
    subscribed_applications_ids: list[int] | None = None
    version: int
    created_by: int
