"""Campaigns as answers tell of them: those that fired, those that did not, and why."""

from datetime import datetime
from typing import Any, Final

from talon_async._operations import LIST_CAMPAIGNS
from talon_async.models.campaigns import (
    Campaign,
    CampaignBudget,
    IntegrationCampaign,
    LimitConfig,
    RuleMetadata,
    RunningCampaignFeature,
)
from talon_async.models.eligibility import (
    CampaignEligibility,
    CampaignEligibilityDetails,
    CampaignEligibilityFailureDetails,
    RuleEligibility,
    RuleEligibilityFailureDetails,
    RuleFailureReason,
    RuleMetadataEligibility,
)
from talon_async.models.pages import MorePage
from talon_async.sandbox._campaigns import Campaign as Promotion
from talon_async.sandbox._deployment.deployment import Deployment, RunningCampaign
from talon_async.sandbox._deployment.records import APPLICATION_ID
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._handlers.registry import handles, tells
from talon_async.sandbox._rules.evaluation import NO_CODE, CampaignResult, EvaluationResult

_DETAILS: Final = {
    NO_CODE: "the session has no code of the campaign",
    "RejectedByCondition": "the rule granted nothing",
    "EffectCouldNotBeApplied": "the budget of the campaign does not suffice",
}


@tells("triggeredCampaigns", "triggered_campaigns")
def triggered(deployment: Deployment, result: EvaluationResult) -> list[Campaign]:
    """The campaigns that granted something."""
    fired = {
        campaign_result.running.id: campaign_result.running
        for campaign_result in result.campaign_results
        if campaign_result.passed
    }
    return [_described(deployment, running) for running in fired.values()]


@tells("ruleFailureReasons", "rule_failure_reasons")
def failures(_deployment: Deployment, result: EvaluationResult) -> list[RuleFailureReason]:
    """Why rules did not fire."""
    return [
        RuleFailureReason(
            campaign_id=campaign_result.running.id,
            campaign_name=campaign_result.running.campaign.name,
            ruleset_id=campaign_result.running.ruleset_id,
            rule_index=0,
            rule_name=campaign_result.running.campaign.name,
            **_failure(campaign_result),
        )
        for campaign_result in result.campaign_results
        if not campaign_result.passed
    ]


def _failure(campaign_result: CampaignResult) -> dict[str, Any]:
    """What the failures of rules have in common: the code, whether it was a condition, and the details."""
    code = campaign_result.code
    told: dict[str, Any] = {
        "details": _DETAILS.get(campaign_result.rejection or "", f"the code: {campaign_result.rejection}")
    }
    if campaign_result.rejection != "EffectCouldNotBeApplied":
        told["condition_index"] = 0
    match code:
        case CouponRecord():
            told |= {"coupon_id": code.id, "coupon_value": code.code}
        case ReferralRecord():
            told |= {"referral_id": code.id, "referral_value": code.code}
        case None:
            pass
    return told


@tells("campaignEligibility", "campaign_eligibility")
def eligibility(_deployment: Deployment, result: EvaluationResult) -> list[CampaignEligibility]:
    """How each campaign fared, for each of its coupons."""
    by_campaign: dict[int, list[CampaignResult]] = {}
    for campaign_result in result.campaign_results:
        by_campaign.setdefault(campaign_result.running.id, []).append(campaign_result)
    return [
        CampaignEligibility(
            application_id=APPLICATION_ID,
            id=campaign_id,
            name=of_campaign[0].running.campaign.name,
            state="enabled",
            tags=list(of_campaign[0].running.campaign.tags),
            features=[*_features(of_campaign[0].running.campaign)],
            eligibility=[_campaign_eligibility(campaign_result) for campaign_result in of_campaign],
            rules=[
                RuleMetadataEligibility(
                    title=of_campaign[0].running.campaign.name,
                    eligibility=[_rule_eligibility(campaign_result) for campaign_result in of_campaign],
                )
            ],
        )
        for campaign_id, of_campaign in by_campaign.items()
    ]


def _coupon_code(campaign_result: CampaignResult) -> str | None:
    return campaign_result.code.code if isinstance(campaign_result.code, CouponRecord) else None


