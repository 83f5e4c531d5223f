"""Bundles: as many as the cart holds, complete ones only, with their discount divided pro rata."""

from typing import Any

import pytest

from talon_async import (
    CartItem,
    NewCustomerSessionV2,
    ReturnedCartItem,
    TalonClient,
)
from talon_async import SetDiscountPerItemEffectProps as PerItem
from talon_async.models import RollbackDiscountEffectProps
from talon_async.sandbox import Deployment, bundle
from tests.sandbox.support import props, types


@pytest.fixture(autouse=True)
def ride(deployment: Deployment) -> None:
    """A bundle of a bike of 500 and two helmets of 50 each, for 50 less."""
    deployment.add_campaign(bundle("Ride", ["BIKE", "HELMET", "HELMET"], 550.0))


def cart(bikes: int, helmets: int, **fields: Any) -> NewCustomerSessionV2:
    """A cart with bikes at position 0 and helmets at position 1."""
    items = [
        CartItem(name="Bike", sku="BIKE", quantity=bikes, price=500.0),
        CartItem(name="Helmet", sku="HELMET", quantity=helmets, price=50.0),
    ]
    return NewCustomerSessionV2(cart_items=items, **fields)


async def discounts(
    talon: TalonClient, session: NewCustomerSessionV2
) -> list[tuple[int | None, float, float | None, float]]:
    """Bundle, position, unit and value of each discount."""
    effects = (await talon.sessions.update("cart-1", session)).effects
    assert set(types(effects)) <= {"setDiscountPerItem"}
    return [
        (found.bundle_index, found.position, found.sub_position, found.value)
        for found in props(effects)
        if isinstance(found, PerItem)
    ]


async def test_a_bundle_discounts_its_units_pro_rata(talon: TalonClient) -> None:
    """Each unit gets its share by price; the shares add up to the discount, and each names the bundle."""
    found = props((await talon.sessions.update("cart-1", cart(1, 2))).effects)
    assert [entry.value for entry in found if isinstance(entry, PerItem)] == [41.666667, 4.166667, 4.166666]
    assert found[0] == PerItem(
        name="Ride#0",
        value=41.666667,
        position=0.0,
        sub_position=0.0,
        total_discount=50.0,
        bundle_index=0,
        bundle_name="Ride",
    )


async def test_a_cart_has_as_many_bundles_as_it_holds(talon: TalonClient) -> None:
    """Bundles are numbered from 0 and share no unit; units that are left over get nothing."""
    assert await discounts(talon, cart(3, 5)) == [
        (0, 0.0, 0.0, 41.666667),
        (0, 1.0, 0.0, 4.166667),
        (0, 1.0, 1.0, 4.166666),
        (1, 0.0, 1.0, 41.666667),
        (1, 1.0, 2.0, 4.166667),
        (1, 1.0, 3.0, 4.166666),
    ]


@pytest.mark.parametrize(("bikes", "helmets"), [(1, 1), (9, 1)])
async def test_an_incomplete_bundle_gets_nothing(talon: TalonClient, bikes: int, helmets: int) -> None:
    """A bundle that lacks a unit, even one of several equal ones, has no discount."""
    assert await discounts(talon, cart(bikes, helmets)) == []


async def test_units_of_a_bundle_can_be_in_several_items(talon: TalonClient) -> None:
    """Equal SKUs at different positions and prices make one bundle, and the total counts, not the item."""
    items = [
        CartItem(name="Helmet", sku="HELMET", quantity=1, price=100.0),
        CartItem(name="Bike", sku="BIKE", quantity=1, price=400.0),
        CartItem(name="Lock", sku="LOCK", quantity=1, price=30.0),
        CartItem(name="Helmet", sku="HELMET", quantity=1, price=100.0),
    ]
    found = await discounts(talon, NewCustomerSessionV2(cart_items=items))
    assert sorted(found) == [
        (0, 0.0, 0.0, 8.333333),
        (0, 1.0, 0.0, 33.333333),
        (0, 3.0, 0.0, 8.333334),
    ]


async def test_a_cheap_bundle_keeps_its_cost(talon: TalonClient, deployment: Deployment) -> None:
    """No discount is negative, and free units get no share."""
    deployment.add_campaign(bundle("Gift", ["LOCK", "STICKER"], 20.0))
    items = [
        CartItem(name="Lock", sku="LOCK", quantity=1, price=30.0),
        CartItem(name="Lock", sku="LOCK", quantity=1, price=15.0),
        CartItem(name="Sticker", sku="STICKER", quantity=2, price=0.0),
    ]
    assert await discounts(talon, NewCustomerSessionV2(cart_items=items)) == [(0, 0.0, 0.0, 10.0)]


async def test_a_returned_unit_loses_its_share(talon: TalonClient) -> None:
    """A return rolls back the share of the returned unit."""
    await talon.sessions.update("cart-1", cart(1, 2, state="closed"))
    state = await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0, quantity=1)])
    (rolled_back,) = props(state.effects)
    assert isinstance(rolled_back, RollbackDiscountEffectProps)
    assert rolled_back.value == 41.666667


def test_a_bundle_has_units() -> None:
    """A bundle without SKUs would be in every cart without end."""
    with pytest.raises(ValueError, match="skus: expected at least 1"):
        bundle("Nothing", [], 1.0)
