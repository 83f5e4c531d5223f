"""The sections of campaign results: triggered campaigns, rule failures and eligibility."""

from typing import Any, Final

from talon_async.models.campaigns import Campaign, CampaignBudget, LimitConfig
from talon_async.models.eligibility import (
    CampaignEligibility,
    CampaignEligibilityDetails,
    CampaignEligibilityFailureDetails,
    RuleEligibility,
    RuleEligibilityFailureDetails,
    RuleFailureReason,
    RuleMetadataEligibility,
)
from talon_async.sandbox._campaigns.campaign import RunningCampaign
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._domain.records import APPLICATION_ID
from talon_async.sandbox._rules.results import NO_CODE, CampaignResult, EvaluationResult

_DETAILS: Final = {
    NO_CODE: "the session has no code of the campaign",
    "RejectedByCondition": "the rule granted nothing",
    "EffectCouldNotBeApplied": "the campaign's budget is used up",
}


def triggered_campaigns(deployment: DeploymentView, result: EvaluationResult) -> list[Campaign]:
    """The campaigns that granted effects."""
    fired = {entry.running.id: entry.running for entry in result.campaign_results if entry.passed}
    return [_described(deployment, running) for running in fired.values()]


def rule_failure_reasons(_deployment: DeploymentView, result: EvaluationResult) -> list[RuleFailureReason]:
    """The reasons why rules granted nothing."""
    return [
        RuleFailureReason(
            campaign_id=entry.running.id,
            campaign_name=entry.running.campaign.name,
            ruleset_id=entry.running.ruleset_id,
            rule_index=0,
            rule_name=entry.running.campaign.name,
            **_failure(entry),
        )
        for entry in result.campaign_results
        if not entry.passed
    ]


def _failure(entry: CampaignResult) -> dict[str, Any]:
    """The fields that rule failures share: the code, the condition and the details."""
    code = entry.code
    fields: dict[str, Any] = {"details": _DETAILS.get(entry.rejection or "", f"the code: {entry.rejection}")}
    if entry.rejection != "EffectCouldNotBeApplied":
        fields["condition_index"] = 0
    match code:
        case CouponRecord():
            fields |= {"coupon_id": code.id, "coupon_value": code.code}
        case ReferralRecord():
            fields |= {"referral_id": code.id, "referral_value": code.code}
        case None:
            pass
    return fields


def campaign_eligibility(_deployment: DeploymentView, result: EvaluationResult) -> list[CampaignEligibility]:
    """The result of each campaign for each of its codes."""
    by_campaign: dict[int, list[CampaignResult]] = {}
    for entry in result.campaign_results:
        by_campaign.setdefault(entry.running.id, []).append(entry)
    return [
        CampaignEligibility(
            application_id=APPLICATION_ID,
            id=campaign_id,
            name=of_campaign[0].running.campaign.name,
            state="enabled",
            tags=list(of_campaign[0].running.campaign.tags),
            features=of_campaign[0].running.campaign.all_features,
            eligibility=[_campaign_eligibility(entry) for entry in of_campaign],
            rules=[
                RuleMetadataEligibility(
                    title=of_campaign[0].running.campaign.name,
                    eligibility=[_rule_eligibility(entry) for entry in of_campaign],
                )
            ],
        )
        for campaign_id, of_campaign in by_campaign.items()
    ]


def _coupon_code(entry: CampaignResult) -> str | None:
    return entry.code.code if isinstance(entry.code, CouponRecord) else None


def _campaign_eligibility(entry: CampaignResult) -> CampaignEligibilityDetails:
    return CampaignEligibilityDetails(
        passed=entry.passed,
        coupon_code=_coupon_code(entry),
        details=None if entry.passed else CampaignEligibilityFailureDetails(failure_code="ALL_RULES_FAILED"),
    )


def _rule_eligibility(entry: CampaignResult) -> RuleEligibility:
    by_effect = entry.rejection == "EffectCouldNotBeApplied"
    return RuleEligibility(
        passed=entry.passed,
        coupon_code=_coupon_code(entry),
        details=None
        if entry.passed
        else RuleEligibilityFailureDetails(
            failure_code="EFFECT_FAILED" if by_effect else "CONDITION_NOT_MET", **_failure(entry)
        ),
    )


def _described(deployment: DeploymentView, running: RunningCampaign) -> Campaign:
    """The model of a campaign."""
    campaign, use = running.campaign, deployment.store.campaign_use[running.id]
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
        features=campaign.all_features,
        limits=[LimitConfig(action=one.action, limit=one.limit, entities=[]) for one in budgets],
        budgets=budgets,
        type="advanced",
        frontend_state="running",
        stores_imported=False,
    )
