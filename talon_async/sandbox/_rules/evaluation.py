"""Runs the campaigns, makes effects of what their rules give, and lets them take hold."""

import copy
from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from talon_async.models.base import Model, Omittable
from talon_async.models.coupons import Coupon
from talon_async.models.effect_props import ErrorEffectProps, RollbackDiscountEffectProps
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    CouponCreatedEffectProps,
    ReferralCreatedEffectProps,
)
from talon_async.models.effects import EFFECT_PROPS, Effect, EffectProps, UnknownEffectProps
from talon_async.models.referrals import Referral
from talon_async.models.sessions import Return
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment, RunningCampaign
from talon_async.sandbox._deployment.store import CampaignUse
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.codes import CouponRecord, CouponTerms, ReferralRecord
from talon_async.sandbox._handlers.registry import effects_at_once, effects_carried_out
from talon_async.sandbox._rules.code_checks import (
    Code,
    check_code,
    check_grants,
    reject_unmatched_codes,
    rejection_effect,
    total_discount,
)

NO_CODE: Final = "NoCode"
"""Stands in a `CampaignResult` of a campaign whose codes are not in the session."""
_TYPES: Final[dict[type[Model], str]] = {}
for _name, _cls in EFFECT_PROPS.items():
    if _cls is not None:
        # Where two types share their properties, the first is what the service's newer clients know.
        _TYPES.setdefault(_cls, _name)


@attrs.frozen(kw_only=True)
class CampaignResult:
    """How a campaign fared, for one of its codes if it has any.

    Attributes:
        code: The code that it was evaluated for.
        rejection: Why it granted nothing; `None` if it did.
    """

    running: RunningCampaign
    code: Code | None
    rejection: str | None

    @property
    def passed(self) -> bool:
        """Whether it granted something."""
        return self.rejection is None


@attrs.frozen(kw_only=True)
class EvaluationResult:
    """What came of an context.

    Attributes:
        effects: The effects, in the order of the campaigns.
        campaign_results: How each campaign fared.
        returns_before: What was returned of the session before.
        created_coupons: The coupons that effects made as they took hold.
        created_referrals: The referrals that effects made as they took hold.
    """

    context: EvaluationContext
    effects: list[Effect]
    campaign_results: list[CampaignResult] = attrs.field(factory=list[CampaignResult])
    returns_before: Sequence[Return] = ()
    created_coupons: list[Coupon] = attrs.field(factory=list[Coupon])
    created_referrals: list[Referral] = attrs.field(factory=list[Referral])


def effect_type(props: EffectProps) -> str:
    """The effect type that goes with properties."""
    return props.effect_type if isinstance(props, UnknownEffectProps) else _TYPES[type(props)]


