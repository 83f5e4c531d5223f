"""Answers of session updates: their parts, and what differs in dry calls."""

from datetime import timedelta

import httpx
import pytest

from talon_async import BadRequestError, NewCustomerSessionV2, RejectCouponEffectProps, TalonClient
from talon_async.sandbox import Deployment
from tests.sandbox.support import (
    EVERY_SESSION_PART,
    props,
    session_of,
    shoes_and_socks,
    types,
)

SESSION = ["customerSession"]


async def test_a_dry_call_stores_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry call makes neither session nor profile nor event, and redeems nothing."""
    answer = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"),
        dry=True,
        response_content=EVERY_SESSION_PART,
    )
    assert types(answer.effects) == ["acceptCoupon", "setDiscount", "addLoyaltyPoints"]
    assert session_of(answer).state == "closed"
    assert not deployment.sessions
    assert not deployment.profiles
    assert not deployment.events
    assert not deployment.store.points.accounts
    assert not any(deployment.coupons["WELCOME10"].redemptions.values())


async def test_a_dry_call_sees_only_what_it_sends(talon: TalonClient) -> None:
    """The stored session counts for nothing in a dry call, be it open or closed."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(), dry=True, response_content=SESSION)
    assert not answer.effects
    assert session_of(answer).cart_items == []
    assert session_of(await talon.sessions.get("cart-1")).cart_item_total == 100.0


async def test_dry_calls_can_look_ahead(talon: TalonClient, deployment: Deployment) -> None:
    """`now` is the moment that rules see; one that is not to come is refused by its name."""
    later = deployment.clock.now() + timedelta(days=30)
    answer = await talon.sessions.update(
        "cart-1", shoes_and_socks(), dry=True, now=later, response_content=SESSION
    )
    assert session_of(answer).updated == later
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.update("cart-1", shoes_and_socks(), dry=True, now=deployment.clock.now())
    assert refused.value.errors[0].parameter == "now"


async def test_an_answer_has_what_was_asked_for(talon: TalonClient) -> None:
    """Effects and created codes always come, each other part when it is asked for and not else."""
    bare = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert bare.effects
    assert (bare.created_coupons, bare.created_referrals) == ([], [])
    parts = "customer_session customer_profile coupons triggered_campaigns loyalty event awarded_giveaways"
    names = [*parts.split(), "rule_failure_reasons", "previous_returns", "achievements"]
    assert [getattr(bare, name) for name in names] == [None] * len(names)
    full = await talon.sessions.update("cart-1", NewCustomerSessionV2(), response_content=EVERY_SESSION_PART)
    assert all(getattr(full, name) is not None for name in names)
    assert full.coupons
    assert [coupon.value for coupon in full.coupons] == ["WELCOME10"]
    assert full.triggered_campaigns
    assert [campaign.name for campaign in full.triggered_campaigns] == ["10% off with WELCOME10"]
    assert full.rule_failure_reasons
    assert [reason.campaign_name for reason in full.rule_failure_reasons] == ["points on purchases"]


@pytest.mark.parametrize(
    "part", ["awardedGiveaways", "ruleFailureReasons", "campaignEligibility", "achievements", "advancedEvent"]
)
async def test_returns_have_fewer_parts(http: httpx.AsyncClient, part: str) -> None:
    """What only other answers can have is refused by its place in the request."""
    answer = await http.post(
        "/v2/customer_sessions/cart-1/returns",
        json={"return": {"returnedCartItems": []}, "responseContent": ["customerSession", part]},
    )
    assert answer.status_code == 400
    assert [error["source"] for error in answer.json()["errors"]] == [{"pointer": "/responseContent/1"}]


async def test_eligibility_comes_with_dry_calls(talon: TalonClient) -> None:
    """A dry call can ask how each campaign fared, for each of its codes."""
    answer = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["WELCOME10"]),
        dry=True,
        response_content=["campaignEligibility"],
    )
    assert answer.campaign_eligibility
    coupons, points = answer.campaign_eligibility
    assert [(e.passed, e.coupon_code) for e in coupons.eligibility] == [(True, "WELCOME10")]
    assert [e.passed for e in points.eligibility] == [False]
    assert points.rules[0].eligibility[0].details


async def test_a_dry_call_can_name_its_campaigns(talon: TalonClient, deployment: Deployment) -> None:
    """`evaluable_campaign_ids` limits a dry call to those campaigns, and no other call."""
    given = shoes_and_socks(coupon_codes=["WELCOME10"], evaluable_campaign_ids=[2])
    assert [running.campaign.name for running in deployment.campaigns.values()][1] == "points on purchases"
    dry = await talon.sessions.update("cart-1", given, dry=True)
    assert props(dry.effects) == [
        RejectCouponEffectProps(value="WELCOME10", rejection_reason="CouponPartOfNotTriggeredCampaign")
    ]
    stored = await talon.sessions.update("cart-1", given)
    assert types(stored.effects) == ["acceptCoupon", "setDiscount"]
