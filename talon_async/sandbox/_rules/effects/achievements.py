"""Appliers of achievement progress."""

import attrs

from talon_async.models.effect_props_loyalty import (
    IncreaseAchievementProgressEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
    StartAchievementProgressEffectProps,
)
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import TRACKER, ProgressRecord, new_round


def start_progress(
    deployment: DeploymentView, context: EvaluationContext, props: StartAchievementProgressEffectProps
) -> None:
    """Start a round."""
    _get_or_create_round(deployment, context, props.achievement_id, props.progress_tracker_id)


def increase_progress(
    deployment: DeploymentView, context: EvaluationContext, props: IncreaseAchievementProgressEffectProps
) -> None:
    """Increase the progress of a round, which starts if it has not."""
    entry = _get_or_create_round(deployment, context, props.achievement_id, props.progress_tracker_id)
    if entry is not None:
        target = deployment.application.achievements[props.achievement_id].target
        entry.change_progress(props.delta, target, context.now)


def roll_back_progress(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: RollbackIncreasedAchievementProgressEffectProps,
) -> RollbackIncreasedAchievementProgressEffectProps | None:
    """Decrease the progress of a round; the effect then shows the current progress of all sessions."""
    for entry in deployment.store.achievement_progress.get(context.profile_id, ()):
        if entry.tracker_id == props.progress_tracker_id:
            entry.change_progress(-props.decrease_progress_by, props.target, context.now)
            return attrs.evolve(props, current_progress=entry.progress)
    return None


def _get_or_create_round(
    deployment: DeploymentView, context: EvaluationContext, achievement_id: int, tracker_id: int | None
) -> ProgressRecord | None:
    """Find or create a round; `None` if the achievement is unknown or the session anonymous."""
    store = deployment.store
    achievement = deployment.application.achievements.get(achievement_id)
    if achievement is None or context.profile is None:
        return None
    rounds = store.achievement_progress.setdefault(context.profile_id, [])
    for entry in rounds:
        if entry.tracker_id == tracker_id:
            return entry
    if tracker_id is None:
        tracker_id = store.next_id(TRACKER)
    else:
        store.last_numbers[TRACKER] = max(tracker_id, store.last_numbers.get(TRACKER, 0))
    entry = new_round(achievement, tracker_id, context.now)
    rounds.append(entry)
    return entry
