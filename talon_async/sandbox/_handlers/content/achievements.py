"""The section of achievements."""

from talon_async.models.achievements import CustomerAchievement
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import current_progress
from talon_async.sandbox._rules.results import EvaluationResult


def active_achievements(deployment: DeploymentView, result: EvaluationResult) -> list[CustomerAchievement]:
    """The active achievements, with the customer's stored progress."""
    context = result.context
    rounds = deployment.store.achievement_progress.get(context.profile_id, [])
    return [
        CustomerAchievement(
            id=achievement.id,
            name=achievement.name,
            title=achievement.title,
            description=achievement.description,
            target=achievement.target,
            recurrence_policy=achievement.recurrence_policy,
            activation_policy=achievement.activation_policy,
            fixed_start_date=achievement.fixed_start_date,
            end_date=achievement.end_date,
            allow_rollback_after_completion=achievement.allow_rollback_after_completion,
            is_capped_by_target=achievement.capped_by_target,
            campaign_ids=[achievement.campaign_id],
            referenced_by_campaigns=achievement.campaign_references,
            current_progress=current_progress(achievement, rounds, context.now),
        )
        for achievement in deployment.application.achievements.values()
        if achievement.status(context.now) == "active"
    ]
