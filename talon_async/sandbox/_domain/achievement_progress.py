"""How far customers have come in achievements, and how rules bring them further."""

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
"""The kind of thing as which rounds are numbered."""


@attrs.define(kw_only=True)
class ProgressRecord:
    """One round of a customer in an achievement.

    Attributes:
        tracker_id: Its number, which effects bear as ``progressTrackerId``.
        progress: What counts toward the target so far.
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
        """Tell where the customer stands in this round."""
        if self.completion_date is not None:
            return "completed"
        return "expired" if self.end_date is not None and self.end_date <= now else "inprogress"

    def to_model(self, now: datetime) -> AchievementProgress:
        """The round as answers show it."""
        return AchievementProgress(
            status=self.status(now),
            progress=self.progress,
            start_date=self.start_date,
            completion_date=self.completion_date,
            end_date=self.end_date,
        )

    def change_progress(self, by: float, target: float, now: datetime) -> None:
        """Add to the progress, or with a negative number take from it, and note whether it completes."""
        self.progress = max(0.0, amount(self.progress + by))
        if self.progress < target:
            self.completion_date = None
        elif self.completion_date is None:
            self.completion_date = now


def new_round(achievement: Achievement, tracker_id: int, now: datetime) -> ProgressRecord:
    """Make a round that a customer begins."""
    return ProgressRecord(
        tracker_id=tracker_id,
        achievement_id=achievement.id,
        start_date=now,
        end_date=achievement.round_end(now),
    )


def current_round(
    achievement: Achievement, rounds: Iterable[ProgressRecord], now: datetime
) -> ProgressRecord | None:
    """Find the round that a customer is in, `None` where a new one can begin.

    Args:
        achievement: The achievement.
        rounds: All rounds of the customer, oldest first.
        now: The moment.
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
    """Tell where a customer stands in an achievement now."""
    entry = current_round(achievement, rounds, now)
    return entry.to_model(now) if entry else AchievementProgress(status="not_started", progress=0.0)


def can_roll_back(
    achievements: Mapping[int, Achievement],
    rounds: Iterable[ProgressRecord],
    props: IncreaseAchievementProgressEffectProps,
) -> bool:
    """Tell whether a step can be taken back: from a completed round only if its achievement allows that.

    Args:
        achievements: What is set up, by number.
        rounds: The customer's rounds.
        props: The step.
    """
    achievement = achievements.get(props.achievement_id)
    if achievement is None or achievement.allow_rollback_after_completion:
        return True
    return all(
        entry.completion_date is None for entry in rounds if entry.tracker_id == props.progress_tracker_id
    )


class CustomerAchievements:
    """What a rule sees of a customer's achievements, and how it grants progress in them.

    What is granted here counts for all that is asked and granted after it in the same evaluation. It is
    stored only as the effects take hold.

    Args:
        achievements: What is set up, by number.
        rounds: The customer's rounds, oldest first; `None` for an anonymous session, which makes no progress.
        next_tracker_id: The number for the next round that begins.
        now: The moment of the evaluation.
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
        """Tell where the customer stands in an achievement, by its name.

        Raises:
            ValueError: There is no such achievement.
        """
        return current_progress(self._find(name), self._draft or self._stored or (), self._now)

    def start(self, name: str) -> list[StartAchievementProgressEffectProps]:
        """Begin a round, unless the customer is in one or the achievement does not run.

        Args:
            name: The achievement.

        Returns:
            The properties for the rule to give: of one effect, or none.

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
        """Bring the customer closer to a target, in a new round if there has to be one.

        A round that is completed or expired takes no more. What goes past the target counts, and in an
        achievement that recurs on completion it begins the next round.

        Args:
            name: The achievement.
            by: The number of actions, or the amount.

        Returns:
            The properties for the rule to give: of one effect for each round, none if nothing moves.

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
            if achievement.recurrence_policy == "on_completion":
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
