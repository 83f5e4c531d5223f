"""Handlers of achievements: their list, and the history of a customer's rounds."""

from datetime import datetime

from talon_async.models.achievements import AchievementProgress, AchievementStatusEntry
from talon_async.models.pages import CountedPage
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import current_progress
from talon_async.sandbox._errors import ApiError, bad_parameter


def list_achievements(
    deployment: DeploymentView,
    *,
    integration_id: str,
    campaign_ids: list[str] | None = None,
    achievement_ids: list[str] | None = None,
    achievement_status: list[str] | None = None,
    current_progress_status: list[str] | None = None,
    page_size: int = 1000,
    skip: int = 0,
) -> CountedPage[AchievementStatusEntry]:
    """List achievements with the customer's progress; only active ones by default."""
    deployment.store.require_profile(integration_id)
    campaigns = _numbers("campaignIds", campaign_ids)
    chosen = _numbers("achievementIds", achievement_ids)
    rounds = deployment.store.achievement_progress.get(integration_id, [])
    now = deployment.clock.now()
    entries = [
        AchievementStatusEntry(
            id=achievement.id,
            created=deployment.application.campaigns[achievement.campaign_id].created,
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
            campaign_ids=[achievement.campaign_id],
            referenced_by_campaigns=achievement.campaign_references,
            status=achievement.status(now),
            current_progress=current_progress(achievement, rounds, now),
        )
        for achievement in deployment.application.achievements.values()
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


def achievement_history(
    deployment: DeploymentView,
    *,
    integration_id: str,
    achievement_id: int,
    progress_status: list[str] | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    page_size: int = 1000,
    skip: int = 0,
) -> CountedPage[AchievementProgress]:
    """List a customer's rounds in an achievement, oldest first; the dates filter by their start."""
    deployment.store.require_profile(integration_id)
    if achievement_id not in deployment.application.achievements:
        raise ApiError(404, f"There is no achievement {achievement_id}")
    now = deployment.clock.now()
    rounds = [
        entry.to_model(now)
        for entry in deployment.store.achievement_progress.get(integration_id, [])
        if entry.achievement_id == achievement_id
        and (progress_status is None or entry.status(now) in progress_status)
        and (start_date is None or start_date <= entry.start_date)
        and (end_date is None or entry.start_date <= end_date)
    ]
    return CountedPage(total_result_size=len(rounds), data=rounds[skip : skip + page_size])
