"""Undoing: what a cancelled, reopened or partly returned session takes back."""

from typing import Any

import pytest

from talon_async import (
    AcceptReferralEffectProps,
    AddFreeItemEffectProps,
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    CartItem,
    DeductLoyaltyPointsEffectProps,
    IncreaseAchievementProgressEffectProps,
    NewCustomerSessionV2,
    ReturnedCartItem,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackCouponEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
    RollbackDiscountEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Deployment, Occasion, points_per_unit
from tests.sandbox.support import granting, profile_of, props, session_of, shoes_and_socks, types

ROLLBACKS = ["rollbackCoupon", "rollbackDiscount", "rollbackAddedLoyaltyPoints"]


def points(deployment: Deployment) -> float:
    """The points that the customer can spend."""
    balance = deployment.points.balance("customer-7", deployment.clock.now())
    return balance.active + balance.negative


async def closed_order(talon: TalonClient) -> None:
    """Place an order of 100 with 10 % off and 100 points."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))


async def test_cancelling_takes_all_back(talon: TalonClient, deployment: Deployment) -> None:
    """A cancelled order frees its coupon and loses discount and points, here as in what is stored."""
    await closed_order(talon)
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert types(answer.effects) == ROLLBACKS
    coupon, discount, earned = props(answer.effects)
    assert coupon == RollbackCouponEffectProps(value="WELCOME10")
    assert discount == RollbackDiscountEffectProps(name="10% off with WELCOME10", value=10.0)
    assert isinstance(earned, RollbackAddedLoyaltyPointsEffectProps)
    assert (earned.value, earned.recipient_integration_id) == (100.0, "customer-7")
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 0
    assert points(deployment) == 0.0
    assert (await talon.sessions.get("cart-1")).effects == []


async def test_cancelling_an_open_session_undoes_its_effects_alone(
    talon: TalonClient, deployment: Deployment
) -> None:
    """What took no hold yet is told as rolled back, and no count moves."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert types(answer.effects) == ["rollbackCoupon", "rollbackDiscount"]
    assert not any(deployment.coupons["WELCOME10"].redemptions.values())
    assert profile_of(deployment).closed_sessions == 0


async def test_reopening_takes_all_back_and_lets_the_session_change(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A reopened order is an open session: nothing redeemed, nothing counted, and ready to be closed anew."""
    await closed_order(talon)
    reopened = await talon.sessions.reopen("cart-1")
    assert types(reopened.effects) == ROLLBACKS
    assert deployment.events[-1].type == "talon_session_reopened"
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 0
    assert (points(deployment), profile_of(deployment).closed_sessions) == (0.0, 0)
    assert profile_of(deployment).total_sales == 0.0
    read = await talon.sessions.get("cart-1")
    assert (session_of(read).state, read.effects) == ("open", [])
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert types(answer.effects) == ["acceptCoupon", "setDiscount", "addLoyaltyPoints"]
    assert (points(deployment), profile_of(deployment).closed_sessions) == (100.0, 1)


@pytest.mark.parametrize("state", ["open", "cancelled", "partially_returned"])
async def test_only_closed_sessions_are_reopened(talon: TalonClient, state: str) -> None:
    """A session in any other state is refused, and the message says which."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    if state == "cancelled":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    if state == "partially_returned":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
        await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    with pytest.raises(BadRequestError, match=f"that is {state} cannot be reopened"):
        await talon.sessions.reopen("cart-1")


async def test_free_items_stay_and_the_rest_goes(talon: TalonClient, deployment: Deployment) -> None:
    """Referrals, spent points, additional costs and achievements are undone; free items are not."""
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
    assert points(deployment) == 60.0
    answer = await talon.sessions.reopen("cart-1")
    assert types(answer.effects) == [
        "rollbackAddedLoyaltyPoints",
        "rollbackReferral",
        "rollbackDiscount",
        "rollbackDiscount",
        "rollbackDeductedLoyaltyPoints",
        "rollbackIncreasedAchievementProgress",
    ]
    undone = props(answer.effects)
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
    assert points(deployment) == 0.0
    assert types((await talon.sessions.get("cart-1")).effects) == ["addFreeItem"]


async def test_a_return_takes_its_share_back(talon: TalonClient, deployment: Deployment) -> None:
    """One of two socks, 20 of 100, takes a fifth of discount and points along, and no coupon."""
    await closed_order(talon)
    answer = await talon.sessions.return_items(
        "cart-1",
        [ReturnedCartItem(position=1, quantity=1)],
        response_content=["customerSession", "customerProfile", "event", "loyalty", "coupons"],
    )
    discount, earned = props(answer.effects)
    assert discount == RollbackDiscountEffectProps(name="10% off with WELCOME10", value=2.0)
    assert isinstance(earned, RollbackAddedLoyaltyPointsEffectProps)
    assert earned.value == 20.0
    session = session_of(answer)
    assert (session.state, session.total) == ("partially_returned", 100.0)
    shoes, socks = session.cart_items
    assert (shoes.returned_quantity, shoes.remaining_quantity) == (0, 1)
    assert (socks.returned_quantity, socks.remaining_quantity, socks.quantity) == (1, 1, 2)
    assert answer.event
    assert answer.event.type == "talon_session_partially_returned"
    assert answer.customer_profile
    assert (answer.customer_profile.closed_sessions, answer.customer_profile.total_sales) == (1, 80.0)
    assert points(deployment) == 80.0
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 1


async def test_what_a_return_leaves_is_what_holds(talon: TalonClient) -> None:
    """Reading the session shows the effects with what is left of them."""
    await closed_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=1, quantity=1)])
    accepted, discount, earned = props((await talon.sessions.get("cart-1")).effects)
    assert accepted
    assert isinstance(discount, SetDiscountEffectProps)
    assert isinstance(earned, AddLoyaltyPointsEffectProps)
    assert (discount.value, earned.value) == (8.0, 80.0)


