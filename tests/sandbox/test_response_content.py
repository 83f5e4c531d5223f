"""The content of session update responses, by `responseContent`, and in dry runs."""

from datetime import timedelta

import httpx
import pytest

from talon_async import BadRequestError, NewCustomerSessionV2, RejectCouponEffectProps, TalonClient
from talon_async.sandbox import Deployment
from tests.sandbox.support import (
    EVERY_SECTION,
    props,
    session_of,
    shoes_and_socks,
    types,
)

SESSION = ["customerSession"]


async def test_a_dry_run_stores_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry run creates no session, profile or event, and redeems nothing."""
    response = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"),
        dry=True,
        response_content=EVERY_SECTION,
    )
    assert types(response.effects) == ["acceptCoupon", "setDiscount", "addLoyaltyPoints"]
    assert session_of(response).state == "closed"
    assert not deployment.sessions
    assert not deployment.profiles
    assert not deployment.events
    assert not deployment.store.points.accounts
    assert not any(deployment.coupons["WELCOME10"].redemptions.values())


async def test_a_dry_run_evaluates_only_its_request(talon: TalonClient) -> None:
    """A dry run ignores the stored session, whether it is open or closed."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))
    response = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(), dry=True, response_content=SESSION
    )
    assert not response.effects
    assert session_of(response).cart_items == []
    assert session_of(await talon.sessions.get("cart-1")).cart_item_total == 100.0


async def test_a_dry_run_can_set_the_evaluation_time(talon: TalonClient, deployment: Deployment) -> None:
    """Rules evaluate at `now`. A `now` that is not in the future is refused."""
    later = deployment.clock.now() + timedelta(days=30)
    response = await talon.sessions.update(
        "cart-1", shoes_and_socks(), dry=True, now=later, response_content=SESSION
    )
    assert session_of(response).updated == later
    with pytest.raises(BadRequestError) as refused:
        await talon.sessions.update("cart-1", shoes_and_socks(), dry=True, now=deployment.clock.now())
    assert refused.value.errors[0].parameter == "now"


async def test_a_response_has_the_requested_sections(talon: TalonClient) -> None:
    """Effects and created codes are always present, other sections only on request."""
    default = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert default.effects
    assert (default.created_coupons, default.created_referrals) == ([], [])
    sections = "customer_session customer_profile coupons triggered_campaigns loyalty event awarded_giveaways"
    names = [*sections.split(), "rule_failure_reasons", "previous_returns", "achievements"]
    assert [getattr(default, name) for name in names] == [None] * len(names)
    full = await talon.sessions.update("cart-1", NewCustomerSessionV2(), response_content=EVERY_SECTION)
    assert all(getattr(full, name) is not None for name in names)
    assert full.coupons
    assert [coupon.value for coupon in full.coupons] == ["WELCOME10"]
    assert full.triggered_campaigns
    assert [campaign.name for campaign in full.triggered_campaigns] == ["10% off with WELCOME10"]
    assert full.rule_failure_reasons
    assert [reason.campaign_name for reason in full.rule_failure_reasons] == ["points on purchases"]


@pytest.mark.parametrize(
    "section",
    ["awardedGiveaways", "ruleFailureReasons", "campaignEligibility", "achievements", "advancedEvent"],
)
async def test_returns_have_fewer_sections(http: httpx.AsyncClient, section: str) -> None:
    """A section that returns do not have is refused with its JSON pointer."""
    response = await http.post(
        "/v2/customer_sessions/cart-1/returns",
        json={"return": {"returnedCartItems": []}, "responseContent": ["customerSession", section]},
    )
    assert response.status_code == 400
    assert [error["source"] for error in response.json()["errors"]] == [{"pointer": "/responseContent/1"}]


async def test_a_dry_run_can_include_campaign_eligibility(talon: TalonClient) -> None:
    """A dry run can include the result of each campaign, for each of its codes."""
    response = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["WELCOME10"]),
        dry=True,
        response_content=["campaignEligibility"],
    )
    assert response.campaign_eligibility
    coupons, points = response.campaign_eligibility
    assert [(e.passed, e.coupon_code) for e in coupons.eligibility] == [(True, "WELCOME10")]
    assert [e.passed for e in points.eligibility] == [False]
    assert points.rules[0].eligibility[0].details


async def test_a_dry_run_can_select_campaigns(talon: TalonClient, deployment: Deployment) -> None:
    """`evaluable_campaign_ids` limits a dry run to those campaigns. Other requests ignore it."""
    given = shoes_and_socks(coupon_codes=["WELCOME10"], evaluable_campaign_ids=[2])
    assert [running.campaign.name for running in deployment.campaigns.values()][1] == "points on purchases"
    dry = await talon.sessions.update("cart-1", given, dry=True)
    assert props(dry.effects) == [
        RejectCouponEffectProps(value="WELCOME10", rejection_reason="CouponPartOfNotTriggeredCampaign")
    ]
    stored = await talon.sessions.update("cart-1", given)
    assert types(stored.effects) == ["acceptCoupon", "setDiscount"]
