"""Catalogs: what each kind of action changes, and what carts read from them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from talon_async import (
    UNSET,
    AddItemCatalogAction,
    AddPriceAdjustmentCatalogAction,
    BadRequestError,
    CartItem,
    Catalog,
    CatalogAction,
    CatalogActionFilter,
    CustomerProfileIntegrationRequestV2,
    NewAudience,
    NewCustomerSessionV2,
    NewPriceAdjustment,
    NotFoundError,
    PatchItemCatalogAction,
    PatchManyItemsCatalogAction,
    PriceDetail,
    Product,
    ProfileAudiencesChanges,
    RemoveItemCatalogAction,
    RemoveManyItemsCatalogAction,
    TalonClient,
)
from talon_async.models import CatalogActionPayload
from talon_async.sandbox import CartItemCatalog, Clock, Deployment, Sandbox
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import session_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TYPES = {
    AddItemCatalogAction: "ADD",
    PatchItemCatalogAction: "PATCH",
    PatchManyItemsCatalogAction: "PATCH_MANY",
    RemoveItemCatalogAction: "REMOVE",
    RemoveManyItemsCatalogAction: "REMOVE_MANY",
    AddPriceAdjustmentCatalogAction: "ADD_PRICE_ADJUSTMENT",
}


@pytest.fixture
async def deployment() -> AsyncIterator[Deployment]:
    """A deployment with two catalogs, the first of the Application. Member prices are for audience 1."""
    catalogs = [
        CartItemCatalog(id=1, name="Shoes", description="All year", price_types={"member": [1]}),
        CartItemCatalog(id=2, name="Hats"),
    ]
    async with Sandbox(checked_deployment(catalogs=catalogs, clock=Clock(lambda: NOW))) as served:
        yield served


async def sync(talon: TalonClient, *payloads: CatalogActionPayload, **arguments: Any) -> Catalog:
    """Sync the Application's catalog, or another one."""
    actions = [CatalogAction(type=TYPES[type(payload)], payload=payload) for payload in payloads]
    return await talon.catalogs.sync(arguments.pop("catalog_id", 1), actions, **arguments)


async def sneakers(talon: TalonClient) -> None:
    """Add three pairs of sneakers to the catalog: 100, 120 and 150, in sizes 40, 45 and 46."""
    await sync(
        talon,
        *(
            AddItemCatalogAction(
                sku=sku,
                price=price,
                attributes={"size": size, "color": color},
                product=Product(name="Sneakers"),
            )
            for sku, price, size, color in (
                ("S-40", 100.0, 40, "blue"),
                ("S-45", 120.0, 45, "red"),
                ("S-46", 150.0, 46, "blue"),
            )
        ),
    )


async def cart_item(talon: TalonClient, sku: str, **fields: Any) -> CartItem:
    """A cart item after the service completed it."""
    session = NewCustomerSessionV2(
        profile_id="customer-7", cart_items=[CartItem(sku=sku, quantity=1, **fields)]
    )
    response = await talon.sessions.update("cart-1", session, response_content=["customerSession"])
    return session_of(response).cart_items[0]


async def test_cart_items_are_completed_from_the_catalog(talon: TalonClient) -> None:
    """A cataloged item gets price, product and attributes. Fields of the cart take precedence."""
    await sneakers(talon)
    item = await cart_item(talon, "S-45")
    assert (item.price, item.name, item.attributes) == (120.0, "Sneakers", {"size": 45, "color": "red"})
    assert item.product == Product(name="Sneakers")
    assert (item.selected_price_type, item.prices) == ("base", {"base": PriceDetail(price=120.0)})
    assert item.catalog_item_id
    given = await cart_item(talon, "S-45", price=99.0, name="Old stock", attributes={"color": "faded"})
    assert (given.price, given.name, given.attributes) == (99.0, "Old stock", {"size": 45, "color": "faded"})
    assert (given.catalog_item_id, given.prices) == (item.catalog_item_id, None)


async def test_a_sync_returns_the_catalog(talon: TalonClient, deployment: Deployment) -> None:
    """Each sync increments the version, starting at 1. An outdated version is refused."""
    first = await sync(talon, AddItemCatalogAction(sku="A"), version=1)
    deployment.clock.advance(hours=1)
    second = await sync(talon, AddItemCatalogAction(sku="B"))
    assert (first.version, second.version) == (2, 3)
    assert (second.created, second.modified) == (NOW, NOW + timedelta(hours=1))
    assert (second.id, second.name, second.description) == (1, "Shoes", "All year")
    assert second.subscribed_applications_ids == [1]
    with pytest.raises(BadRequestError) as refused:
        await sync(talon, AddItemCatalogAction(sku="C"), version=2)
    assert [error.pointer for error in refused.value.errors] == ["/version"]
    other = await sync(talon, AddItemCatalogAction(sku="A", price=5.0), catalog_id=2)
    assert (other.name, other.version, other.subscribed_applications_ids) == ("Hats", 2, [])
    with pytest.raises(BadRequestError, match="/cartItems/0/price"):
        await cart_item(talon, "A")  # the other catalog is not the Application's
    with pytest.raises(NotFoundError):
        await sync(talon, AddItemCatalogAction(sku="A"), catalog_id=3)


