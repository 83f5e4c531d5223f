"""The progress of customers in achievements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import attrs

from talon_async.models.achievements import AchievementProgress, AchievementProgressStatus
from talon_async.models.effect_props_loyalty import (
    IncreaseAchievementProgressEffectProps,
    StartAchievementProgressEffectProps,
)
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.amounts import amount

TRACKER: Final = "progress tracker"
"""The kind of record that rounds take their IDs from."""


@attrs.define(kw_only=True)
class ProgressRecord:
    """One round of a customer in an achievement.

    Attributes:
        tracker_id: Its ID, the ``progressTrackerId`` of effects.
        progress: The progress toward the target.
        completion_date: When the target was reached; `None` while it is not.
        end_date: When the round ends; `None` if it has no end.
    """

    tracker_id: int
    achievement_id: int
    progress: float = 0.0
    start_date: datetime
    completion_date: datetime | None = None
    end_date: datetime | None = None

    def status(self, now: datetime) -> AchievementProgressStatus:
        """Its status at a time."""
        if self.completion_date is not None:
            return "completed"
        return "expired" if self.end_date is not None and self.end_date <= now else "inprogress"

    def to_model(self, now: datetime) -> AchievementProgress:
        """The round, as responses show it."""
        return AchievementProgress(
            status=self.status(now),
            progress=self.progress,
            start_date=self.start_date,
            completion_date=self.completion_date,
            end_date=self.end_date,
        )

    def change_progress(self, by: float, target: float, now: datetime) -> None:
        """Change the progress by a positive or negative amount, and complete or reopen the round."""
        self.progress = max(0.0, amount(self.progress + by))
        if self.progress < target:
            self.completion_date = None
        elif self.completion_date is None:
            self.completion_date = now


def new_round(achievement: Achievement, tracker_id: int, now: datetime) -> ProgressRecord:
    """Make a round that starts now."""
    return ProgressRecord(
        tracker_id=tracker_id,
        achievement_id=achievement.id,
        start_date=now,
        end_date=achievement.round_end(now),
    )


def current_round(
    achievement: Achievement, rounds: Iterable[ProgressRecord], now: datetime
) -> ProgressRecord | None:
    """Find the current round of a customer; `None` if a new one can start.

    Args:
        achievement: The achievement.
        rounds: All rounds of the customer, oldest first.
        now: The time.
    """
    of_this = [entry for entry in rounds if entry.achievement_id == achievement.id]
    if not of_this:
        return None
    last = of_this[-1]
    match achievement.recurrence_policy:
        case "on_completion":
            return None if last.completion_date else last
        case "on_expiration":
            return None if last.end_date and last.end_date <= now else last
        case "no_recurrence":
            return last


def current_progress(
    achievement: Achievement, rounds: Iterable[ProgressRecord], now: datetime
) -> AchievementProgress:
    """The current progress of a customer in an achievement."""
    entry = current_round(achievement, rounds, now)
    return entry.to_model(now) if entry else AchievementProgress(status="not_started", progress=0.0)


def can_roll_back(
    achievements: Mapping[int, Achievement],
    rounds: Iterable[ProgressRecord],
    props: IncreaseAchievementProgressEffectProps,
) -> bool:
    """Whether progress can be rolled back: for a completed round only if its achievement allows it.

    Args:
        achievements: The achievements, by ID.
        rounds: The customer's rounds.
        props: The effect that increased the progress.
    """
    achievement = achievements.get(props.achievement_id)
    if achievement is None or achievement.allow_rollback_after_completion:
        return True
    return all(
        entry.completion_date is None for entry in rounds if entry.tracker_id == props.progress_tracker_id
    )


class CustomerAchievements:
    """The achievements of a customer in an evaluation: rules read and increase progress.

    An increase is visible to later rules of the same evaluation. It is stored when its effect is applied.

    Args:
        achievements: The achievements, by ID.
        rounds: The customer's rounds, oldest first; `None` for an anonymous session, which has no progress.
        next_tracker_id: The ID of the next new round.
        now: The time of the evaluation.
    """

    def __init__(
        self,
        achievements: Mapping[int, Achievement],
        rounds: Sequence[ProgressRecord] | None,
        *,
        next_tracker_id: int,
        now: datetime,
    ) -> None:
        self._achievements = achievements
        self._stored = rounds
        self._draft: list[ProgressRecord] | None = None
        self._next_tracker_id = next_tracker_id
        self._now = now

    def progress(self, name: str) -> AchievementProgress:
        """The customer's current progress in an achievement, by its name.

        Raises:
            ValueError: There is no such achievement.
        """
        return current_progress(self._find(name), self._draft or self._stored or (), self._now)

    def start(self, name: str) -> list[StartAchievementProgressEffectProps]:
        """Start a round, unless there is a current one or the achievement is not active.

        Args:
            name: The achievement.

        Returns:
            The effect properties to grant: of one effect, or none.

        Raises:
            ValueError: There is no such achievement.
        """
        achievement = self._find(name)
        if not self._runs(achievement) or current_round(achievement, self._rounds(), self._now):
            return []
        entry = self._begin(achievement)
        return [
            StartAchievementProgressEffectProps(
                achievement_id=achievement.id,
                achievement_name=achievement.name,
                progress_tracker_id=entry.tracker_id,
                target=achievement.target,
                start_date=entry.start_date,
                end_date=entry.end_date,
            )
        ]

    def increase(self, name: str, by: float = 1.0) -> list[IncreaseAchievementProgressEffectProps]:
        """Increase the customer's progress, in a new round if there is no current one.

        Completed and expired rounds do not change. Progress can exceed the target, unless the achievement is
        capped by its target, or recurs on completion, where the excess starts the next round.

        Args:
            name: The achievement.
            by: The number of actions, or the amount.

        Returns:
            The effect properties to grant: one per round, none if no progress changes.

        Raises:
            ValueError: There is no such achievement.
        """
        achievement = self._find(name)
        granted: list[IncreaseAchievementProgressEffectProps] = []
        while by > 0 and self._runs(achievement):
            entry = current_round(achievement, self._rounds(), self._now) or self._begin(achievement)
            if entry.status(self._now) != "inprogress":
                break
            step = by
            if achievement.capped_by_target or achievement.recurrence_policy == "on_completion":
                step = min(by, amount(achievement.target - entry.progress))
            entry.change_progress(step, achievement.target, self._now)
            by = amount(by - step)
            granted.append(
                IncreaseAchievementProgressEffectProps(
                    achievement_id=achievement.id,
                    achievement_name=achievement.name,
                    progress_tracker_id=entry.tracker_id,
                    delta=step,
                    value=entry.progress,
                    target=achievement.target,
                    is_just_completed=entry.completion_date is not None,
                )
            )
        return granted

    def _find(self, name: str) -> Achievement:
        for achievement in self._achievements.values():
            if achievement.name == name:
                return achievement
        raise ValueError(f"there is no achievement {name!r}")

    def _runs(self, achievement: Achievement) -> bool:
        return self._stored is not None and achievement.status(self._now) == "active"

    def _rounds(self) -> list[ProgressRecord]:
        if self._draft is None:
            self._draft = [attrs.evolve(entry) for entry in self._stored or ()]
        return self._draft

    def _begin(self, achievement: Achievement) -> ProgressRecord:
        entry = new_round(achievement, self._next_tracker_id, self._now)
        self._next_tracker_id += 1
        self._rounds().append(entry)
        return entry
