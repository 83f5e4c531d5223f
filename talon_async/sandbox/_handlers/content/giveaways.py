"""The section of awarded giveaways."""

from talon_async.models.effect_props import AwardGiveawayEffectProps
from talon_async.models.giveaways import Giveaway
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._rules.results import EvaluationResult


def awarded_giveaways(deployment: DeploymentView, result: EvaluationResult) -> list[Giveaway]:
    """Build the giveaways that the request awarded."""
    awarded = [
        effect.props for effect in result.effects if isinstance(effect.props, AwardGiveawayEffectProps)
    ]
    ids = {props.giveaway_id for props in awarded}
    return [
        giveaway
        for pool_id in dict.fromkeys(props.pool_id for props in awarded)
        for giveaway in deployment.store.giveaways[pool_id]
        if giveaway.id in ids
    ]