def evaluate(
    deployment: Deployment, context: EvaluationContext, evaluable: Omittable[list[int]] = None
) -> EvaluationResult:
    """Run the campaigns, in their order, and reject the codes that none of them knows.

    Args:
        deployment: Whose campaigns and codes they are.
        context: What the rules look at.
        evaluable: The numbers of the campaigns to run, if it is not all of them.
    """
    campaigns: Iterable[RunningCampaign] = deployment.campaigns.values()
    if evaluable:
        campaigns = [running for running in campaigns if running.id in evaluable]
    result = run(deployment, context, campaigns)
    result.effects.extend(
        [
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
    )
    return result


def run(
    deployment: Deployment,
    context: EvaluationContext,
    campaigns: Iterable[RunningCampaign],
    held: Sequence[Effect] = (),
) -> EvaluationResult:
    """Run these campaigns, and no more than that.

    Args:
        deployment: Whose campaigns and codes they are.
        context: What the rules look at.
        campaigns: The campaigns.
        held: What they granted the session before, if they run for it again: it is in the place of this that
            they grant anew, so that codes are not judged twice, and discounts count once.
    """
    effects: list[Effect] = []
    campaign_results: list[CampaignResult] = []
    redeemed = {
        effect.props.value
        for effect in held
        if isinstance(effect.props, AcceptCouponEffectProps | AcceptReferralEffectProps)
    }
    for running in campaigns:
        campaign = running.campaign
        runs = campaign.runs(context.now)
        codes = _codes(deployment, running, context)
        if runs and not codes:
            campaign_results.append(CampaignResult(running=running, code=None, rejection=NO_CODE))
        use = _use(deployment, running, held)
        for code in codes:
            granted: list[EffectProps] = []
            if not runs:
                rejection = "PartOfNotRunningCampaign"
            elif code is None or code.code in redeemed:
                rejection = None
            else:
                rejection = check_code(campaign, use, code, context)
            if rejection is None:
                granted = list(campaign.rule(_seen(context, code)))
                rejection = check_grants(campaign, use, granted)
            if code is not None or runs:
                campaign_results.append(CampaignResult(running=running, code=code, rejection=rejection))
            if rejection is None:
                _count(use, code, granted)
            else:
                granted = [rejection_effect(code, rejection)] if code is not None else []
            coupon_id = code.id if isinstance(code, CouponRecord) else None
            effects += [_effect(running, coupon_id, props) for props in granted]
    return EvaluationResult(context=context, effects=effects, campaign_results=campaign_results)


def _codes(deployment: Deployment, running: RunningCampaign, context: EvaluationContext) -> list[Code | None]:
    """What a campaign is evaluated for: its codes in the session, and once without if it needs none."""
    found: list[Code | None] = []
    if not (running.has_coupons or running.campaign.referrals):
        found.append(None)
    for code in context.coupon_codes:
        coupon = deployment.coupons.get(code)
        if coupon and coupon.campaign_id == running.id:
            found.append(coupon)
    if running.campaign.referrals and context.session:
        referral = deployment.referrals.get(context.session.referral_code or "")
        if referral and referral.campaign_id == running.id:
            found.append(referral)
    return found


def _use(deployment: Deployment, running: RunningCampaign, held: Sequence[Effect]) -> CampaignUse:
    """What is used up of a campaign's limits, as a copy that counts on, without what is granted anew."""
    use = copy.copy(deployment.campaign_use[running.id])
    use.discount -= total_discount(effect.props for effect in held if effect.campaign_id == running.id)
    return use


def _count(use: CampaignUse, code: Code | None, granted: list[EffectProps]) -> None:
    """Count what a campaign grants for a code, so that the next code finds less left."""
    use.discount += total_discount(granted)
    if isinstance(code, CouponRecord):
        use.coupons += 1


def _seen(context: EvaluationContext, code: Code | None) -> EvaluationContext:
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


def apply_effects(deployment: Deployment, result: EvaluationResult, *, session_open: bool = False) -> None:
    """Carry out effects: those of a closed session, of its undoing, or of an event.

    Effects that become others as they take hold, such as giveaways that get their code, are changed. Those
    that have further ones, such as points that lead to a new tier, are followed by them.

    Args:
        deployment: Where they take hold.
        result: What came of the call.
        session_open: Whether the session stays open, so that only those take hold that do so at once.
    """
    carried_out = effects_carried_out()
    at_once = effects_at_once()
    followed = 0
    for place, effect in enumerate(list(result.effects), 1):
        kind = type(effect.props)
        if not session_open:
            _create_code(deployment, result, effect)
            _count_discount(deployment, effect)
        carry_out = carried_out.get(kind)
        if carry_out is not None and (kind in at_once or not session_open):
            made = carry_out(deployment, result.context, effect.props)
            if made is not None:
                effect.props, *more = made if isinstance(made, tuple) else (made,)
                effect.effect_type = effect_type(effect.props)
                further = [
                    attrs.evolve(effect, effect_type=effect_type(props), props=props) for props in more
                ]
                result.effects[place + followed : place + followed] = further
                followed += len(further)


def _create_code(deployment: Deployment, result: EvaluationResult, effect: Effect) -> None:
    """Make the code that an effect tells of, for one use; it belongs to the campaign of the effect.

    Where the code is taken, the effect becomes an error.
    """
    match effect.props:
        case CouponCreatedEffectProps(value=code) | ReferralCreatedEffectProps(value=code) if (
            code in deployment.coupons or code in deployment.referrals
        ):
            effect.props = ErrorEffectProps(message=f"The code {code!r} is taken")
            effect.effect_type = effect_type(effect.props)
        case CouponCreatedEffectProps(value=code, profile_id=recipient):
            terms = CouponTerms(code, usage_limit=1, recipient=recipient or None)
            result.created_coupons.append(deployment.add_coupon(terms, effect.campaign_id).coupon())
        case ReferralCreatedEffectProps(value=code):
            referral = deployment.add_referral(
                code, effect.campaign_id, result.context.profile_id, usage_limit=1
            )
            result.created_referrals.append(referral.referral)
        case _:
            pass


def _count_discount(deployment: Deployment, effect: Effect) -> None:
    """Take note of the discount that an effect gives, or gives back, at its campaign."""
    use = deployment.campaign_use.get(effect.campaign_id)
    if use is not None:
        back = effect.props.value if isinstance(effect.props, RollbackDiscountEffectProps) else 0.0
        use.discount = amount(use.discount + total_discount([effect.props]) - back)
