"""Why a campaign does not grant what its rule would: its limits, and the codes it is evaluated for."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

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
from talon_async.sandbox._campaigns import Campaign, EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.store import CampaignUse
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord

Code: TypeAlias = CouponRecord | ReferralRecord
"""What a campaign with codes is evaluated for."""

_DISCOUNTS: Final = (
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
)
_PREFIXED: Final = ("RejectedByCondition", "PartOfNotRunningCampaign")


def check_code(campaign: Campaign, use: CampaignUse, code: Code, context: EvaluationContext) -> str | None:
    """Tell why a code cannot be used, before its rule is asked; `None` if nothing stands against it.

    Args:
        campaign: The campaign of the code.
        use: What was used up of its limits.
        code: The code.
        context: What the rule would look at.
    """
    rejection = code.rejection(context.profile_id, context.now)
    if rejection is not None:
        return rejection
    if isinstance(code, CouponRecord):
        used_up = campaign.coupon_limit and use.coupons >= campaign.coupon_limit
    elif use.friends.get(context.profile_id):
        return "ReferralCustomerAlreadyReferred"
    else:
        used_up = campaign.referral_limit and use.referrals >= campaign.referral_limit
    return "CampaignLimitReached" if used_up else None


def check_grants(campaign: Campaign, use: CampaignUse, granted: list[EffectProps]) -> str | None:
    """Tell why nothing comes of what a rule grants; `None` if it does."""
    if not granted:
        return "RejectedByCondition"
    if campaign.budget and use.discount + total_discount(granted) > campaign.budget:
        return "EffectCouldNotBeApplied"
    return None


def total_discount(granted: Iterable[EffectProps | None]) -> float:
    """Add up the discounts among effects, in the Application's currency."""
    return sum(props.value for props in granted if isinstance(props, _DISCOUNTS))


def rejection_effect(code: Code, reason: str) -> EffectProps:
    """Make the effect that rejects a code; reasons that coupons and referrals share get their prefix."""
    condition = 0 if reason == "RejectedByCondition" else None
    if isinstance(code, CouponRecord):
        reason = f"Coupon{reason}" if reason in _PREFIXED else reason
        return RejectCouponEffectProps(value=code.code, rejection_reason=reason, condition_index=condition)
    reason = f"Referral{reason}" if reason in _PREFIXED else reason
    return RejectReferralEffectProps(value=code.code, rejection_reason=reason, condition_index=condition)


def reject_unmatched_codes(
    deployment: Deployment, context: EvaluationContext, effects: list[Effect]
) -> Iterator[EffectProps]:
    """Reject the codes of a session that no campaign took up.

    Args:
        deployment: Whose codes they are.
        context: What the rules looked at.
        effects: What the campaigns gave.
    """
    judged = {
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
        record = deployment.coupons.get(code)
        if code not in judged and (record is None or not _ran(effects, record.campaign_id)):
            reason = "CouponPartOfNotTriggeredCampaign" if record else "CouponNotFound"
            yield RejectCouponEffectProps(value=code, rejection_reason=reason)
    referral = context.session.referral_code if context.session else None
    if referral and referral not in judged:
        known = referral in deployment.referrals
        reason = "ReferralPartOfNotTriggeredCampaign" if known else "ReferralNotFound"
        yield RejectReferralEffectProps(value=referral, rejection_reason=reason)


def _ran(effects: list[Effect], campaign_id: int) -> bool:
    return any(effect.campaign_id == campaign_id for effect in effects)
