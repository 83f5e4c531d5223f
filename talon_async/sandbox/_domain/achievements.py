"""Achievements, as they are configured."""

import re
from datetime import datetime
from typing import Final

import attrs

from talon_async.models.achievements import (
    AchievementActivationPolicy,
    AchievementRecurrencePolicy,
    AchievementStatus,
    CampaignReference,
)
from talon_async.sandbox._domain.periods import check_period, next_end, period_end
from talon_async.sandbox._domain.records import APPLICATION_ID
from talon_async.sandbox._domain.utc import moment_or_none

_NAME: Final = re.compile(r"[a-zA-Z]\w{1,999}")


@attrs.frozen(kw_only=True)
class Achievement:
    """A goal for customers; rules increase their progress.

    Attributes:
        id: Its ID.
        name: Its name in rules and the API: a letter, then letters, digits and ``_``.
        title: Its display name.
        target: The number of actions or the amount that completes it.
        campaign_id: The ID of its campaign.
        period: How long a round lasts, such as ``30D``, ``1Y`` or ``4W_U``; without one, rounds end with the
            achievement.
        recurrence_policy: Whether it can be completed once (``no_recurrence``), again after a round expires
            (``on_expiration``, which requires a period), or again immediately (``on_completion``, whose
            rounds have no end).
        activation_policy: Whether a round starts with the customer's first action (``user_action``), or
            rounds follow each other from `fixed_start_date` for all customers (``fixed_schedule``).
        fixed_start_date: When it starts; required for ``fixed_schedule`` only.
        end_date: When it ends; never if `None`.
        capped_by_target: Whether progress stops at the target; otherwise it can exceed it.
        allow_rollback_after_completion: Whether a cancelled or reopened session also rolls back the progress
            of a completed round; not for ``on_completion``.
    """

    id: int
    name: str
    title: str
    description: str = ""
    target: float
    campaign_id: int = 1
    period: str | None = None
    recurrence_policy: AchievementRecurrencePolicy = "no_recurrence"
    activation_policy: AchievementActivationPolicy = "user_action"
    fixed_start_date: datetime | None = attrs.field(default=None, validator=moment_or_none)
    end_date: datetime | None = attrs.field(default=None, validator=moment_or_none)
    capped_by_target: bool = False
    allow_rollback_after_completion: bool = False

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"name: expected a letter, then letters, digits and _, found {self.name!r}")
        if self.target <= 0:
            raise ValueError(f"target: expected more than 0, found {self.target}")
        if self.period is not None:
            check_period(self.period)
        if (self.activation_policy == "fixed_schedule") != (self.fixed_start_date is not None):
            raise ValueError("fixed_start_date: required for fixed_schedule, and not allowed otherwise")
        if self.recurrence_policy == "on_expiration" and self.period is None:
            raise ValueError("period: on_expiration requires one")
        if self.recurrence_policy == "on_completion" and (
            self.period is not None or self.allow_rollback_after_completion
        ):
            raise ValueError("on_completion: neither period nor allow_rollback_after_completion is allowed")

    @property
    def campaign_references(self) -> list[CampaignReference]:
        """The campaigns that use it."""
        return [CampaignReference(id=self.campaign_id, application_id=APPLICATION_ID)]

    def status(self, now: datetime) -> AchievementStatus | None:
        """Its status at a time; `None` once it has ended."""
        if self.fixed_start_date is not None and now < self.fixed_start_date:
            return "scheduled"
        end = self._end()
        return "active" if end is None or now < end else None

    def round_end(self, start: datetime) -> datetime | None:
        """When a round ends; `None` if it has no end.

        Args:
            start: When the round starts.
        """
        if self.recurrence_policy == "on_completion":
            return None
        end = self._end()
        if self.period is None:
            return end
        if self.fixed_start_date is None:
            own = period_end(start, self.period)
        else:
            own = next_end(self.fixed_start_date, self.period, start)
        return own if end is None else min(own, end)

    def _end(self) -> datetime | None:
        if self.recurrence_policy == "no_recurrence" and self.fixed_start_date and self.period:
            only_round = period_end(self.fixed_start_date, self.period)
            return only_round if self.end_date is None else min(only_round, self.end_date)
        return self.end_date
