"""Evaluates campaigns: runs their rules and builds effects of what they grant."""

from collections.abc import Iterable, Sequence

import attrs

from talon_async.models.base import Omittable
from talon_async.models.effect_props_codes import AcceptCouponEffectProps, AcceptReferralEffectProps
from talon_async.models.effects import Effect, EffectProps
from talon_async.sandbox._campaigns.campaign import EvaluationContext, RunningCampaign
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._domain.records import CampaignUse
from talon_async.sandbox._rules.code_checks import (
    check_code,
    check_grants,
    reject_unmatched_codes,
    rejection_props,
    total_discount,
)
from talon_async.sandbox._rules.results import NO_CODE, CampaignResult, Code, EvaluationResult, effect_type


def evaluate(
    deployment: DeploymentView, context: EvaluationContext, evaluable: Omittable[list[int]] = None
) -> EvaluationResult:
    """Evaluate the campaigns in their order, and reject the session's codes that match none of them.

    Args:
        deployment: The deployment.
        context: What the rules evaluate.
        evaluable: The IDs of the campaigns to evaluate, which only dry runs can choose.
    """
    campaigns: Iterable[RunningCampaign] = deployment.application.campaigns.values()
    if evaluable and deployment.dry:
        campaigns = [running for running in campaigns if running.id in evaluable]
    result = run_campaigns(deployment, context, campaigns)
    unmatched = [
        Effect(
            campaign_id=0,
            ruleset_id=0,
            rule_index=0,
            rule_name="",
            effect_type=effect_type(props),
            props=props,
        )
        for props in reject_unmatched_codes(deployment, context, result.effects)
    ]
    result.effects.extend(unmatched)
    return result


def run_campaigns(
    deployment: DeploymentView,
    context: EvaluationContext,
    campaigns: Iterable[RunningCampaign],
    previous: Sequence[Effect] = (),
) -> EvaluationResult:
    """Run the rules of campaigns.

    Args:
        deployment: The deployment.
        context: What the rules evaluate.
        campaigns: The campaigns.
        previous: The effects that a new evaluation of the session replaces: codes that they accepted are not
            checked again, and their discounts do not count against the budget.
    """
    effects: list[Effect] = []
    results: list[CampaignResult] = []
    accepted = {
        effect.props.value
        for effect in previous
        if isinstance(effect.props, AcceptCouponEffectProps | AcceptReferralEffectProps)
    }
    store = deployment.store
    coupons = [coupon for code in context.coupon_codes if (coupon := store.coupons.get(code))]
    referral = store.referrals.get(context.referral_code)
    for running in campaigns:
        campaign = running.campaign
        runs = campaign.runs(context.now)
        codes = _codes(running, coupons, referral)
        if not codes:
            if runs:
                results.append(CampaignResult(running=running, code=None, rejection=NO_CODE))
            continue
        use = _use(store.campaign_use[running.id], running, previous)
        for code in codes:
            granted: list[EffectProps] = []
            if not runs:
                rejection = "PartOfNotRunningCampaign"
            elif code is None or code.code in accepted:
                rejection = None
            else:
                rejection = check_code(campaign, use, code, context)
            if rejection is None:
                granted = list(campaign.rule(_with_code(context, code)))
                rejection = check_grants(campaign, use, granted)
            if code is not None or runs:
                results.append(CampaignResult(running=running, code=code, rejection=rejection))
            if rejection is None:
                _count(use, code, granted)
            else:
                granted = [rejection_props(code, rejection)] if code is not None else []
            coupon_id = code.id if isinstance(code, CouponRecord) else None
            effects += [_effect(running, coupon_id, props) for props in granted]
    return EvaluationResult(context=context, effects=effects, campaign_results=results)


def _codes(
    running: RunningCampaign, coupons: Iterable[CouponRecord], referral: ReferralRecord | None
) -> list[Code | None]:
    """The codes that a campaign is evaluated for; `None` stands for an evaluation without a code.

    Args:
        running: The campaign.
        coupons: The coupons of the session.
        referral: The referral of the session.
    """
    found: list[Code | None] = []
    if not (running.campaign.coupons or running.campaign.referrals):
        found.append(None)
    found += [coupon for coupon in coupons if coupon.campaign_id == running.id]
    if running.campaign.referrals and referral and referral.campaign_id == running.id:
        found.append(referral)
    return found


def _use(use: CampaignUse, running: RunningCampaign, previous: Sequence[Effect]) -> CampaignUse:
    """A copy of the campaign's use, to count on during the evaluation, without the replaced discounts."""
    replaced = total_discount(effect.props for effect in previous if effect.campaign_id == running.id)
    return CampaignUse(
        coupons=use.coupons, referrals=use.referrals, friends=use.friends, discount=use.discount - replaced
    )


def _count(use: CampaignUse, code: Code | None, granted: list[EffectProps]) -> None:
    """Count what a campaign grants for a code, so that it limits what the next code gets."""
    use.discount += total_discount(granted)
    if isinstance(code, CouponRecord):
        use.coupons += 1


def _with_code(context: EvaluationContext, code: Code | None) -> EvaluationContext:
    match code:
        case CouponRecord():
            return attrs.evolve(context, coupon=code.code)
        case ReferralRecord():
            return attrs.evolve(context, referral=code.referral)
        case None:
            return context


def _effect(running: RunningCampaign, coupon_id: int | None, props: EffectProps) -> Effect:
    return Effect(
        campaign_id=running.id,
        ruleset_id=running.ruleset_id,
        rule_index=0,
        rule_name=running.campaign.name,
        effect_type=effect_type(props),
        triggered_by_coupon=coupon_id,
        props=props,
    )
