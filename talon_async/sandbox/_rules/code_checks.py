"""Checks codes and campaign limits, and rejects codes."""

from collections.abc import Iterable, Iterator
from typing import Final

from talon_async.models.effect_props import (
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
)
from talon_async.models.effects import Effect, EffectProps
from talon_async.sandbox._campaigns.campaign import Campaign, EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.codes import CouponRecord
from talon_async.sandbox._domain.records import CampaignUse
from talon_async.sandbox._rules.results import Code

_DISCOUNTS: Final = (
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
)
_PREFIXED: Final = ("RejectedByCondition", "PartOfNotRunningCampaign")


def check_code(campaign: Campaign, use: CampaignUse, code: Code, context: EvaluationContext) -> str | None:
    """Check a code before its campaign's rule runs.

    Args:
        campaign: The campaign of the code.
        use: How much of the campaign's limits is used.
        code: The code.
        context: What the rule evaluates.

    Returns:
        The rejection reason, or `None` if the code is valid.
    """
    rejection = code.rejection(context.profile_id, context.now)
    if rejection is not None:
        return rejection
    if isinstance(code, CouponRecord):
        limit_reached = campaign.coupon_limit and use.coupons >= campaign.coupon_limit
    elif use.friends.get(context.profile_id):
        return "ReferralCustomerAlreadyReferred"
    else:
        limit_reached = campaign.referral_limit and use.referrals >= campaign.referral_limit
    return "CampaignLimitReached" if limit_reached else None


def check_grants(campaign: Campaign, use: CampaignUse, granted: list[EffectProps]) -> str | None:
    """Check what a rule grants; return the rejection reason, or `None` if the effects can be applied."""
    if not granted:
        return "RejectedByCondition"
    if campaign.budget and use.discount + total_discount(granted) > campaign.budget:
        return "EffectCouldNotBeApplied"
    return None


def total_discount(granted: Iterable[EffectProps | None]) -> float:
    """Add up the discounts among effects, in the Application's currency."""
    return sum(props.value for props in granted if isinstance(props, _DISCOUNTS))


def rejection_props(code: Code, reason: str) -> EffectProps:
    """Build the effect that rejects a code; reasons of both kinds of codes get the prefix of their kind."""
    condition = 0 if reason == "RejectedByCondition" else None
    if isinstance(code, CouponRecord):
        reason = f"Coupon{reason}" if reason in _PREFIXED else reason
        return RejectCouponEffectProps(value=code.code, rejection_reason=reason, condition_index=condition)
    reason = f"Referral{reason}" if reason in _PREFIXED else reason
    return RejectReferralEffectProps(value=code.code, rejection_reason=reason, condition_index=condition)


def reject_unmatched_codes(
    deployment: DeploymentView, context: EvaluationContext, effects: list[Effect]
) -> Iterator[EffectProps]:
    """Reject the codes of a session that no campaign accepted or rejected.

    Args:
        deployment: The deployment.
        context: What was evaluated.
        effects: The effects of the campaigns.
    """
    matched = {
        effect.props.value
        for effect in effects
        if isinstance(
            effect.props,
            AcceptCouponEffectProps
            | RejectCouponEffectProps
            | AcceptReferralEffectProps
            | RejectReferralEffectProps,
        )
    }
    for code in context.coupon_codes:
        record = deployment.store.coupons.get(code)
        if code not in matched and (record is None or not _has_effects(effects, record.campaign_id)):
            reason = "CouponPartOfNotTriggeredCampaign" if record else "CouponNotFound"
            yield RejectCouponEffectProps(value=code, rejection_reason=reason)
    referral = context.session.referral_code if context.session else None
    if referral and referral not in matched:
        exists = referral in deployment.store.referrals
        reason = "ReferralPartOfNotTriggeredCampaign" if exists else "ReferralNotFound"
        yield RejectReferralEffectProps(value=referral, rejection_reason=reason)


def _has_effects(effects: list[Effect], campaign_id: int) -> bool:
    return any(effect.campaign_id == campaign_id for effect in effects)
