"""Promotions that are ready to use: what each of them grants."""

from typing import Any, Final

import attrs
import pytest

from talon_async import (
    AdditionalCost,
    CartItem,
    NewCustomerSessionV2,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerItemEffectProps,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import (
    Campaign,
    Deployment,
    EvaluationContext,
    GiveawayPool,
    buy_x_get_y,
    fixed_coupon,
    free_item,
    free_shipping,
    giveaway,
    notification,
    percentage_on_items,
    points_per_unit,
    tier_upgrade,
)
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import props, types

CART: Final = NewCustomerSessionV2(
    profile_id="customer-7",
    cart_items=[
        CartItem(sku="SHOES", category="Footwear", quantity=1, price=60.0),
        CartItem(sku="SOCKS", category="Footwear", quantity=3, price=10.0),
        CartItem(sku="HAT", category="Hats", quantity=1, price=10.0),
    ],
    additional_costs={"shipping": AdditionalCost(price=4.9)},
    coupon_codes=["CODE"],
)
POOL: Final = GiveawayPool(id=1, name="gift cards", codes=("GIFT-1",))


async def granted(talon: TalonClient, deployment: Deployment, campaign: Campaign) -> list[Any]:
    """The properties of all effects of a campaign for the cart."""
    number = deployment.add_campaign(campaign).id
    state = await talon.sessions.update("cart-1", CART)
    return props(effect for effect in state.effects if effect.campaign_id == number)


def per_item(found: list[Any]) -> list[tuple[float, float | None, float]]:
    """Position, unit and value of discounts on units."""
    return [
        (entry.position, entry.sub_position, entry.value)
        for entry in found
        if isinstance(entry, SetDiscountPerItemEffectProps)
    ]


async def test_an_amount_off_for_a_coupon(talon: TalonClient, deployment: Deployment) -> None:
    """A fixed discount never exceeds what the items cost."""
    found = await granted(talon, deployment, fixed_coupon("CODE", 1000.0))
    assert found[1] == SetDiscountEffectProps(name="1000 off with CODE", value=100.0)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"sku": "SHOES"}, [(0, 0, 6.0)]),
        ({"category": "Hats"}, [(2, 0, 1.0)]),
        ({"sku": "SOCKS", "coupon": "CODE"}, [(1, 0, 1.0), (1, 1, 1.0), (1, 2, 1.0)]),
    ],
)
async def test_a_percentage_off_items(
    talon: TalonClient, deployment: Deployment, chosen: dict[str, str], expected: list[Any]
) -> None:
    """Each unit of the items that are meant gets its own effect; a coupon may be asked for."""
    found = await granted(talon, deployment, percentage_on_items(10, **chosen))
    assert per_item(found) == expected
    assert len(found) == len(expected) + ("coupon" in chosen)


async def test_buy_two_get_one(talon: TalonClient, deployment: Deployment) -> None:
    """The third unit is free, the fourth would not be."""
    assert per_item(await granted(talon, deployment, buy_x_get_y("SOCKS", 2))) == [(1, 2, 10.0)]


async def test_shipping_is_free_from_a_total_on(talon: TalonClient, deployment: Deployment) -> None:
    """The additional cost is taken off whole, or not at all."""
    (found,) = await granted(talon, deployment, free_shipping(100.0))
    assert isinstance(found, SetDiscountPerAdditionalCostEffectProps)
    assert (found.additional_cost, found.value) == ("shipping", 4.9)
    assert await granted(talon, deployment, free_shipping(100.01)) == []


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        (free_item("CAP", "Cap", minimum_total=100.0), "addFreeItem"),
        (notification("Hello", "Welcome back", minimum_total=100.0), "showNotification"),
    ],
)
async def test_from_a_total_on(
    talon: TalonClient, deployment: Deployment, campaign: Campaign, expected: str
) -> None:
    """Free items and notifications come from a total of cart items on, and not below it."""
    deployment.add_campaign(campaign)
    small = attrs.evolve(CART, cart_items=(CART.cart_items or [])[:1])
    assert expected in types((await talon.sessions.update("cart-1", CART)).effects)
    assert expected not in types((await talon.sessions.update("cart-2", small)).effects)


async def test_giveaways_points_and_tiers() -> None:
    """A closed session gives a code and points; with enough of them the customer is told of the tier."""
    campaigns = [giveaway(POOL), points_per_unit(2), tier_upgrade("Gold", 200.0)]
    deployment = checked_deployment(campaigns=campaigns, giveaway_pools=[POOL])
    talon = in_process(deployment)
    opened = await talon.sessions.update("cart-1", CART)
    assert types(opened.effects) == ["willAwardGiveaway", "rejectCoupon"]
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert types(closed.effects)[:2] == ["awardGiveaway", "addLoyaltyPoints"]
    later = await talon.sessions.update("cart-2", CART)
    assert "changeLoyaltyTierLevel" in types(later.effects)


async def test_a_tier_can_hang_on_a_subledger(talon: TalonClient, deployment: Deployment) -> None:
    """A rule reads the points of a subledger by its name; those of the main ledger do not count there."""
    seen: list[float] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen[:] = [context.points(1), context.points(1, "vip")]
        return []

    deployment.add_campaign(Campaign(name="looks", rule=rule))
    deployment.add_points("customer-7", 3.0, sub_ledger_id="vip")
    deployment.add_points("customer-7", 5.0)
    await talon.sessions.update("cart-1", CART)
    assert seen == [5.0, 3.0]


def in_process(deployment: Deployment) -> TalonClient:
    """A client of a deployment, without a socket."""
    from talon_async._transport.in_process import InProcessTransport
    from talon_async.sandbox import create_app

    transport = InProcessTransport(create_app(deployment))
    return TalonClient("http://localhost", api_key=deployment.api_key, strict=True, transport=transport)
