"""The applier of giveaways."""

from talon_async.models.effect_props import (
    AwardGiveawayEffectProps,
    ErrorEffectProps,
    WillAwardGiveawayEffectProps,
)
from talon_async.models.giveaways import Giveaway
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView


def award_giveaway(
    deployment: DeploymentView, context: EvaluationContext, props: WillAwardGiveawayEffectProps
) -> AwardGiveawayEffectProps | ErrorEffectProps:
    """Award the next code of a pool, if one is left."""
    pool = deployment.application.giveaway_pools.get(props.pool_id)
    if pool is None:
        return ErrorEffectProps(message=f"There is no giveaway pool {props.pool_id}")
    awarded = deployment.store.giveaways.setdefault(pool.id, [])
    if len(awarded) >= len(pool.codes):
        return ErrorEffectProps(message=f"The giveaway pool {pool.name!r} has no codes left")
    recipient = deployment.store.profiles.get(props.recipient_integration_id)
    giveaway = Giveaway(
        id=deployment.store.next_id("giveaway"),
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
