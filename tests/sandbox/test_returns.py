"""Returns: what comes back with the items, which items are meant, and what may run again."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from talon_async import (
    AdditionalCost,
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    CartItem,
    NewCustomerSessionV2,
    ReturnedCartItem,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDiscountEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import (
    Campaign,
    CouponTerms,
    Deployment,
    EvaluationContext,
    percentage_coupon,
    percentage_on_items,
    points_per_unit,
)
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


async def test_a_return_takes_its_share_back(talon: TalonClient, deployment: Deployment) -> None:
    """One of two socks, 20 of 100, takes a fifth of discount and points along, and no coupon."""
    await close_order(talon)
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
    assert points_of(deployment) == 80.0
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 1


async def test_what_a_return_leaves_is_what_holds(talon: TalonClient) -> None:
    """Reading the session shows the effects with what is left of them."""
    await close_order(talon)
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
    assert points_of(deployment) == 0.0
    assert profile_of(deployment).total_sales == 0.0
    assert types((await talon.sessions.get("cart-1")).effects) == ["acceptCoupon"]


async def test_cancelling_after_a_return_takes_the_rest_back(
    talon: TalonClient, deployment: Deployment
) -> None:
    """What a return took back is not taken back again."""
    await close_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    answer = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="cancelled"), response_content=["event", "previousReturns"]
    )
    assert RollbackDiscountEffectProps(name="10% off with WELCOME10", value=4.0) in props(answer.effects)
    assert answer.event
    assert answer.event.type == "talon_session_revoked"
    assert answer.previous_returns
    assert (points_of(deployment), profile_of(deployment).total_sales) == (0.0, 0.0)
    assert profile_of(deployment).closed_sessions == 0


async def test_what_was_granted_for_an_item_goes_with_its_units(
    talon: TalonClient, deployment: Deployment
) -> None:
    """The first unit returned is the first unit bought; other items keep what was granted for them."""

    def per_unit(context: EvaluationContext) -> list[EffectProps]:
        items = context.session.cart_items if context.session else []
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
    assert deployment.store.points.balance("customer-7", now, sub_ledger_id="items").active == 0.0


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
    await close_order(talon)
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
    await close_order(talon)
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
    await close_order(talon)
    answer = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], dry=True, response_content=["customerSession"]
    )
    assert types(answer.effects) == ["rollbackDiscount", "rollbackAddedLoyaltyPoints"]
    assert session_of(answer).state == "partially_returned"
    assert session_of(await talon.sessions.get("cart-1")).state == "closed"
    assert (points_of(deployment), profile_of(deployment).total_sales) == (100.0, 100.0)
    assert deployment.sessions["cart-1"].returns == []


async def test_earlier_returns_can_be_asked_for(talon: TalonClient) -> None:
    """`previousReturns` has what was returned before this call."""
    await close_order(talon)
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

    def tiered(context: EvaluationContext) -> list[EffectProps]:
        total = context.session.cart_item_total if context.session else 0.0
        return [SetDiscountEffectProps(name="tier", value=25.0 if total >= 100 else 5.0)]

    deployment.add_campaign(Campaign(name="tiers", rule=tiered, reevaluate_on_return=True))
    await close_order(talon)
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
    await close_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    now = deployment.clock.now()
    assert deployment.store.points.balance("customer-7", now, program_id=2).active == 40.0


async def test_a_coupon_campaign_that_runs_again_redeems_its_coupon_once(
    talon: TalonClient, deployment: Deployment
) -> None:
    """What a campaign grants anew and still holds, such as an accepted coupon, is not granted twice."""
    coupon = percentage_coupon("AGAIN", 10)
    deployment.add_campaign(attrs.evolve(coupon, reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    assert types(answer.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "setDiscount"]
    assert deployment.coupons["AGAIN"].redemptions["customer-7"] == 1


async def test_a_coupon_that_is_used_up_runs_again(talon: TalonClient, deployment: Deployment) -> None:
    """The session's own redemption and discount do not stand against it as a return evaluates it anew."""
    coupon = percentage_coupon("AGAIN", 10)
    terms = (CouponTerms("AGAIN", usage_limit=1, profile_limit=1),)
    deployment.add_campaign(
        attrs.evolve(coupon, coupons=terms, budget=10.0, coupon_limit=1, reevaluate_on_return=True)
    )
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    assert types(answer.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "setDiscount"]
    use = deployment.store.campaign_use[3]
    assert (use.coupons, use.discount) == (1, 4.0)


async def test_a_campaign_that_is_over_does_not_run_again(talon: TalonClient, deployment: Deployment) -> None:
    """What it granted goes in proportion to what is returned, as if the return ran no rules."""
    end = deployment.clock.now() + timedelta(days=1)
    coupon = percentage_coupon("AGAIN", 10)
    deployment.add_campaign(attrs.evolve(coupon, end_date=end, reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    deployment.clock.advance(days=2)
    answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    assert types(answer.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount"]
    assert deployment.store.campaign_use[3].discount == 4.0


async def test_units_keep_their_numbers_as_rules_run_again(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Discounts on units that stay hold as they are, where items and units before them were returned."""
    deployment.add_campaign(attrs.evolve(percentage_on_items(10), reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    back = [ReturnedCartItem(position=0), ReturnedCartItem(position=1, quantity=1)]
    answer = await talon.sessions.return_items("cart-1", back, run_rule_engine=True)
    assert types(answer.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "rollbackDiscount"]
    held = props((await talon.sessions.get("cart-1")).effects)
    assert [
        (entry.position, entry.sub_position, entry.value)
        for entry in held
        if isinstance(entry, SetDiscountPerItemEffectProps)
    ] == [(1, 1, 2.0)]


async def test_costs_of_items_come_back_with_them(talon: TalonClient, deployment: Deployment) -> None:
    """Sales lose the additional costs of the returned units along with their prices."""
    item = CartItem(
        sku="A", quantity=2, price=10.0, additional_costs={"engraving": AdditionalCost(price=1.5)}
    )
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=[item], state="closed"))
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0, quantity=1)])
    assert profile_of(deployment).total_sales == 11.5


async def test_a_sku_on_two_lines_comes_back_from_the_first(talon: TalonClient) -> None:
    """Units named by SKU are taken line by line, and lines that lose none are not in the return."""
    lines = [CartItem(sku="A", quantity=2, price=1.0), CartItem(sku="A", quantity=2, price=1.0)]
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=lines, state="closed"))
    returned: list[list[tuple[Any, Any]]] = []
    for quantity in (1, 2):
        answer = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="A", quantity=quantity)])
        assert answer.return_
        items = answer.return_.returned_cart_items
        returned.append([(item.position, item.quantity) for item in items])
    assert returned == [[(0, 1)], [(0, 1), (1, 1)]]
