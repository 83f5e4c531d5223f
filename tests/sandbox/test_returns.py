"""Returns: rollbacks by share, how items are selected, and campaigns that run again."""

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


async def test_a_return_rolls_back_its_share(talon: TalonClient, deployment: Deployment) -> None:
    """Returning 20 of 100 rolls back a fifth of discount and points, and no coupon."""
    await close_order(talon)
    response = await talon.sessions.return_items(
        "cart-1",
        [ReturnedCartItem(position=1, quantity=1)],
        response_content=["customerSession", "customerProfile", "event", "loyalty", "coupons"],
    )
    discount, earned = props(response.effects)
    assert discount == RollbackDiscountEffectProps(name="10% off with WELCOME10", value=2.0)
    assert isinstance(earned, RollbackAddedLoyaltyPointsEffectProps)
    assert earned.value == 20.0
    session = session_of(response)
    assert (session.state, session.total) == ("partially_returned", 100.0)
    shoes, socks = session.cart_items
    assert (shoes.returned_quantity, shoes.remaining_quantity) == (0, 1)
    assert (socks.returned_quantity, socks.remaining_quantity, socks.quantity) == (1, 1, 2)
    assert response.event
    assert response.event.type == "talon_session_partially_returned"
    assert response.customer_profile
    assert (response.customer_profile.closed_sessions, response.customer_profile.total_sales) == (1, 80.0)
    assert points_of(deployment) == 80.0
    assert deployment.coupons["WELCOME10"].redemptions["customer-7"] == 1


async def test_a_session_has_the_remaining_effects(talon: TalonClient) -> None:
    """After a return, the session's effects have their remaining values."""
    await close_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=1, quantity=1)])
    accepted, discount, earned = props((await talon.sessions.get("cart-1")).effects)
    assert accepted
    assert isinstance(discount, SetDiscountEffectProps)
    assert isinstance(earned, AddLoyaltyPointsEffectProps)
    assert (discount.value, earned.value) == (8.0, 80.0)


async def test_returns_add_up_exactly(talon: TalonClient, deployment: Deployment) -> None:
    """After the last unit is returned, exactly the whole discount and all points are rolled back."""
    thirds = [CartItem(sku="A", quantity=3, price=33.33), CartItem(sku="B", quantity=1, price=0.01)]
    await talon.sessions.update(
        "cart-1", shoes_and_socks(cart_items=thirds, coupon_codes=["WELCOME10"], state="closed")
    )
    rolled_back = 0.0
    for sku in ("A", "A", "B", "A"):
        response = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku=sku, quantity=1)])
        rolled_back += sum(
            p.value for p in props(response.effects) if isinstance(p, RollbackDiscountEffectProps)
        )
    assert rolled_back == pytest.approx(10.0)
    assert points_of(deployment) == 0.0
    assert profile_of(deployment).total_sales == 0.0
    assert types((await talon.sessions.get("cart-1")).effects) == ["acceptCoupon"]


async def test_cancelling_after_a_return_rolls_back_the_rest(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Cancelling does not roll back again what a return already rolled back."""
    await close_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    response = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="cancelled"), response_content=["event", "previousReturns"]
    )
    assert RollbackDiscountEffectProps(name="10% off with WELCOME10", value=4.0) in props(response.effects)
    assert response.event
    assert response.event.type == "talon_session_revoked"
    assert response.previous_returns
    assert (points_of(deployment), profile_of(deployment).total_sales) == (0.0, 0.0)
    assert profile_of(deployment).closed_sessions == 0


async def test_item_effects_are_rolled_back_with_their_units(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Units are returned in order of purchase. Effects of other items stay."""

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
async def test_items_are_selected_by_position_or_sku(
    talon: TalonClient, returned: list[ReturnedCartItem], expected: list[tuple[int, int]]
) -> None:
    """Without a quantity, all remaining units are returned. The response lists the returned items."""
    await close_order(talon)
    response = await talon.sessions.return_items("cart-1", returned)
    assert response.return_
    items = response.return_.returned_cart_items
    assert [(item.position, item.quantity) for item in items] == expected
    assert response.return_.session_integration_id == "cart-1"


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
async def test_invalid_returns_are_refused(
    talon: TalonClient, deployment: Deployment, returned: list[ReturnedCartItem], pointer: str
) -> None:
    """A missing or unknown item, or too many units, is refused with its JSON pointer."""
    await close_order(talon)
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.return_items("cart-1", returned)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert deployment.sessions["cart-1"].session.state == "closed"


@pytest.mark.parametrize("state", ["open", "cancelled"])
async def test_only_closed_sessions_have_returns(talon: TalonClient, state: str) -> None:
    """Returns from open and cancelled sessions are refused."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    if state == "cancelled":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    with pytest.raises(BadRequestError, match=f"a session that is {state}"):
        await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])


async def test_a_dry_return_changes_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry return returns its effects and does not change session, points or profile."""
    await close_order(talon)
    response = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], dry=True, response_content=["customerSession"]
    )
    assert types(response.effects) == ["rollbackDiscount", "rollbackAddedLoyaltyPoints"]
    assert session_of(response).state == "partially_returned"
    assert session_of(await talon.sessions.get("cart-1")).state == "closed"
    assert (points_of(deployment), profile_of(deployment).total_sales) == (100.0, 100.0)
    assert deployment.sessions["cart-1"].returns == ()