def _campaign_eligibility(campaign_result: CampaignResult) -> CampaignEligibilityDetails:
    return CampaignEligibilityDetails(
        passed=campaign_result.passed,
        coupon_code=_coupon_code(campaign_result),
        details=None
        if campaign_result.passed
        else CampaignEligibilityFailureDetails(failure_code="ALL_RULES_FAILED"),
    )


def _rule_eligibility(campaign_result: CampaignResult) -> RuleEligibility:
    by_effect = campaign_result.rejection == "EffectCouldNotBeApplied"
    return RuleEligibility(
        passed=campaign_result.passed,
        coupon_code=_coupon_code(campaign_result),
        details=None
        if campaign_result.passed
        else RuleEligibilityFailureDetails(
            failure_code="EFFECT_FAILED" if by_effect else "CONDITION_NOT_MET", **_failure(campaign_result)
        ),
    )


@handles(LIST_CAMPAIGNS)
def list_campaigns(
    deployment: Deployment,
    *,
    page_size: int = 50,
    skip: int = 0,
    campaign_ids: list[str] | None = None,
    start_after: datetime | None = None,
    start_before: datetime | None = None,
    end_after: datetime | None = None,
    end_before: datetime | None = None,
    store_id: int | None = None,
    audience_id: int | None = None,
) -> MorePage[IntegrationCampaign]:
    """List the campaigns that run; none of them is linked to a store or an audience."""
    found = [
        running
        for running in deployment.campaigns.values()
        if running.campaign.runs(deployment.clock.now())
        and (campaign_ids is None or str(running.id) in campaign_ids)
        and _within(running.campaign.start_date, start_after, start_before)
        and _within(running.campaign.end_date, end_after, end_before)
        and store_id is None
        and audience_id is None
    ]
    page = found[skip : skip + page_size]
    return MorePage(has_more=len(found) > skip + len(page), data=[_listed(running) for running in page])


def _within(date: datetime | None, after: datetime | None, before: datetime | None) -> bool:
    if date is None:
        return after is None and before is None
    return (after is None or date >= after) and (before is None or date <= before)


def _listed(running: RunningCampaign) -> IntegrationCampaign:
    campaign = running.campaign
    return IntegrationCampaign(
        application_id=APPLICATION_ID,
        id=running.id,
        name=campaign.name,
        description="",
        start_time=campaign.start_date,
        end_time=campaign.end_date,
        attributes={},
        state="enabled",
        tags=list(campaign.tags),
        features=_features(campaign),
        rules=[RuleMetadata(title=campaign.name)],
    )


def _features(campaign: Promotion) -> list[RunningCampaignFeature | str]:
    features: list[RunningCampaignFeature | str] = []
    if campaign.coupons:
        features.append("coupons")
    if campaign.referrals:
        features.append("referrals")
    return [*features, *campaign.features]


def _described(deployment: Deployment, running: RunningCampaign) -> Campaign:
    """A campaign as answers show it."""
    campaign, use = running.campaign, deployment.campaign_use[running.id]
    budgets = [
        CampaignBudget(action=action, limit=float(limit), counter=float(counter))
        for action, limit, counter in (
            ("redeemCoupon", campaign.coupon_limit, use.coupons),
            ("redeemReferral", campaign.referral_limit, use.referrals),
            ("setDiscount", campaign.budget, use.discount),
        )
        if limit
    ]
    return Campaign(
        id=running.id,
        created=running.created,
        application_id=APPLICATION_ID,
        user_id=1,
        name=campaign.name,
        description="",
        state="enabled",
        active_ruleset_id=running.ruleset_id,
        start_time=campaign.start_date,
        end_time=campaign.end_date,
        tags=list(campaign.tags),
        reevaluate_on_return=campaign.reevaluate_on_return,
        features=[*_features(campaign)],
        limits=[LimitConfig(action=one.action, limit=one.limit, entities=[]) for one in budgets],
        budgets=budgets,
        type="advanced",
        frontend_state="running",
        stores_imported=False,
    )
