"""The state of a customer's coupons in the inventory: pending, active, expired or used."""

from datetime import timedelta

import pytest

from talon_async import AcceptCouponEffectProps, CartItem, NewCustomerSessionV2, TalonClient
from talon_async.sandbox import Campaign, CouponTerms, Deployment


async def state_of(talon: TalonClient) -> str | None:
    """The state of the only coupon in the inventory of customer-7."""
    inventory = await talon.profiles.inventory("customer-7", coupons=True)
    assert inventory.coupons is not None
    (coupon,) = inventory.coupons
    return coupon.state


async def test_a_coupon_follows_its_dates(talon: TalonClient, deployment: Deployment) -> None:
    """A reserved coupon is pending before its start date, then active, then expired."""
    now = deployment.clock.now()
    terms = CouponTerms("MAY-26", start_date=now + timedelta(days=1), expiry_date=now + timedelta(days=3))
    deployment.add_campaign(Campaign(name="may", rule=lambda _: [], coupons=(terms,)))
    await talon.coupons.reserve("MAY-26", ["customer-7"])
    states: list[str | None] = []
    for _ in range(3):
        states.append(await state_of(talon))
        deployment.clock.advance(days=1.5)
    assert states == ["pending", "active", "expired"]


async def test_a_coupon_at_its_limit_is_used(talon: TalonClient, deployment: Deployment) -> None:
    """A coupon that reached its usage limit is used."""
    terms = CouponTerms("ONCE", usage_limit=1)
    deployment.add_campaign(
        Campaign(name="once", rule=lambda _: [AcceptCouponEffectProps(value="ONCE")], coupons=(terms,))
    )
    session = NewCustomerSessionV2(
        profile_id="customer-7",
        cart_items=[CartItem(name="Shoes", sku="SHOES", quantity=1, price=60.0)],
        coupon_codes=["ONCE"],
        state="closed",
    )
    await talon.sessions.update("cart-1", session)
    assert await state_of(talon) == "used"


def test_the_clock_does_not_go_back(deployment: Deployment) -> None:
    """Moving the clock back raises `ValueError`, and the time stays the same."""
    before = deployment.clock.now()
    with pytest.raises(ValueError, match="expected to advance the clock"):
        deployment.clock.advance(hours=-1)
    assert deployment.clock.now() == before