async def test_previous_returns_can_be_requested(talon: TalonClient) -> None:
    """`previousReturns` has the returns before this one."""
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
    """With `reevaluate_on_return`, a return rolls back a campaign's effects and evaluates it again."""

    def tiered(context: EvaluationContext) -> list[EffectProps]:
        total = context.session.cart_item_total if context.session else 0.0
        return [SetDiscountEffectProps(name="tier", value=25.0 if total >= 100 else 5.0)]

    deployment.add_campaign(Campaign(name="tiers", rule=tiered, reevaluate_on_return=True))
    await close_order(talon)
    response = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=1)], run_rule_engine=True
    )
    tiers = [effect for effect in response.effects if effect.rule_name == "tiers"]
    assert props(tiers) == [
        RollbackDiscountEffectProps(name="tier", value=25.0),
        SetDiscountEffectProps(name="tier", value=5.0),
    ]
    others = [effect for effect in response.effects if effect.rule_name != "tiers"]
    assert types(others) == ["rollbackDiscount", "rollbackAddedLoyaltyPoints"]
    remaining = (await talon.sessions.get("cart-1")).effects or []
    assert SetDiscountEffectProps(name="tier", value=5.0) in props(remaining)
    assert SetDiscountEffectProps(name="tier", value=25.0) not in props(remaining)


async def test_a_reevaluated_campaign_adds_points_for_the_rest(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A points campaign that runs again leaves the points of the remaining items."""
    again = points_per_unit(program_id=2)
    deployment.add_campaign(Campaign(name="again", rule=again.rule, reevaluate_on_return=True))
    await close_order(talon)
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True)
    now = deployment.clock.now()
    assert deployment.store.points.balance("customer-7", now, program_id=2).active == 40.0


async def test_a_reevaluated_coupon_is_redeemed_once(talon: TalonClient, deployment: Deployment) -> None:
    """A campaign that runs again does not accept its coupon a second time."""
    coupon = percentage_coupon("AGAIN", 10)
    deployment.add_campaign(attrs.evolve(coupon, reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    response = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True
    )
    assert types(response.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "setDiscount"]
    assert deployment.coupons["AGAIN"].redemptions["customer-7"] == 1


async def test_a_reevaluation_ignores_its_own_redemption(talon: TalonClient, deployment: Deployment) -> None:
    """The session's own redemption and discount do not count toward the limits."""
    coupon = percentage_coupon("AGAIN", 10)
    terms = (CouponTerms("AGAIN", usage_limit=1, profile_limit=1),)
    deployment.add_campaign(
        attrs.evolve(coupon, coupons=terms, budget=10.0, coupon_limit=1, reevaluate_on_return=True)
    )
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    response = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True
    )
    assert types(response.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "setDiscount"]
    use = deployment.store.campaign_use[3]
    assert (use.coupons, use.discount) == (1, 4.0)


async def test_an_ended_campaign_does_not_run_again(talon: TalonClient, deployment: Deployment) -> None:
    """The effects of an ended campaign are rolled back by share, as without rules."""
    end = deployment.clock.now() + timedelta(days=1)
    coupon = percentage_coupon("AGAIN", 10)
    deployment.add_campaign(attrs.evolve(coupon, end_date=end, reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["AGAIN"], state="closed"))
    deployment.clock.advance(days=2)
    response = await talon.sessions.return_items(
        "cart-1", [ReturnedCartItem(position=0)], run_rule_engine=True
    )
    assert types(response.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount"]
    assert deployment.store.campaign_use[3].discount == 4.0


async def test_units_keep_their_positions_when_rules_run_again(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Discounts on remaining units keep their positions after earlier items and units are returned."""
    deployment.add_campaign(attrs.evolve(percentage_on_items(10), reevaluate_on_return=True))
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    returned = [ReturnedCartItem(position=0), ReturnedCartItem(position=1, quantity=1)]
    response = await talon.sessions.return_items("cart-1", returned, run_rule_engine=True)
    assert types(response.effects) == ["rollbackAddedLoyaltyPoints", "rollbackDiscount", "rollbackDiscount"]
    remaining = props((await talon.sessions.get("cart-1")).effects)
    assert [
        (entry.position, entry.sub_position, entry.value)
        for entry in remaining
        if isinstance(entry, SetDiscountPerItemEffectProps)
    ] == [(1, 1, 2.0)]


async def test_item_costs_are_returned_with_their_units(talon: TalonClient, deployment: Deployment) -> None:
    """Sales decrease by the price and the additional costs of the returned units."""
    item = CartItem(
        sku="A", quantity=2, price=10.0, additional_costs={"engraving": AdditionalCost(price=1.5)}
    )
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=[item], state="closed"))
    await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0, quantity=1)])
    assert profile_of(deployment).total_sales == 11.5


async def test_a_sku_on_two_lines_is_returned_line_by_line(talon: TalonClient) -> None:
    """Units of a SKU are returned line by line. The response omits unaffected lines."""
    lines = [CartItem(sku="A", quantity=2, price=1.0), CartItem(sku="A", quantity=2, price=1.0)]
    await talon.sessions.update("cart-1", shoes_and_socks(cart_items=lines, state="closed"))
    returned: list[list[tuple[Any, Any]]] = []
    for quantity in (1, 2):
        response = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="A", quantity=quantity)])
        assert response.return_
        items = response.return_.returned_cart_items
        returned.append([(item.position, item.quantity) for item in items])
    assert returned == [[(0, 1)], [(0, 1), (1, 1)]]
