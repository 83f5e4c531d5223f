"""Applies the effects of an evaluation or a rollback."""

import attrs

from talon_async.models.effect_props import ErrorEffectProps, RollbackDiscountEffectProps
from talon_async.models.effect_props_codes import CouponCreatedEffectProps, ReferralCreatedEffectProps
from talon_async.models.effects import Effect
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.codes import CouponTerms
from talon_async.sandbox._rules.code_checks import total_discount
from talon_async.sandbox._rules.effects.table import APPLIERS
from talon_async.sandbox._rules.results import EvaluationResult, effect_type


def apply_effects(
    deployment: DeploymentView, result: EvaluationResult, *, session_open: bool = False
) -> None:
    """Apply effects, and update them in the result.

    An applied effect can change: a giveaway gets its code. It can have further effects, which follow it:
    added points can lead to a new tier. A dry run shows its effects as evaluated, without applying them.

    Args:
        deployment: The deployment.
        result: The effects.
        session_open: Whether the session stays open, where only some effects apply.
    """
    if deployment.dry:
        return
    applied: list[Effect] = []
    for effect in result.effects:
        if not session_open:
            _create_code(deployment, result, effect)
            _count_discount(deployment, effect)
        applied += [effect, *_apply(deployment, result, effect, session_open=session_open)]
    result.effects[:] = applied


def _apply(
    deployment: DeploymentView, result: EvaluationResult, effect: Effect, *, session_open: bool
) -> list[Effect]:
    """Apply an effect; return the effects that follow it."""
    applier = APPLIERS.get(type(effect.props))
    if applier is None or (session_open and not applier.while_open):
        return []
    changed = applier.apply(deployment, result.context, effect.props)
    if changed is None:
        return []
    effect.props, *following = changed if isinstance(changed, tuple) else (changed,)
    effect.effect_type = effect_type(effect.props)
    return [attrs.evolve(effect, effect_type=effect_type(props), props=props) for props in following]


def _create_code(deployment: DeploymentView, result: EvaluationResult, effect: Effect) -> None:
    """Create the code of an effect, for one redemption; if it exists already, the effect becomes an error."""
    store, now = deployment.store, deployment.clock.now()
    match effect.props:
        case CouponCreatedEffectProps(value=code) | ReferralCreatedEffectProps(value=code) if (
            code in store.coupons or code in store.referrals
        ):
            effect.props = ErrorEffectProps(message=f"The code {code!r} is taken")
            effect.effect_type = effect_type(effect.props)
        case CouponCreatedEffectProps(value=code, profile_id=recipient):
            terms = CouponTerms(code, usage_limit=1, recipient=recipient or None)
            result.created_coupons.append(store.add_coupon(terms, effect.campaign_id, now).to_model())
        case ReferralCreatedEffectProps(value=code):
            advocate = result.context.profile_id
            record = store.add_referral(code, effect.campaign_id, advocate, now, usage_limit=1)
            result.created_referrals.append(record.referral)
        case _:
            pass


def _count_discount(deployment: DeploymentView, effect: Effect) -> None:
    """Count a granted or rolled back discount against the budget of its campaign."""
    use = deployment.store.campaign_use.get(effect.campaign_id)
    if use is not None:
        back = effect.props.value if isinstance(effect.props, RollbackDiscountEffectProps) else 0.0
        use.discount = amount(use.discount + total_discount([effect.props]) - back)
