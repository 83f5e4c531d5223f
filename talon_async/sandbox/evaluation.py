"""Runs the campaigns, makes effects of what their rules give, and lets them take hold."""

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from talon_async.models.base import Model, Omittable
from talon_async.models.coupons import Coupon
from talon_async.models.effect_props import (
    RollbackDiscountEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    CouponCreatedEffectProps,
    ReferralCreatedEffectProps,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
)
from talon_async.models.effects import EFFECT_PROPS, Effect, EffectProps, UnknownEffectProps
from talon_async.models.eligibility import RuleFailureReason
from talon_async.models.referrals import Referral
from talon_async.models.sessions import Return
from talon_async.sandbox.amounts import amount
from talon_async.sandbox.codes import CouponRecord, CouponTerms, ReferralRecord
from talon_async.sandbox.deployment import Deployment, RunningCampaign
from talon_async.sandbox.promotions import Occasion
from talon_async.sandbox.registry import effects_at_once, effects_carried_out

_DISCOUNTS: Final = (
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
)
_TYPES: Final[dict[type[Model], str]] = {}
for _name, _cls in EFFECT_PROPS.items():
    if _cls is not None:
        # Where two types share their properties, the first is what the service's newer clients know.
        _TYPES.setdefault(_cls, _name)


@attrs.frozen(kw_only=True)
class Verdict:
    """How a campaign fared, for one of its coupons if it has any."""

    running: RunningCampaign
    coupon: CouponRecord | None
    passed: bool

    def failure(self) -> RuleFailureReason:
        """Say why the rule did not fire."""
        return RuleFailureReason(
            campaign_id=self.running.id,
            campaign_name=self.running.campaign.name,
            ruleset_id=self.running.ruleset_id,
            coupon_id=self.coupon.id if self.coupon else None,
            coupon_value=self.coupon.code if self.coupon else None,
            rule_index=0,
            rule_name=self.running.campaign.name,
            condition_index=0,
            details="the rule granted nothing",
        )


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of an occasion.

    Attributes:
        effects: The effects, in the order of the campaigns.
        verdicts: How each campaign fared.
        returns_before: What was returned of the session before.
        created_coupons: The coupons that effects made as they took hold.
        created_referrals: The referrals that effects made as they took hold.
    """

    occasion: Occasion
    effects: list[Effect]
    verdicts: list[Verdict] = attrs.field(factory=list[Verdict])
    returns_before: Sequence[Return] = ()
    created_coupons: list[Coupon] = attrs.field(factory=list[Coupon])
    created_referrals: list[Referral] = attrs.field(factory=list[Referral])


def effect_type(props: EffectProps) -> str:
    """The effect type that goes with properties."""
    return props.effect_type if isinstance(props, UnknownEffectProps) else _TYPES[type(props)]


def evaluate(deployment: Deployment, occasion: Occasion, evaluable: Omittable[list[int]] = None) -> Outcome:
    """Run the campaigns, in their order, and reject the codes that none of them knows.

    Args:
        deployment: Whose campaigns and codes they are.
        occasion: What the rules look at.
        evaluable: The numbers of the campaigns to run, if it is not all of them.
    """
    campaigns = deployment.campaigns
    chosen = [campaigns[number] for number in evaluable if number in campaigns] if evaluable else None
    outcome = run(deployment, occasion, campaigns.values() if chosen is None else chosen)
    outcome.effects.extend(_rejections(deployment, occasion, outcome.effects))
    return outcome


def run(deployment: Deployment, occasion: Occasion, campaigns: Iterable[RunningCampaign]) -> Outcome:
    """Run these campaigns, and no more than that.

    Args:
        deployment: Whose campaigns and codes they are.
        occasion: What the rules look at.
        campaigns: The campaigns.
    """
    effects: list[Effect] = []
    verdicts: list[Verdict] = []
    for running in campaigns:
        runs = running.campaign.runs(occasion.now)
        for code in _codes(deployment, running, occasion):
            if code is None and not runs:
                continue
            granted: list[EffectProps] = []
            rejection = (
                _rejection(deployment, running, code, occasion) if runs else "PartOfNotRunningCampaign"
            )
            if rejection is None:
                granted = list(running.campaign.rule(_seen(occasion, code)))
                rejection = _after_rule(deployment, running, code, granted)
            coupon = code if isinstance(code, CouponRecord) else None
            passed = bool(granted) and rejection is None
            verdicts.append(Verdict(running=running, coupon=coupon, passed=passed))
            if code is not None and rejection is not None:
                granted = [_rejected(code, rejection)]
            effects += [_effect(running, coupon, props) for props in granted]
    return Outcome(occasion=occasion, effects=effects, verdicts=verdicts)


def _codes(
    deployment: Deployment, running: RunningCampaign, occasion: Occasion
) -> Iterable[CouponRecord | ReferralRecord | None]:
    """What a campaign is evaluated for: each of its codes in the session, or, if it has none, just once."""
    campaign = running.campaign
    if not (running.has_coupons or campaign.referrals):
        return (None,)
    found: list[CouponRecord | ReferralRecord] = []
    if running.has_coupons:
        coupons = map(deployment.coupons.get, occasion.coupon_codes)
        found += [coupon for coupon in coupons if coupon and coupon.campaign_id == running.id]
    if campaign.referrals and occasion.session:
        referral = deployment.referrals.get(occasion.session.referral_code or "")
        if referral and referral.referral.campaign_id == running.id:
            found.append(referral)
    return found


def _seen(occasion: Occasion, code: CouponRecord | ReferralRecord | None) -> Occasion:
    match code:
        case CouponRecord():
            return attrs.evolve(occasion, coupon=code.code)
        case ReferralRecord():
            return attrs.evolve(occasion, referral=code.referral)
        case None:
            return occasion


def _rejection(
    deployment: Deployment,
    running: RunningCampaign,
    code: CouponRecord | ReferralRecord | None,
    occasion: Occasion,
) -> str | None:
    """Tell why a code cannot be used, before its rule is asked."""
    if code is None:
        return None
    rejection = code.rejection(occasion.profile_id, occasion.now)
    if rejection is not None:
        return rejection
    campaign, use = running.campaign, deployment.campaign_use[running.id]
    if isinstance(code, CouponRecord):
        used_up = campaign.coupon_limit and use.coupons >= campaign.coupon_limit
    else:
        used_up = campaign.referral_limit and use.referrals >= campaign.referral_limit
        if any(
            occasion.profile_id in other.referred
            for other in deployment.referrals.values()
            if occasion.profile_id and other.referral.campaign_id == running.id
        ):
            return "ReferralCustomerAlreadyReferred"
    return "CampaignLimitReached" if used_up else None


def _after_rule(
    deployment: Deployment,
    running: RunningCampaign,
    code: CouponRecord | ReferralRecord | None,
    granted: list[EffectProps],
) -> str | None:
    """Tell why a code cannot be used after all, by what its rule grants."""
    if code is None:
        return None
    if not granted:
        return "RejectedByCondition"
    budget = running.campaign.budget
    if budget and deployment.campaign_use[running.id].discount + discount_in(granted) > budget:
        return "EffectCouldNotBeApplied"
    return None


def discount_in(granted: Iterable[EffectProps | None]) -> float:
    """Add up the discounts among effects, in the Application's currency."""
    return sum(props.value for props in granted if isinstance(props, _DISCOUNTS))