async def test_returning_bit_by_bit_takes_exactly_all_back(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Returns add up: after the last unit, no discount and no point is left, and none is missing."""
    thirds = [CartItem(sku="A", quantity=3, price=33.33), CartItem(sku="B", quantity=1, price=0.01)]
    await talon.sessions.update(
        "cart-1", shoes_and_socks(cart_items=thirds, coupon_codes=["WELCOME10"], state="closed")
    )
    taken = 0.0
    for sku in ("A", "A", "B", "A"):
        answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku=sku, quantity=1)])
        taken += sum(p.value for p in props(answer.effects) if isinstance(p, RollbackDiscountEffectProps))
    assert taken == pytest.approx(10.0)
    assert points(deployment) == 0.0
    assert profile_of(deployment).total_sales == 0.0
    assert types((await talon.sessions.get("cart-1")).effects) == ["acceptCoupon"]


async def test_cancelling_after_a_return_takes_the_rest_back(
    talon: TalonClient, deployment: Deployment
) -> None:
    """What a return took back is not taken back again."""
    await closed_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    answer = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="cancelled"), response_content=["event", "previousReturns"]
    )
    assert RollbackDiscountEffectProps(name="10% off with WELCOME10", value=4.0) in props(answer.effects)
    assert answer.event
    assert answer.event.type == "talon_session_revoked"
    assert answer.previous_returns
    assert (points(deployment), profile_of(deployment).total_sales) == (0.0, 0.0)
    assert profile_of(deployment).closed_sessions == 0


async def test_what_was_granted_for_an_item_goes_with_its_units(
    talon: TalonClient, deployment: Deployment
) -> None:
    """The first unit returned is the first unit bought; other items keep what was granted for them."""

    def per_unit(occasion: Occasion) -> list[EffectProps]:
        items = occasion.session.cart_items if occasion.session else []
        return [
            SetDiscountPerItemEffectProps(name=f"5 off#{p}", value=5.0, position=p, sub_position=unit)
            for p, item in enumerate(items)
            for unit in range(item.quantity)
        ]

    deployment.add_campaign(Campaign(name="5 off each", rule=per_unit))
    deployment.add_campaign(
        granting(
            SetDiscountPerItemEffectProps(name="line", value=8.0, position=1),
            AddLoyaltyPointsEffectProps(
                name="item points",
                program_id=1,
                sub_ledger_id="items",
                value=6.0,
                recipient_integration_id="customer-7",
                transaction_uuid="item",
                cart_item_position=1,
            ),
        )
    )
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    first = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="SOCKS", quantity=1)])
    discounts = [p for p in props(first.effects) if isinstance(p, RollbackDiscountEffectProps)]
    assert [(d.name, d.value, d.cart_item_position, d.cart_item_sub_position) for d in discounts] == [
        ("5 off#1", 5.0, 1, 0),
        ("line", 4.0, 1, None),
    ]
    second = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="SOCKS", quantity=1)])
    discounts = [p for p in props(second.effects) if isinstance(p, RollbackDiscountEffectProps)]
    assert [(d.name, d.value, d.cart_item_sub_position) for d in discounts] == [
        ("5 off#1", 5.0, 1),
        ("line", 4.0, None),
    ]
    now = deployment.clock.now()
    assert deployment.points.balance("customer-7", now, sub_ledger_id="items").active == 0.0


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        ([ReturnedCartItem(position=0)], [(0, 1)]),
        ([ReturnedCartItem(position=1)], [(1, 2)]),
        ([ReturnedCartItem(sku="SOCKS")], [(1, 2)]),
        ([ReturnedCartItem(sku="SOCKS", position=1, quantity=1)], [(1, 1)]),
        ([ReturnedCartItem(position=1, quantity=1), ReturnedCartItem(sku="SOCKS")], [(1, 2)]),
        ([ReturnedCartItem(sku="SOCKS", quantity=1), ReturnedCartItem(sku="SHOES")], [(1, 1), (0, 1)]),
    ],
)
async def test_items_are_named_by_position_or_sku(
    talon: TalonClient, returned: list[ReturnedCartItem], expected: list[tuple[int, int]]
) -> None:
    """Without a quantity, all units left are meant; the return tells what was understood."""
    await closed_order(talon)
    answer = await talon.sessions.return_items("cart-1", returned)
    assert answer.return_
    items = answer.return_.returned_cart_items
    assert [(item.position, item.quantity) for item in items] == expected
    assert answer.return_.session_integration_id == "cart-1"


@pytest.mark.parametrize(
    ("returned", "pointer"),
    [
        ([], "/return/returnedCartItems"),
        ([ReturnedCartItem()], "/return/returnedCartItems/0"),
        ([ReturnedCartItem(position=2)], "/return/returnedCartItems/0/position"),
        ([ReturnedCartItem(position=-1)], "/return/returnedCartItems/0/position"),
        ([ReturnedCartItem(position=0, sku="SOCKS")], "/return/returnedCartItems/0/sku"),
        ([ReturnedCartItem(sku="HAT")], "/return/returnedCartItems/0/sku"),
        ([ReturnedCartItem(position=1, quantity=3)], "/return/returnedCartItems/0/quantity"),
        ([ReturnedCartItem(position=1, quantity=0)], "/return/returnedCartItems/0/quantity"),
        ([ReturnedCartItem(sku="SHOES")] * 2, "/return/returnedCartItems/1/quantity"),
    ],
)  # fmt: skip
async def test_returns_of_what_is_not_there_are_refused(
    talon: TalonClient, deployment: Deployment, returned: list[ReturnedCartItem], pointer: str
) -> None:
    """A return that names no item, another one or too many units is refused, with its place."""
    await closed_order(talon)
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.return_items("cart-1", returned)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert deployment.sessions["cart-1"].session.state == "closed"


@pytest.mark.parametrize("state", ["open", "cancelled"])
async def test_only_closed_sessions_have_returns(talon: TalonClient, state: str) -> None:
    """Nothing can be returned of an open or cancelled session."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    if state == "cancelled":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    with pytest.raises(BadRequestError, match=f"a session that is {state}"):
        await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])


