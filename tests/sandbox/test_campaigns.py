"""Campaigns: the list of running ones, their limits, and why they grant nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from talon_async import CampaignBudget, NewReferral, SetDiscountEffectProps, TalonClient
from talon_async.sandbox import Campaign, CouponTerms, Deployment, percentage_coupon, referral_reward
from tests.sandbox.support import granting, shoes_and_socks

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


def idle_campaign(name: str, **fields: Any) -> Campaign:
    """A campaign that grants nothing."""
    return granting(name=name, **fields)


async def names(talon: TalonClient, **filters: Any) -> list[str]:
    """The names of the listed campaigns."""
    return [campaign.name async for campaign in talon.campaigns.list(**filters)]


@pytest.fixture
def campaign_ids(deployment: Deployment) -> list[int]:
    """The IDs of two running campaigns, an ended one, and one that starts later."""
    campaigns = [
        idle_campaign(
            "spring", start_date=NOW - DAY, end_date=NOW + DAY, tags=("season",), features=("loyalty",)
        ),
        idle_campaign("summer", start_date=NOW, end_date=NOW + 3 * DAY),
        idle_campaign("ended", end_date=NOW),
        idle_campaign("later", start_date=NOW + DAY),
    ]
    return [deployment.add_campaign(campaign).id for campaign in campaigns]


async def test_running_campaigns_are_listed(
    talon: TalonClient, deployment: Deployment, campaign_ids: list[int]
) -> None:
    """Running campaigns are listed in order of ID, with dates, tags and features."""
    default = ["10% off with WELCOME10", "points on purchases"]
    assert await names(talon) == [*default, "spring", "summer"]
    assert await names(talon, page_size=1, skip=1) == ["points on purchases", "spring", "summer"]
    listed = [campaign async for campaign in talon.campaigns.list()]
    assert [campaign.features for campaign in listed] == [["coupons"], ["loyalty"], ["loyalty"], []]
    spring = listed[2]
    assert (spring.id, spring.state, spring.tags) == (campaign_ids[0], "enabled", ["season"])
    assert (spring.start_time, spring.end_time) == (NOW - DAY, NOW + DAY)
    assert [rule.title for rule in spring.rules] == ["spring"]
    deployment.clock.advance(days=1)
    assert await names(talon) == [*default, "summer", "later"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"start_after": NOW}, ["summer"]),
        ({"start_before": NOW - DAY}, ["spring"]),
        ({"start_after": NOW - DAY, "start_before": NOW}, ["spring", "summer"]),
        ({"end_after": NOW + 2 * DAY}, ["summer"]),
        ({"end_before": NOW + DAY}, ["spring"]),
        ({"campaign_ids": ["2", "3", "99", "5"]}, ["points on purchases", "spring"]),
        ({"store_id": 1}, []),
        ({"audience_id": 1}, []),
    ],
)
async def test_the_list_is_filtered(
    talon: TalonClient, campaign_ids: list[int], filters: dict[str, Any], expected: list[str]
) -> None:
    """Bounds are inclusive. A campaign without the date, store or audience does not match."""
    assert campaign_ids == [3, 4, 5, 6]
    assert await names(talon, **filters) == expected


async def test_triggered_campaigns_include_limits(talon: TalonClient, deployment: Deployment) -> None:
    """A triggered campaign includes each of its limits and its use."""
    deployment.add_campaign(
        granting(SetDiscountEffectProps(name="for all", value=5.0), name="for all", budget=50.0)
    )
    state = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"),
        response_content=["triggeredCampaigns"],
    )
    assert state.triggered_campaigns
    assert [(one.name, one.limits) for one in state.triggered_campaigns[:2]] == [
        ("10% off with WELCOME10", []),
        ("points on purchases", []),
    ]
    limited = state.triggered_campaigns[2]
    assert limited.budgets == [CampaignBudget(action="setDiscount", limit=50.0, counter=5.0)]
    assert [(one.action, one.limit, one.entities) for one in limited.limits] == [("setDiscount", 50.0, [])]


async def test_failure_reasons_explain_campaigns_without_effects(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Failures name the code, the budget or the condition that stopped a campaign."""
    expired = CouponTerms("CODE", expiry_date=NOW)
    deployment.add_campaign(idle_campaign("expired", coupons=(expired,)))
    deployment.add_campaign(granting(SetDiscountEffectProps(name="big", value=9.0), name="big", budget=8.0))
    referrals = deployment.add_campaign(referral_reward(5.0, 20.0)).id
    advocate = NewReferral(campaign_id=referrals, advocate_profile_integration_id="customer-7")
    referral = await talon.referrals.create(advocate)
    given = shoes_and_socks(coupon_codes=["CODE"], referral_code=referral.code)
    state = await talon.sessions.update("cart-1", given, response_content=["ruleFailureReasons"])
    assert state.rule_failure_reasons
    assert [
        (one.campaign_name, one.coupon_value, one.referral_value, one.condition_index, one.details)
        for one in state.rule_failure_reasons
    ] == [
        ("10% off with WELCOME10", None, None, 0, "the session has no code of the campaign"),
        ("points on purchases", None, None, 0, "the rule granted nothing"),
        ("expired", "CODE", None, 0, "the code: CouponExpired"),
        ("big", None, None, None, "the campaign's budget is used up"),
        ("referral", None, referral.code, 0, "the code: ReferralRecipientIdSameAsAdvocate"),
    ]
    dry = await talon.sessions.update("cart-1", given, dry=True, response_content=["campaignEligibility"])
    assert dry.campaign_eligibility
    details = [campaign.rules[0].eligibility[0].details for campaign in dry.campaign_eligibility]
    assert [(one.failure_code, one.coupon_id, one.referral_id) for one in details if one] == [
        ("CONDITION_NOT_MET", None, None),
        ("CONDITION_NOT_MET", None, None),
        ("CONDITION_NOT_MET", 2, None),
        ("EFFECT_FAILED", None, None),
        ("CONDITION_NOT_MET", None, referral.id),
    ]


async def test_eligibility_has_an_entry_per_coupon(talon: TalonClient, deployment: Deployment) -> None:
    """A campaign is listed once, with one result for each of its codes in the session."""
    two = percentage_coupon("WELCOME20", 20, minimum_total=50.0)
    deployment.add_campaign(
        Campaign(name="two", rule=two.rule, coupons=("FIRST", CouponTerms("LATER", recipient="x")))
    )
    dry = await talon.sessions.update(
        "cart-1",
        shoes_and_socks(coupon_codes=["LATER", "FIRST"]),
        dry=True,
        response_content=["campaignEligibility"],
    )
    assert dry.campaign_eligibility
    found = dry.campaign_eligibility[-1]
    assert (found.name, found.features) == ("two", ["coupons"])
    assert [(one.coupon_code, one.passed) for one in found.eligibility] == [("LATER", False), ("FIRST", True)]