def _rejected(code: CouponRecord | ReferralRecord, reason: str) -> EffectProps:
    """Make the effect that rejects a code; reasons that coupons and referrals share get their prefix."""
    kind = "Coupon" if isinstance(code, CouponRecord) else "Referral"
    condition = 0 if reason == "RejectedByCondition" else None
    if reason in ("RejectedByCondition", "PartOfNotRunningCampaign"):
        reason = f"{kind}{reason}"
    if isinstance(code, CouponRecord):
        return RejectCouponEffectProps(value=code.code, rejection_reason=reason, condition_index=condition)
    return RejectReferralEffectProps(
        value=code.referral.code, rejection_reason=reason, condition_index=condition
    )


def _effect(running: RunningCampaign, coupon: CouponRecord | None, props: EffectProps) -> Effect:
    return Effect(
        campaign_id=running.id,
        ruleset_id=running.ruleset_id,
        rule_index=0,
        rule_name=running.campaign.name,
        effect_type=effect_type(props),
        triggered_by_coupon=coupon.id if coupon else None,
        props=props,
    )


def _rejections(deployment: Deployment, occasion: Occasion, effects: list[Effect]) -> list[Effect]:
    """Reject the codes of the session that no campaign took up; none stands behind these effects."""
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
    rejected: list[EffectProps] = []
    for code in occasion.coupon_codes:
        record = deployment.coupons.get(code)
        if code not in judged and (record is None or not _ran(effects, record.campaign_id)):
            reason = "CouponPartOfNotTriggeredCampaign" if record else "CouponNotFound"
            rejected.append(RejectCouponEffectProps(value=code, rejection_reason=reason))
    referral = occasion.session.referral_code if occasion.session else None
    if referral and referral not in judged:
        known = referral in deployment.referrals
        reason = "ReferralPartOfNotTriggeredCampaign" if known else "ReferralNotFound"
        rejected.append(RejectReferralEffectProps(value=referral, rejection_reason=reason))
    return [
        Effect(
            campaign_id=0,
            ruleset_id=0,
            rule_index=0,
            rule_name="",
            effect_type=effect_type(props),
            props=props,
        )
        for props in rejected
    ]