async def test_add_replaces_and_patch_merges_attributes(talon: TalonClient) -> None:
    """Both keep an omitted price and clear an omitted product. Attributes are replaced or merged."""
    await sneakers(talon)
    before = await cart_item(talon, "S-40")
    await sync(talon, AddItemCatalogAction(sku="S-40", attributes={"age": 3}, replace_if_exists=True))
    replaced = await cart_item(talon, "S-40")
    assert (replaced.price, replaced.attributes, replaced.product) == (100.0, {"age": 3}, UNSET)
    assert replaced.catalog_item_id == before.catalog_item_id
    await sync(talon, PatchItemCatalogAction(sku="S-45", attributes={"color": "green"}, price=110.0))
    patched = await cart_item(talon, "S-45")
    assert (patched.price, patched.product) == (110.0, UNSET)
    assert patched.attributes == {"size": 45, "color": "green"}
    await sync(talon, PatchItemCatalogAction(sku="S-99", price=9.0, create_if_not_exists=True))
    assert (await cart_item(talon, "S-99")).price == 9.0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], {"S-40", "S-45", "S-46"}),
        ([("color", "EQ", "blue")], {"S-40", "S-46"}),
        ([("size", "EQ", "45")], {"S-45"}),
        ([("size", "GT", "45")], {"S-46"}),
        ([("size", "GE", 45)], {"S-45", "S-46"}),
        ([("size", "LT", 45)], {"S-40"}),
        ([("size", "LE", 45)], {"S-40", "S-45"}),
        ([("size", "IN", "40, 46")], {"S-40", "S-46"}),
        ([("color", "IN", "red,green")], {"S-45"}),
        ([("color", "EQ", "blue"), ("size", "GT", 40)], {"S-46"}),
        ([("color", "LT", 45)], set[str]()),
        ([("weight", "EQ", "1")], set[str]()),
    ],
)
async def test_filters_select_items(
    talon: TalonClient, deployment: Deployment, filters: list[tuple[str, str, Any]], expected: set[str]
) -> None:
    """An item is patched or removed if it matches all filters. Without filters, all items match."""
    await sneakers(talon)
    given = [CatalogActionFilter(attr=attr, op=op, value=value) for attr, op, value in filters]
    await sync(talon, PatchManyItemsCatalogAction(filters=given, attributes={"sale": True}, price=1.0))
    items = deployment.store.catalogs[1].items
    assert {sku for sku, item in items.items() if item.attributes.get("sale")} == expected
    assert all(item.product for item in items.values())
    for sku in expected:
        assert (await cart_item(talon, sku)).price == 1.0
    await sync(talon, RemoveManyItemsCatalogAction(filters=given))
    assert set(items) == {"S-40", "S-45", "S-46"} - expected


async def test_a_removed_item_has_no_price(talon: TalonClient) -> None:
    """Removing an item removes its prices. Adding it again does not restore them."""
    await sneakers(talon)
    summer = NewPriceAdjustment(price_type="summer", price=80.0, reference_id="r-1")
    await sync(talon, AddPriceAdjustmentCatalogAction(sku="S-40", adjustments=[summer]))
    await sync(talon, RemoveItemCatalogAction(sku="S-40"))
    await sync(talon, AddItemCatalogAction(sku="S-40"))
    with pytest.raises(BadRequestError, match="/cartItems/0/price"):
        await cart_item(talon, "S-40")
    assert (await cart_item(talon, "S-40", price=1.0)).prices is None


