"""Presets: the effects that each preset campaign grants."""

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
    """The properties of a campaign's effects for the cart."""
    number = deployment.add_campaign(campaign).id
    state = await talon.sessions.update("cart-1", CART)
    return props(effect for effect in state.effects if effect.campaign_id == number)


def per_item(found: list[Any]) -> list[tuple[float, float | None, float]]:
    """Position, unit and value of discounts per unit."""
    return [
        (entry.position, entry.sub_position, entry.value)
        for entry in found
        if isinstance(entry, SetDiscountPerItemEffectProps)
    ]


async def test_fixed_coupon(talon: TalonClient, deployment: Deployment) -> None:
    """A fixed discount does not exceed the price of the items."""
    found = await granted(talon, deployment, fixed_coupon("CODE", 1000.0))
    assert found[1] == SetDiscountEffectProps(name="1000 off with CODE", value=100.0)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"sku": "SHOES"}, [(0, 0, 6.0)]),
        ({"category": "Hats"}, [(2, 0, 1.0)]),
        ({"sku": "SOCKS", "coupon": "CODE"}, [(1, 0, 1.0), (1, 1, 1.0), (1, 2, 1.0)]),
    ],
)
async def test_percentage_on_items(
    talon: TalonClient, deployment: Deployment, options: dict[str, str], expected: list[Any]
) -> None:
    """Each unit of the selected items gets its own effect, optionally for a coupon."""
    found = await granted(talon, deployment, percentage_on_items(10, **options))
    assert per_item(found) == expected
    assert len(found) == len(expected) + ("coupon" in options)


async def test_buy_x_get_y(talon: TalonClient, deployment: Deployment) -> None:
    """With two to buy, the third unit is free, and the fourth is not."""
    assert per_item(await granted(talon, deployment, buy_x_get_y("SOCKS", 2))) == [(1, 2, 10.0)]


async def test_free_shipping(talon: TalonClient, deployment: Deployment) -> None:
    """From the minimum total, the whole shipping cost is taken off."""
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
async def test_minimum_totals(
    talon: TalonClient, deployment: Deployment, campaign: Campaign, expected: str
) -> None:
    """Free items and notifications are granted from the minimum total."""
    deployment.add_campaign(campaign)
    small = attrs.evolve(CART, cart_items=(CART.cart_items or [])[:1])
    assert expected in types((await talon.sessions.update("cart-1", CART)).effects)
    assert expected not in types((await talon.sessions.update("cart-2", small)).effects)


async def test_giveaways_points_and_tiers() -> None:
    """A closed session awards a giveaway and points; enough points upgrade the tier."""
    campaigns = [giveaway(POOL), points_per_unit(2), tier_upgrade("Gold", 200.0)]
    deployment = checked_deployment(campaigns=campaigns, giveaway_pools=[POOL])
    talon = in_process(deployment)
    opened = await talon.sessions.update("cart-1", CART)
    assert types(opened.effects) == ["willAwardGiveaway", "rejectCoupon"]
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert types(closed.effects)[:2] == ["awardGiveaway", "addLoyaltyPoints"]
    later = await talon.sessions.update("cart-2", CART)
    assert "changeLoyaltyTierLevel" in types(later.effects)


async def test_a_rule_reads_points_per_subledger(talon: TalonClient, deployment: Deployment) -> None:
    """`context.points` returns the points of the main ledger, or of a subledger by its name."""
    seen: list[float] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen[:] = [context.points(1), context.points(1, "vip")]
        return []

    deployment.add_campaign(Campaign(name="records", rule=rule))
    deployment.add_points("customer-7", 3.0, sub_ledger_id="vip")
    deployment.add_points("customer-7", 5.0)
    await talon.sessions.update("cart-1", CART)
    assert seen == [5.0, 3.0]


def in_process(deployment: Deployment) -> TalonClient:
    """A client for a deployment in this process, without a socket."""
    from talon_async._transport.in_process import InProcessTransport
    from talon_async.sandbox import create_app

    transport = InProcessTransport(create_app(deployment))
    return TalonClient("http://localhost", api_key=deployment.api_key, strict=True, transport=transport)