def _ran(effects: list[Effect], campaign_id: int) -> bool:
    return any(effect.campaign_id == campaign_id for effect in effects)


def take_hold(deployment: Deployment, outcome: Outcome, *, still_open: bool = False) -> None:
    """Carry out effects: those of a closed session, of its undoing, or of an event.

    Effects that become others as they take hold, such as giveaways that get their code, are changed. Those
    that have further ones, such as points that lead to a new tier, are followed by them.

    Args:
        deployment: Where they take hold.
        outcome: What came of the call.
        still_open: Whether the session stays open, so that only those take hold that do so at once.
    """
    carried_out = effects_carried_out()
    at_once = effects_at_once()
    followed = 0
    for place, effect in enumerate(list(outcome.effects), 1):
        kind = type(effect.props)
        if not still_open:
            _create_code(deployment, outcome, effect)
            _count_discount(deployment, effect)
        carry_out = carried_out.get(kind)
        if carry_out is not None and (kind in at_once or not still_open):
            made = carry_out(deployment, outcome.occasion, effect.props)
            if made is not None:
                effect.props, *more = made if isinstance(made, tuple) else (made,)
                effect.effect_type = effect_type(effect.props)
                further = [
                    attrs.evolve(effect, effect_type=effect_type(props), props=props) for props in more
                ]
                outcome.effects[place + followed : place + followed] = further
                followed += len(further)


def _create_code(deployment: Deployment, outcome: Outcome, effect: Effect) -> None:
    """Make the code that an effect tells of, for one use; it belongs to the campaign of the effect."""
    match effect.props:
        case CouponCreatedEffectProps(value=code, profile_id=recipient):
            terms = CouponTerms(code, usage_limit=1, recipient=recipient or None)
            outcome.created_coupons.append(deployment.add_coupon(terms, effect.campaign_id).coupon())
        case ReferralCreatedEffectProps(value=code):
            referral = deployment.add_referral(
                code, effect.campaign_id, outcome.occasion.profile_id, usage_limit=1
            )
            outcome.created_referrals.append(referral.referral)
        case _:
            pass


def _count_discount(deployment: Deployment, effect: Effect) -> None:
    """Take note of the discount that an effect gives, or gives back, at its campaign."""
    use = deployment.campaign_use.get(effect.campaign_id)
    if use is not None:
        back = effect.props.value if isinstance(effect.props, RollbackDiscountEffectProps) else 0.0
        use.discount = amount(use.discount + discount_in([effect.props]) - back)
