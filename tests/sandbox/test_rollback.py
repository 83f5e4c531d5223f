"""Rollback: the effects of cancelling and reopening a session."""

import pytest

from talon_async import (
    AcceptReferralEffectProps,
    AddFreeItemEffectProps,
    BadRequestError,
    DeductLoyaltyPointsEffectProps,
    IncreaseAchievementProgressEffectProps,
    NewCustomerSessionV2,
    ReturnedCartItem,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackCouponEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
    RollbackDiscountEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    TalonClient,
)
from talon_async.sandbox import Deployment
from tests.sandbox.support import (
    close_order,
    granting,
    points_of,
    profile_of,
    props,
    session_of,
    shoes_and_socks,
    types,
)

ROLLBACKS = ["rollbackCoupon", "rollbackDiscount", "rollbackAddedLoyaltyPoints"]


async def test_cancelling_rolls_back_all_effects(talon: TalonClient, deployment: Deployment) -> None:
    """Cancelling an order rolls back coupon, discount and points, in the response and the store."""
    await close_order(talon)
    response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert types(response.effects) == ROLLBACKS
    coupon, discount, earned = props(response.effects)
    assert coupon == RollbackCouponEffectProps(value="WELCOME10")
    assert discount == RollbackDiscountEffectProps(name="10% off with WELCOME10", value=10.0)
    assert isinstance(earned, RollbackAddedLoyaltyPointsEffectProps)
    assert (earned.value, earned.recipient_integration_id) == (100.0, "customer-7")
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 0
    assert points_of(deployment) == 0.0
    assert (await talon.sessions.get("cart-1")).effects == []


async def test_cancelling_an_open_session_changes_no_counts(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Effects of an open session are rolled back in the response. No counts change."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert types(response.effects) == ["rollbackCoupon", "rollbackDiscount"]
    assert not any(deployment.coupons["WELCOME10"].redemptions.values())
    assert profile_of(deployment).closed_sessions == 0


async def test_reopening_rolls_back_all_effects(talon: TalonClient, deployment: Deployment) -> None:
    """A reopened order is an open session without redemptions, which can be closed again."""
    await close_order(talon)
    reopened = await talon.sessions.reopen("cart-1")
    assert types(reopened.effects) == ROLLBACKS
    assert deployment.events[-1].type == "talon_session_reopened"
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 0
    assert (points_of(deployment), profile_of(deployment).closed_sessions) == (0.0, 0)
    assert profile_of(deployment).total_sales == 0.0
    read = await talon.sessions.get("cart-1")
    assert (session_of(read).state, read.effects) == ("open", [])
    response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert types(response.effects) == ["acceptCoupon", "setDiscount", "addLoyaltyPoints"]
    assert (points_of(deployment), profile_of(deployment).closed_sessions) == (100.0, 1)


@pytest.mark.parametrize("state", ["open", "cancelled", "partially_returned"])
async def test_only_closed_sessions_are_reopened(talon: TalonClient, state: str) -> None:
    """Reopening a session in any other state is refused, and the message has the state."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    if state == "cancelled":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    if state == "partially_returned":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
        await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    with pytest.raises(BadRequestError, match=f"that is {state} cannot be reopened"):
        await talon.sessions.reopen("cart-1")


async def test_free_items_are_not_rolled_back(talon: TalonClient, deployment: Deployment) -> None:
    """Referrals, spent points, additional costs and achievements are rolled back, free items are not."""
    deployment.add_campaign(
        granting(
            AcceptReferralEffectProps(value="FRIEND"),
            AddFreeItemEffectProps(sku="GIFT", name="a gift"),
            SetDiscountPerAdditionalCostEffectProps(
                name="free shipping", additional_cost_id=3, additional_cost="shipping", value=5.0
            ),
            SetDiscountPerAdditionalCostPerItemEffectProps(
                name="wrap", additional_cost_id=4, additional_cost="wrap", value=1.0, position=1
            ),
            DeductLoyaltyPointsEffectProps(
                rule_title="spend",
                program_id=1,
                sub_ledger_id="",
                value=40.0,
                transaction_uuid="spent",
                name="s",
            ),
            IncreaseAchievementProgressEffectProps(
                achievement_id=1,
                achievement_name="orders",
                progress_tracker_id=9,
                delta=1.0,
                value=3.0,
                target=5.0,
                is_just_completed=False,
            ),
        )
    )
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed", referral_code="FRIEND"))
    assert points_of(deployment) == 60.0
    response = await talon.sessions.reopen("cart-1")
    assert types(response.effects) == [
        "rollbackAddedLoyaltyPoints",
        "rollbackReferral",
        "rollbackDiscount",
        "rollbackDiscount",
        "rollbackDeductedLoyaltyPoints",
        "rollbackIncreasedAchievementProgress",
    ]
    undone = props(response.effects)
    assert (
        RollbackDiscountEffectProps(
            name="free shipping", value=5.0, additional_cost_id=3, additional_cost="shipping"
        )
        in undone
    )
    assert (
        RollbackDeductedLoyaltyPointsEffectProps(
            program_id=1,
            sub_ledger_id="",
            value=40.0,
            recipient_integration_id="customer-7",
            transaction_uuid="spent",
        )
        in undone
    )
    assert (
        RollbackIncreasedAchievementProgressEffectProps(
            achievement_id=1,
            achievement_name="orders",
            progress_tracker_id=9,
            decrease_progress_by=1.0,
            current_progress=2.0,
            target=5.0,
        )
        in undone
    )
    assert points_of(deployment) == 0.0
    assert types((await talon.sessions.get("cart-1")).effects) == ["addFreeItem"]
