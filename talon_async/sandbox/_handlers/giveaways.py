"""Giveaways: the codes that effects award."""

from talon_async.models.effect_props import (
    AwardGiveawayEffectProps,
    ErrorEffectProps,
    WillAwardGiveawayEffectProps,
)
from talon_async.models.giveaways import Giveaway
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._handlers.registry import carries_out, tells
from talon_async.sandbox._rules.evaluation import EvaluationResult


@carries_out(WillAwardGiveawayEffectProps)
def award_giveaway(
    deployment: Deployment, context: EvaluationContext, props: WillAwardGiveawayEffectProps
) -> AwardGiveawayEffectProps | ErrorEffectProps:
    """Give the next code of a pool away, if there is one left."""
    pool = deployment.giveaway_pools.get(props.pool_id)
    if pool is None:
        return ErrorEffectProps(message=f"There is no giveaway pool {props.pool_id}")
    awarded = deployment.giveaways.setdefault(pool.id, [])
    if len(awarded) >= len(pool.codes):
        return ErrorEffectProps(message=f"The giveaway pool {pool.name!r} has no codes left")
    recipient = deployment.profiles.get(props.recipient_integration_id)
    giveaway = Giveaway(
        id=deployment.next_id("giveaway"),
        created=context.now,
        code=pool.codes[len(awarded)],
        pool_id=pool.id,
        attributes={},
        used=True,
        profile_integration_id=props.recipient_integration_id,
        profile_id=recipient.profile.id if recipient else None,
    )
    awarded.append(giveaway)
    return AwardGiveawayEffectProps(
        pool_id=pool.id,
        pool_name=pool.name,
        recipient_integration_id=props.recipient_integration_id,
        giveaway_id=giveaway.id,
        code=giveaway.code,
    )


@tells("awardedGiveaways", "awarded_giveaways")
def giveaways_of(deployment: Deployment, result: EvaluationResult) -> list[Giveaway]:
    """The giveaways that the call handed out."""
    numbers = {
        effect.props.giveaway_id
        for effect in result.effects
        if isinstance(effect.props, AwardGiveawayEffectProps)
    }
    return [
        giveaway
        for awarded in deployment.giveaways.values()
        for giveaway in awarded
        if giveaway.id in numbers
    ]
