"""Catalogs: items that carts refer to by SKU, and the actions that change them."""

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
"""How a filter compares. ``LT``, ``LE``, ``GT`` and ``GE`` compare numbers only."""


@attrs.define(kw_only=True, eq=False, repr=False)
class AddItemCatalogAction(Model):
    """The payload of ``ADD``: an item to add.

    Attributes:
        sku: The SKU of the item.
        price: The price, in the Application's currency. `UNSET` keeps the price of an item that is replaced.
        attributes: Custom attributes by name.
        product: The product that the item belongs to. `UNSET` removes the product of an item that is
            replaced.
        replace_if_exists: Whether to replace the attributes of an existing item with this SKU (default:
            `False`).
    """

    sku: str
    price: Omittable[float] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET
    product: Omittable[Product] = UNSET
    replace_if_exists: Omittable[bool] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class PatchItemCatalogAction(Model):
    """The payload of ``PATCH``: changes of one item.

    Attributes:
        sku: The SKU of the item.
        price: The price, in the Application's currency. `UNSET` keeps the price.
        attributes: Custom attributes to change, by name.
        product: The product that the item belongs to. `UNSET` removes the product.
        create_if_not_exists: Whether to create an item that does not exist (default: `False`).
    """

    sku: str
    price: Omittable[float] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET
    product: Omittable[Product] = UNSET
    create_if_not_exists: Omittable[bool] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogActionFilter(Model):
    """A condition that selects items of the catalog.

    Attributes:
        attr: A cart item attribute that is connected to the catalog.
        op: How to compare.
        value: The value to compare with; for ``IN``, the values separated by commas.
    """

    attr: str
    op: CatalogFilterOperator | str
    value: Any


@attrs.define(kw_only=True, eq=False, repr=False)
class PatchManyItemsCatalogAction(Model):
    """The payload of ``PATCH_MANY``: the same changes of many items.

    Attributes:
        price: The price, in the Application's currency.
        filters: The conditions, all of which an item must meet. Without filters, all items of the catalog
            change.
        attributes: Custom attributes to change, by name.
    """

    price: Omittable[float] = UNSET
    filters: Omittable[list[CatalogActionFilter]] = UNSET
    attributes: Omittable[dict[str, Any]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveItemCatalogAction(Model):
    """The payload of ``REMOVE``: an item to remove.

    Attributes:
        sku: The SKU of the item.
    """

    sku: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveManyItemsCatalogAction(Model):
    """The payload of ``REMOVE_MANY``: items to remove.

    Attributes:
        filters: The conditions, all of which an item must meet. Without filters, all items of the catalog are
            removed.
    """

    filters: Omittable[list[CatalogActionFilter]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class NewPriceAdjustment(Model):
    """A price of an item for one price type.

    Attributes:
        price_type: The price type, such as ``wholesale``.
        price: The price, in the Application's currency. `None` removes the price type from the item.
        reference_id: Your unique ID of the adjustment, such as a UUID.
        calculated_at: When the price was calculated; of overlapping adjustments, the latest applies (default:
            when the service creates the adjustment).
        effective_from: When the adjustment takes effect.
        effective_until: When the adjustment ends.
        context_id: Why the price applies, such as a sale.
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
    """The payload of ``ADD_PRICE_ADJUSTMENT``: further prices of an item.

    It needs the beta feature price types, which the provider enables per Application.

    Attributes:
        sku: The SKU of the item.
        adjustments: The price adjustments, 1 to 100.
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
"""Every class of `CatalogAction.payload`."""

CATALOG_ACTIONS: Final[Mapping[str, type[Model] | None]] = {
    "ADD": AddItemCatalogAction,
    "PATCH": PatchItemCatalogAction,
    "PATCH_MANY": PatchManyItemsCatalogAction,
    "REMOVE": RemoveItemCatalogAction,
    "REMOVE_MANY": RemoveManyItemsCatalogAction,
    "ADD_PRICE_ADJUSTMENT": AddPriceAdjustmentCatalogAction,
}
"""The model of the payload for each action type."""


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogAction(Model):
    """A change of a catalog.

    Attributes:
        type: What the action does; it determines the class of `payload`.
        payload: The arguments of the action.
    """

    type: CatalogActionType | str
    payload: Annotated[CatalogActionPayload, TaggedBy("type", CATALOG_ACTIONS)]


@attrs.define(kw_only=True, eq=False, repr=False)
class CatalogSyncRequest(Model):
    """Changes of a catalog.

    Sent by `syncCatalog`.

    Attributes:
        actions: 1 to 1000 actions of one type, each SKU at most once.
        version: The version of the catalog that the actions apply to; at least 1.
    """

    actions: Annotated[list[CatalogAction], Limit(min_length=1, max_length=1000)]
    version: Omittable[Annotated[int, Limit(minimum=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class Catalog(Model):
    """A catalog after its changes.

    Returned by `syncCatalog`.

    Attributes:
        id: Talon.One's ID of the catalog.
        created: When the catalog was created.
        account_id: The Talon.One account.
        modified: When the catalog last changed.
        name: The name.
        description: The description.
        subscribed_applications_ids: The IDs of the Applications that use the catalog.
        version: The current version.
        created_by: The ID of the user who created the catalog.
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
