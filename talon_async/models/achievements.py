"""Achievements: goals of a campaign for customers, and each customer's progress."""

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
    "CampaignReference",
    "CustomerAchievement",
    "TimePoint",
]

AchievementProgressStatus: TypeAlias = Literal["inprogress", "completed", "expired", "not_started"]
"""The status of a customer's progress in an achievement."""

AchievementRecurrencePolicy: TypeAlias = Literal["no_recurrence", "on_expiration", "on_completion"]
"""Whether an achievement is available once, again after it expires, or again after completion."""

AchievementActivationPolicy: TypeAlias = Literal["user_action", "fixed_schedule"]
"""Whether an achievement's dates depend on each customer's start or follow one schedule for all."""

AchievementStatus: TypeAlias = Literal["active", "scheduled"]
"""Whether an achievement is running or starts later."""


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementProgress(Model):
    """A customer's progress in one iteration of an achievement.

    Listed by `getCustomerAchievementHistory`; other responses contain it in an achievement.

    Attributes:
        status: The status of the progress.
        progress: The progress toward the target.
        start_date: When the customer started.
        completion_date: When the customer completed the achievement.
        end_date: When the iteration ends and the progress resets.
    """

    status: AchievementProgressStatus | str
    progress: float
    start_date: datetime | None = None
    completion_date: datetime | None = None
    end_date: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CampaignReference(Model):
    """A campaign that uses an achievement.

    Attributes:
        id: The campaign.
        application_id: The Application of the campaign.
    """

    id: int | None = None
    application_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerAchievement(Model):
    """An achievement and the customer's progress in it.

    Returned by `updateCustomerSessionV2` and `trackEventV2` if ``responseContent`` contains ``achievements``.

    Attributes:
        id: Talon.One's ID of the achievement.
        name: The name in API requests.
        title: The name in the Campaign Manager.
        description: The description in the Campaign Manager.
        target: The number of actions, or the amount, that completes the achievement.
        recurrence_policy: Whether the achievement recurs.
        activation_policy: What the dates of the achievement depend on.
        fixed_start_date: When the achievement starts for all customers. Only with the policy
            ``fixed_schedule``.
        end_date: When participation ends; `None` for never.
        allow_rollback_after_completion: Whether the progress of a completed achievement can be rolled back.
        is_capped_by_target: Whether progress stops at the target. The contract requires the field and does
            not define it.
        campaign_ids: The campaigns that use the achievement, in ascending order. Since API version 26.17.
        referenced_by_campaigns: The same campaigns with their Applications. Since API version 26.17.
        current_progress: The customer's progress.
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
    campaign_ids: list[int] | None = None
    referenced_by_campaigns: list[CampaignReference] | None = None
    current_progress: AchievementProgress | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementProgressWithDefinition(AchievementProgress):
    """A customer's progress and the definition of the achievement.

    Returned by `getCustomerInventory`. `AchievementProgress` documents the inherited attributes. The
    attributes below describe the achievement.

    Attributes:
        achievement_id: Talon.One's ID of the achievement.
        name: The name in API requests.
        title: The name in the Campaign Manager.
        description: The description in the Campaign Manager.
        campaign_id: The campaign of the achievement.
        campaign_ids: The campaigns that use the achievement, in ascending order. Since API version 26.17.
        referenced_by_campaigns: The same campaigns with their Applications. Since API version 26.17.
        target: The number of actions, or the amount, that completes the achievement.
        achievement_recurrence_policy: Whether the achievement recurs.
        achievement_activation_policy: What the dates of the achievement depend on.
        achievement_fixed_start_date: When the achievement starts for all customers. Only with the policy
            ``fixed_schedule``.
        achievement_end_date: When participation ends; `None` for never.
        achievement_allow_rollback_after_completion: Whether the progress of a completed achievement can be
            rolled back.
    """

    achievement_id: int
    name: Annotated[str, Limit(min_length=1, max_length=1000, pattern=r"^[a-zA-Z]\w+$")]
    title: str
    description: str
    campaign_id: int
    campaign_ids: list[int] | None = None
    referenced_by_campaigns: list[CampaignReference] | None = None
    target: float | None = None
    achievement_recurrence_policy: AchievementRecurrencePolicy | str
    achievement_activation_policy: AchievementActivationPolicy | str
    achievement_fixed_start_date: datetime | None = None
    achievement_end_date: datetime | None = None
    achievement_allow_rollback_after_completion: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class TimePoint(Model):
    """The date and time at which an achievement ends and resets, in the Application's time zone.

    Attributes:
        month: The month, 1 to 12. Only for periods in years.
        day_of_month: The day of the month, 1 to 31. Only for periods in years or months.
        day_of_week: The day of the week, 1 (Monday) to 7. Only for periods in weeks.
        hour: The hour.
        minute: The minute.
        second: The second.
    """

    month: Annotated[int, Limit(minimum=1, maximum=12)] | None = None
    day_of_month: Annotated[int, Limit(minimum=1, maximum=31)] | None = None
    day_of_week: Annotated[int, Limit(minimum=1, maximum=7)] | None = None
    hour: int
    minute: int
    second: int


@attrs.define(kw_only=True, eq=False, repr=False)
class AchievementStatusEntry(Model):
    """An achievement, running or scheduled, with the customer's progress in it.

    Listed by `getCustomerAchievements`.

    Attributes:
        id: Talon.One's ID of the achievement.
        created: When the achievement was created.
        name: The name in API requests. It starts with a letter and never changes.
        title: The name in the Campaign Manager.
        description: The description in the Campaign Manager.
        target: The number of actions, or the amount, that completes the achievement.
        period: How long an iteration lasts for a customer: a positive number and a unit, ``s``, ``m``
            (minutes), ``h``, ``D``, ``W``, ``M`` (months) or ``Y``, such as ``6W``. The suffix ``_D`` rounds
            down to the start of the day, ``_U`` up to the end of the day, week, month or year. The period
            does not start at `created`.
        period_end_override: Deprecated. A fixed date and time at which the iteration ends, instead of
            rounding.
        recurrence_policy: Whether the achievement recurs.
        activation_policy: What the dates of the achievement depend on.
        fixed_start_date: When the achievement starts for all customers. Only with the policy
            ``fixed_schedule``.
        end_date: When participation ends; `None` for never.
        allow_rollback_after_completion: Whether the progress of a completed achievement can be rolled back.
        campaign_id: The campaign of the achievement.
        campaign_ids: The campaigns that use the achievement, in ascending order. Since API version 26.17.
        referenced_by_campaigns: The same campaigns with their Applications. Since API version 26.17.
        status: Whether the achievement is running or scheduled.
        current_progress: The customer's progress.
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
    campaign_ids: list[int] | None = None
    referenced_by_campaigns: list[CampaignReference] | None = None
    status: AchievementStatus | str | None = None
    current_progress: AchievementProgress | None = None
