"""Achievements: listed with a customer's progress, and what effects do to it."""

from datetime import datetime

import attrs

from talon_async._operations import GET_CUSTOMER_ACHIEVEMENT_HISTORY, GET_CUSTOMER_ACHIEVEMENTS
from talon_async.models.achievements import (
    AchievementProgress,
    AchievementStatusEntry,
    CustomerAchievement,
)
from talon_async.models.effect_props_loyalty import (
    IncreaseAchievementProgressEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
    StartAchievementProgressEffectProps,
)
from talon_async.models.pages import CountedPage
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.achievement_progress import (
    TRACKER,
    ProgressRecord,
    current_progress,
    new_round,
)
from talon_async.sandbox._errors import ApiError, bad_parameter
from talon_async.sandbox._handlers.registry import carries_out, handles, tells
from talon_async.sandbox._rules.evaluation import EvaluationResult


@handles(GET_CUSTOMER_ACHIEVEMENTS)
def list_achievements(
    deployment: Deployment,
    *,
    integration_id: str,
    campaign_ids: list[str] | None = None,
    achievement_ids: list[str] | None = None,
    achievement_status: list[str] | None = None,
    current_progress_status: list[str] | None = None,
    page_size: int = 1000,
    skip: int = 0,
) -> CountedPage[AchievementStatusEntry]:
    """List achievements, active ones unless asked otherwise, with the customer's progress."""
    deployment.require_profile(integration_id)
    campaigns = _numbers("campaignIds", campaign_ids)
    chosen = _numbers("achievementIds", achievement_ids)
    rounds = deployment.achievement_progress.get(integration_id, [])
    now = deployment.clock.now()
    entries = [
        AchievementStatusEntry(
            id=achievement.id,
            created=deployment.campaigns[achievement.campaign_id].created,
            name=achievement.name,
            title=achievement.title,
            description=achievement.description,
            target=achievement.target,
            period=achievement.period,
            recurrence_policy=achievement.recurrence_policy,
            activation_policy=achievement.activation_policy,
            fixed_start_date=achievement.fixed_start_date,
            end_date=achievement.end_date,
            allow_rollback_after_completion=achievement.allow_rollback_after_completion,
            campaign_id=achievement.campaign_id,
            status=achievement.status(now),
            current_progress=current_progress(achievement, rounds, now),
        )
        for achievement in deployment.achievements.values()
        if (campaigns is None or achievement.campaign_id in campaigns)
        and (chosen is None or achievement.id in chosen)
        and achievement.status(now) in (achievement_status or ["active"])
    ]
    if current_progress_status:
        entries = [
            entry
            for entry in entries
            if entry.current_progress and entry.current_progress.status in current_progress_status
        ]
    return CountedPage(total_result_size=len(entries), data=entries[skip : skip + page_size])


def _numbers(parameter: str, texts: list[str] | None) -> set[int] | None:
    if texts is None:
        return None
    try:
        return {int(text) for text in texts}
    except ValueError:
        raise bad_parameter(parameter, f"expected numbers, found {','.join(texts)}") from None


@handles(GET_CUSTOMER_ACHIEVEMENT_HISTORY)
def achievement_history(
    deployment: Deployment,
    *,
    integration_id: str,
    achievement_id: int,
    progress_status: list[str] | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    page_size: int = 1000,
    skip: int = 0,
) -> CountedPage[AchievementProgress]:
    """List a customer's rounds in an achievement, oldest first; the dates go by when they began."""
    deployment.require_profile(integration_id)
    if achievement_id not in deployment.achievements:
        raise ApiError(404, f"There is no achievement {achievement_id}")
    now = deployment.clock.now()
    rounds = [
        entry.told(now)
        for entry in deployment.achievement_progress.get(integration_id, [])
        if entry.achievement_id == achievement_id
        and (progress_status is None or entry.status(now) in progress_status)
        and (start_date is None or start_date <= entry.start_date)
        and (end_date is None or entry.start_date <= end_date)
    ]
    return CountedPage(total_result_size=len(rounds), data=rounds[skip : skip + page_size])


@tells("achievements", "achievements")
def achievements_of(deployment: Deployment, result: EvaluationResult) -> list[CustomerAchievement]:
    """The active achievements, with the progress that is stored of the customer."""
    context = result.context
    rounds = deployment.achievement_progress.get(context.profile_id, [])
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
            current_progress=current_progress(achievement, rounds, context.now),
        )
        for achievement in deployment.achievements.values()
        if achievement.status(context.now) == "active"
    ]


@carries_out(StartAchievementProgressEffectProps)
def start_progress(
    deployment: Deployment, context: EvaluationContext, props: StartAchievementProgressEffectProps
) -> None:
    """Store that the customer began a round."""
    _round(deployment, context, props.achievement_id, props.progress_tracker_id)


@carries_out(IncreaseAchievementProgressEffectProps)
def increase_progress(
    deployment: Deployment, context: EvaluationContext, props: IncreaseAchievementProgressEffectProps
) -> None:
    """Add to the progress in the round that the effect names, which begins if it has not."""
    entry = _round(deployment, context, props.achievement_id, props.progress_tracker_id)
    if entry is not None:
        entry.move(props.delta, deployment.achievements[props.achievement_id].target, context.now)


@carries_out(RollbackIncreasedAchievementProgressEffectProps)
def take_progress_back(
    deployment: Deployment, context: EvaluationContext, props: RollbackIncreasedAchievementProgressEffectProps
) -> RollbackIncreasedAchievementProgressEffectProps | None:
    """Take a step back; the effect then tells what is left, as other sessions may have moved on since."""
    for entry in deployment.achievement_progress.get(context.profile_id, ()):
        if entry.tracker_id == props.progress_tracker_id:
            entry.move(-props.decrease_progress_by, props.target, context.now)
            return attrs.evolve(props, current_progress=entry.progress)
    return None


def _round(
    deployment: Deployment, context: EvaluationContext, achievement_id: int, tracker_id: int | None
) -> ProgressRecord | None:
    """Find a round of the customer, or store a new one; `None` where it would belong to nobody or nothing."""
    achievement = deployment.achievements.get(achievement_id)
    if achievement is None or context.profile is None:
        return None
    rounds = deployment.achievement_progress.setdefault(context.profile_id, [])
    for entry in rounds:
        if entry.tracker_id == tracker_id:
            return entry
    if tracker_id is None:
        tracker_id = deployment.next_id(TRACKER)
    else:
        deployment.last_numbers[TRACKER] = max(tracker_id, deployment.last_numbers.get(TRACKER, 0))
    rounds.append(new_round(achievement, tracker_id, context.now))
    return rounds[-1]