async def test_a_dry_return_changes_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry return tells its effects and leaves session, points and profile alone."""
    await closed_order(talon)
    answer = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], dry=True, response_content=["customerSession"]
    )
    assert types(answer.effects) == ["rollbackDiscount", "rollbackAddedLoyaltyPoints"]
    assert session_of(answer).state == "partially_returned"
    assert session_of(await talon.sessions.get("cart-1")).state == "closed"
    assert (points(deployment), profile_of(deployment).total_sales) == (100.0, 100.0)
    assert deployment.sessions["cart-1"].returns == []


async def test_earlier_returns_can_be_asked_for(talon: TalonClient) -> None:
    """`previousReturns` has what was returned before this call."""
    await closed_order(talon)
    content: list[Any] = ["previousReturns"]
    first = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], response_content=content
    )
    second = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=1)], response_content=content
    )
    assert first.previous_returns == []
    assert second.previous_returns == [first.return_]


async def test_campaigns_can_run_again_on_a_return(talon: TalonClient, deployment: Deployment) -> None:
    """A campaign that asks for it is evaluated on what is left: old effects go whole, new ones come."""

    def tiered(occasion: Occasion) -> list[EffectProps]:
        total = occasion.session.cart_item_total if occasion.session else 0.0
        return [SetDiscountEffectProps(name="tier", value=25.0 if total >= 100 else 5.0)]

    deployment.add_campaign(Campaign(name="tiers", rule=tiered, reevaluate_on_return=True))
    await closed_order(talon)
    answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=1)], run_rule_engine=True)
    tiers = [effect for effect in answer.effects if effect.rule_name == "tiers"]
    assert props(tiers) == [
        RollbackDiscountEffectProps(name="tier", value=25.0),
        SetDiscountEffectProps(name="tier", value=5.0),
    ]
    others = [effect for effect in answer.effects if effect.rule_name != "tiers"]
    assert types(others) == ["rollbackDiscount", "rollbackAddedLoyaltyPoints"]
    held = (await talon.sessions.get("cart-1")).effects or []
    assert SetDiscountEffectProps(name="tier", value=5.0) in props(held)
    assert SetDiscountEffectProps(name="tier", value=25.0) not in props(held)


async def test_points_earned_again_after_a_return_are_booked(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A points campaign that runs again leaves the balance that the rest of the order earns."""
    again = points_per_unit(program_id=2)
    deployment.add_campaign(Campaign(name="again", rule=again.rule, reevaluate_on_return=True))
    await closed_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    now = deployment.clock.now()
    assert deployment.points.balance("customer-7", now, program_id=2).active == 40.0