async def test_adjustments_apply_in_their_period(talon: TalonClient, deployment: Deployment) -> None:
    """The lowest current price applies. Within a price type, the latest calculation counts."""
    await sneakers(talon)
    end = NOW + timedelta(days=10)
    adjustments = [
        NewPriceAdjustment(
            price_type="summer",
            price=90.0,
            reference_id="r-1",
            context_id="Summer2026",
            effective_from=NOW + timedelta(days=1),
            effective_until=end,
        ),
        NewPriceAdjustment(
            price_type="summer", price=70.0, reference_id="r-2", calculated_at=NOW - timedelta(days=1)
        ),
    ]
    await sync(talon, AddPriceAdjustmentCatalogAction(sku="S-40", adjustments=adjustments))
    assert (await cart_item(talon, "S-40")).price == 70.0
    deployment.clock.advance(days=2)
    item = await cart_item(talon, "S-40")
    assert (item.price, item.selected_price_type, item.adjustment_reference_id) == (90.0, "summer", "r-1")
    assert item.adjustment_effective_until == end
    assert item.prices
    assert item.prices["base"] == PriceDetail(price=100.0)
    assert item.prices["summer"].adjustment_context_id == "Summer2026"
    cancelled = NewPriceAdjustment(price_type="summer", price=None, reference_id="r-3")
    await sync(talon, AddPriceAdjustmentCatalogAction(sku="S-40", adjustments=[cancelled]))
    assert (await cart_item(talon, "S-40")).prices == {"base": PriceDetail(price=100.0)}


async def test_audience_prices_are_for_members_only(talon: TalonClient) -> None:
    """A price type that is declared for audiences applies only to their members."""
    await sneakers(talon)
    member = NewPriceAdjustment(price_type="member", price=50.0, reference_id="r-1")
    await sync(talon, AddPriceAdjustmentCatalogAction(sku="S-40", adjustments=[member]))
    assert (await cart_item(talon, "S-40")).price == 100.0
    audience = await talon.audiences.create(NewAudience(name="Members"))
    changes = ProfileAudiencesChanges(adds=[audience.id], deletes=[])
    await talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2(audiences_changes=changes))
    assert (await cart_item(talon, "S-40")).price == 50.0


def adjusting(sku: str, *references: str) -> AddPriceAdjustmentCatalogAction:
    """An action that adds price adjustments to an item."""
    given = [
        NewPriceAdjustment(price_type="a", price=1.0, reference_id=reference) for reference in references
    ]
    return AddPriceAdjustmentCatalogAction(sku=sku, adjustments=given)


@pytest.mark.parametrize(
    ("payloads", "pointer"),
    [
        ([AddItemCatalogAction(sku="NEW"), AddItemCatalogAction(sku="S-40")], "/actions/1/payload/sku"),
        ([PatchItemCatalogAction(sku="NEW")], "/actions/0/payload/sku"),
        ([RemoveItemCatalogAction(sku="S-40"), RemoveItemCatalogAction(sku="NEW")], "/actions/1/payload/sku"),
        ([adjusting("NEW", "r-1")], "/actions/0/payload/sku"),
        (
            [adjusting("S-40", "r-1"), adjusting("S-45", "r-1")],
            "/actions/1/payload/adjustments/0/referenceId",
        ),
        ([adjusting("S-40", "r-0")], "/actions/0/payload/adjustments/0/referenceId"),
        (
            [
                RemoveManyItemsCatalogAction(
                    filters=[CatalogActionFilter(attr="size", op="GT", value="large")]
                )
            ],
            "/actions/0/payload/filters/0/value",
        ),
    ],
)
async def test_a_sync_is_atomic(
    talon: TalonClient, deployment: Deployment, payloads: list[CatalogActionPayload], pointer: str
) -> None:
    """One invalid action refuses the whole sync with its JSON pointer."""
    await sneakers(talon)
    await sync(talon, adjusting("S-46", "r-0"))
    with pytest.raises(BadRequestError) as refused:
        await sync(talon, *payloads)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    record = deployment.store.catalogs[1]
    assert (set(record.items), record.version) == ({"S-40", "S-45", "S-46"}, 3)
    assert not record.prices["S-40"].adjustments


@pytest.mark.parametrize(
    ("actions", "pointers"),
    [
        ([("ADD", {"sku": "A"}), ("ADD", {"sku": "A"})], ["/actions/1/payload/sku"]),
        ([("ADD", {"sku": "A"}), ("REMOVE", {"sku": "B"})], ["/actions"]),
        (
            [("REMOVE_MANY", {"filters": [{"attr": "a", "op": "LIKE", "value": 1}]})],
            ["/actions/0/payload/filters/0/op"],
        ),
        ([("RENAME", {"sku": "A"})], ["/actions/0/type", "/actions/0/payload"]),
    ],
)
async def test_invalid_actions_are_refused(
    http: httpx.AsyncClient, deployment: Deployment, actions: list[tuple[str, Any]], pointers: list[str]
) -> None:
    """Repeated SKUs, mixed action types, and unknown types and operators are refused."""
    body = {"actions": [{"type": kind, "payload": payload} for kind, payload in actions]}
    response = await http.put("/v1/catalogs/1/sync", json=body)
    assert response.status_code == 400
    assert [error["source"]["pointer"] for error in response.json()["errors"]] == pointers
    assert not deployment.store.catalogs
