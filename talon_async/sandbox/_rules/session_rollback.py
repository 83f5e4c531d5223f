"""Rolls back all effects of a session that is cancelled or reopened."""

from talon_async.models.effect_props_loyalty import IncreaseAchievementProgressEffectProps
from talon_async.models.effects import Effect, EffectProps
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import can_roll_back
from talon_async.sandbox._domain.records import SessionRecord
from talon_async.sandbox._rules.points_reversal import ReturnPolicies
from talon_async.sandbox._rules.results import EvaluationResult
from talon_async.sandbox._rules.rollback import everything, roll_back


def roll_back_session(
    deployment: DeploymentView, record: SessionRecord, context: EvaluationContext
) -> tuple[EvaluationResult, list[Effect]]:
    """Roll back the effects of a session.

    Returns:
        The result with the rollback effects, and the effects that stay in force.
    """
    rounds = deployment.store.achievement_progress.get(context.profile_id, [])
    # The points of an open session are not booked yet, so no return policy limits them.
    points = everything if record.session.state == "open" else ReturnPolicies(deployment, record, everything)

    def share(props: EffectProps | None) -> float:
        if isinstance(props, IncreaseAchievementProgressEffectProps):
            return 1.0 if can_roll_back(deployment.application.achievements, rounds, props) else 0.0
        return points(props)

    rollbacks, effects = roll_back(record.effects, share, record.session.profile_id)
    return EvaluationResult(context=context, effects=rollbacks), effects
