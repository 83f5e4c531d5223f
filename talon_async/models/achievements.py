"""Achievements: goals that a campaign sets for customers, and how far each customer has come."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import Limit, Model

__all__ = [
    "AchievementActivationPolicy",
    "AchievementProgress",
    "AchievementProgressStatus",
    "AchievementProgressWithDefinition",
    "AchievementRecurrencePolicy",
    "AchievementStatus",
    "AchievementStatusEntry",
    "CustomerAchievement",
    "TimePoint",
]

AchievementProgressStatus: TypeAlias = Literal["inprogress", "completed", "expired", "not_started"]
"""Where a customer stands in an achievement."""

AchievementRecurrencePolicy: TypeAlias = Literal["no_recurrence", "on_expiration", "on_completion"]
"""Whether an achievement can be done once, again after it expired, or again after completion."""

AchievementActivationPolicy: TypeAlias = Literal["user_action", "fixed_schedule"]
"""What the dates of an achievement go by: each customer's own start, or one schedule for all."""

AchievementStatus: TypeAlias = Literal["active", "scheduled"]
"""Whether an achievement runs or is yet to start."""


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementProgress(Model):
    """How far a customer has come in one round of an achievement.

    Listed by `getCustomerAchievementHistory`; elsewhere part of an achievement.

    Attributes:
        progress: What counts toward the target so far.
        start_date: When the customer started.
        completion_date: When the customer reached the target.
        end_date: When the round ends and the progress is reset.
    """

    status: AchievementProgressStatus | str
    progress: float
    start_date: datetime | None = None
    completion_date: datetime | None = None
    end_date: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerAchievement(Model):
    """An achievement and the customer's progress in it, as sent along with effects.

    Comes with `updateCustomerSessionV2` and `trackEventV2` if ``achievements`` is among the response content
    asked for.

    Attributes:
        name: The name in API requests.
        title: The name shown in the Campaign Manager.
        target: How many actions, or what amount, complete the achievement.
        fixed_start_date: When it starts for everybody; only with the ``fixed_schedule`` policy.
        end_date: After this nobody can take part; `None` if it does not end.
        allow_rollback_after_completion: Whether progress can be undone after completion.
        is_capped_by_target: Whether progress ends at the target; the schema requires but does not define it.
    """

    id: int
    name: Annotated[str, Limit(min_length=1, max_length=1000, pattern=r"^[a-zA-Z]\w+$")]
    title: str
    description: str
    target: float
    recurrence_policy: AchievementRecurrencePolicy | str
    activation_policy: AchievementActivationPolicy | str
    fixed_start_date: datetime | None = None
    end_date: datetime | None = None
    allow_rollback_after_completion: bool
    is_capped_by_target: bool | None = None
    current_progress: AchievementProgress | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementProgressWithDefinition(AchievementProgress):
    """A customer's progress and the achievement that it is in, as `getCustomerInventory` gives it.

    The attributes that start with ``achievement_`` and those listed here are of the achievement, the
    inherited ones of the progress.

    Attributes:
        name: The name in API requests.
        title: The name shown in the Campaign Manager.
        target: How many actions, or what amount, complete the achievement.
        achievement_fixed_start_date: When it starts for everybody; only with the ``fixed_schedule`` policy.
        achievement_end_date: After this nobody can take part; `None` if it does not end.
        achievement_allow_rollback_after_completion: Whether progress can be undone after completion.
    """

    achievement_id: int
    name: Annotated[str, Limit(min_length=1, max_length=1000, pattern=r"^[a-zA-Z]\w+$")]
    title: str
    description: str
    campaign_id: int
    target: float | None = None
    achievement_recurrence_policy: AchievementRecurrencePolicy | str
    achievement_activation_policy: AchievementActivationPolicy | str
    achievement_fixed_start_date: datetime | None = None
    achievement_end_date: datetime | None = None
    achievement_allow_rollback_after_completion: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class TimePoint(Model):
    """A point in the calendar at which an achievement ends and is reset, in the Application's time zone.

    Attributes:
        month: Set only for periods in years.
        day_of_month: Set only for periods in years or months.
        day_of_week: Set only for periods in weeks; 1 is Monday.
    """

    month: Annotated[int, Limit(minimum=1, maximum=12)] | None = None
    day_of_month: Annotated[int, Limit(minimum=1, maximum=31)] | None = None
    day_of_week: Annotated[int, Limit(minimum=1, maximum=7)] | None = None
    hour: int
    minute: int
    second: int


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementStatusEntry(Model):
    """An achievement, running or scheduled, with a customer's progress in it.

    Listed by `getCustomerAchievements`.

    Attributes:
        id: The ID of the achievement.
        name: The name in API requests; starts with a letter and never changes.
        title: The name shown in the Campaign Manager.
        target: How many actions, or what amount, complete the achievement.
        period: How long a customer has until the achievement ends and is reset: a positive number and a unit,
            ``s``, ``m`` (minutes), ``h``, ``D``, ``W``, ``M`` (months) or ``Y``. A further ``_D`` rounds down
            to the start of the day, ``_U`` up to the end of the day, week, month or year, as in ``23W_U``. It
            does not run from `created`.
        period_end_override: Deprecated. A fixed point for the end, in place of rounding.
        fixed_start_date: When it starts for everybody; only with the ``fixed_schedule`` policy.
        end_date: After this nobody can take part; `None` if it does not end.
        allow_rollback_after_completion: Whether progress can be undone after completion.
        status: Whether the achievement runs or is yet to start. Only active ones are listed unless asked for.
    """

    id: int
    created: datetime
    name: Annotated[str, Limit(min_length=1, max_length=1000, pattern=r"^[a-zA-Z]\w+$")]
    title: str
    description: str
    target: float
    period: str | None = None
    period_end_override: TimePoint | None = None
    recurrence_policy: AchievementRecurrencePolicy | str | None = None
    activation_policy: AchievementActivationPolicy | str | None = None
    fixed_start_date: datetime | None = None
    end_date: datetime | None = None
    allow_rollback_after_completion: bool | None = None
    campaign_id: int | None = None
    status: AchievementStatus | str | None = None
    current_progress: AchievementProgress | None = None
