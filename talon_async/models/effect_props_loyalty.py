"""Properties of the effects on loyalty points and tiers, audiences and achievements.

Which class belongs to which effect type is in `talon_async.models.effects`.
"""

from datetime import datetime
from typing import Annotated

import attrs

from talon_async.models.base import IntegrationId, LoyaltyCardIdentifier, Model, Wire

__all__ = [
    "AddLoyaltyPointsEffectProps",
    "AddToAudienceEffectProps",
    "ChangeLoyaltyTierLevelEffectProps",
    "DeductLoyaltyPointsEffectProps",
    "ExtendLoyaltyPointsExpiryDateEffectProps",
    "IncreaseAchievementProgressEffectProps",
    "LoyaltyLedgerEntryExpiryDateChange",
    "RemoveFromAudienceEffectProps",
    "RollbackAddedLoyaltyPointsEffectProps",
    "RollbackDeductedLoyaltyPointsEffectProps",
    "RollbackIncreasedAchievementProgressEffectProps",
    "SetLoyaltyPointsExpiryDateEffectProps",
    "StartAchievementProgressEffectProps",
]


@attrs.define(kw_only=True, eq=False, repr=False)
class AddLoyaltyPointsEffectProps(Model):
    """Points that a profile or loyalty card earns; they count once the session is closed.

    Attributes:
        name: Why the points are given.
        sub_ledger_id: The subledger that gets the points.
        value: How many points.
        desired_value: How many it would be without a budget; only where partial rewards are enabled.
        recipient_integration_id: The profile that earns them; tells whose points they are in a program for
            profiles.
        start_date: From when the points can be spent, if the rule sets that.
        expiry_date: Until when they can be spent, if the rule sets that.
        transaction_uuid: The entry in the ledger.
        cart_item_position: The cart item that earned the points, where they are given per item.
        cart_item_sub_position: The unit of that line item.
        card_identifier: The card that gets the points, in a program for cards.
        bundle_index: Which of the bundles made from `bundle_name`, where the items are bundled.
        bundle_name: The bundle definition.
        awaits_activation: Whether an action has to start the points; `None` for points that start otherwise.
        validity_duration: How long the points last from their start, such as ``12M``.
    """

    name: str
    program_id: int
    sub_ledger_id: str
    value: float
    desired_value: float | None = None
    recipient_integration_id: IntegrationId
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    cart_item_position: float | None = None
    cart_item_sub_position: float | None = None
    card_identifier: LoyaltyCardIdentifier | None = None
    bundle_index: int | None = None
    bundle_name: str | None = None
    awaits_activation: bool | None = None
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class DeductLoyaltyPointsEffectProps(Model):
    """Points that a customer spends; the deduction counts once the session is closed.

    Points that expire first go first; those that never expire go last, oldest before newest.

    Attributes:
        rule_title: The rule that spent the points.
        sub_ledger_id: The subledger that pays.
        value: How many points.
        transaction_uuid: The entry in the ledger.
        name: Why the points are spent.
        card_identifier: The card that pays, in a program for cards.
    """

    rule_title: str
    program_id: int
    sub_ledger_id: str
    value: float
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    name: str
    card_identifier: LoyaltyCardIdentifier | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackAddedLoyaltyPointsEffectProps(Model):
    """Earned points taken away again, as when their session is cancelled or their items are returned.

    Attributes:
        sub_ledger_id: The subledger that loses the points.
        value: How many points.
        recipient_integration_id: The profile that loses them, in a program for profiles.
        transaction_uuid: The entry in the ledger.
        cart_item_position: The cart item that had earned the points, where they were given per item.
        cart_item_sub_position: The unit of that line item.
        card_identifier: The card that had got the points, in a program for cards.
    """

    program_id: int
    sub_ledger_id: str
    value: float
    recipient_integration_id: IntegrationId
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    cart_item_position: float | None = None
    cart_item_sub_position: float | None = None
    card_identifier: LoyaltyCardIdentifier | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackDeductedLoyaltyPointsEffectProps(Model):
    """Spent points given back, because the session was cancelled, partly returned or reopened.

    Attributes:
        sub_ledger_id: The subledger that gets the points back.
        value: How many points.
        recipient_integration_id: The profile that gets them, in a program for profiles.
        start_date: From when the points can be spent, if that was set.
        expiry_date: Until when they can be spent, if that was set.
        transaction_uuid: The entry in the ledger.
        card_identifier: The card that gets them, in a program for cards.
    """

    program_id: int
    sub_ledger_id: str
    value: float
    recipient_integration_id: IntegrationId
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    card_identifier: LoyaltyCardIdentifier | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ChangeLoyaltyTierLevelEffectProps(Model):
    """A rise to a higher tier, brought about by points that a rule adds.

    Attributes:
        rule_title: The rule behind the rise.
        sub_ledger_id: The subledger that got the points.
        previous_tier_name: The tier before.
        new_tier_name: The tier reached.
        expiry_date: When the new tier ends.
    """

    rule_title: str
    program_id: int
    sub_ledger_id: str
    previous_tier_name: str | None = None
    new_tier_name: str
    expiry_date: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyLedgerEntryExpiryDateChange(Model):
    """A points transaction whose expiry date an effect moved.

    Attributes:
        transaction_uuid: The entry in the ledger.
        previous_expiry_date: The date before the change.
        new_expiry_date: The date from now on.
    """

    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    previous_expiry_date: datetime | None = None
    new_expiry_date: datetime


@attrs.define(kw_only=True, eq=False, repr=False)
class ExtendLoyaltyPointsExpiryDateEffectProps(Model):
    """More time for all active and pending points that have an expiry date.

    Attributes:
        sub_ledger_id: The API name of the subledger that holds the points.
        extension_duration: ``immediate``, or a whole number and a unit: ``s``, ``m`` (minutes), ``h``, ``D``,
            ``W``, ``M`` (months) or ``Y``, as in ``12h``. A further ``_D`` rounds down to the start of the
            day, ``_U`` up to the end of the day, week, month or year.
        affected_transactions: The transactions whose date moved.
    """

    # The contract requires a `previousExpirationDate` here, which it defines nowhere: there is none.
    program_id: int
    sub_ledger_id: str
    extension_duration: str
    affected_transactions: list[LoyaltyLedgerEntryExpiryDateChange] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetLoyaltyPointsExpiryDateEffectProps(Model):
    """One expiry date for all active and pending points, those without an end included.

    Attributes:
        sub_ledger_id: The API name of the subledger that holds the points.
        affected_transactions: The transactions whose date moved.
    """

    program_id: int
    sub_ledger_id: str
    new_expiry_date: datetime
    affected_transactions: list[LoyaltyLedgerEntryExpiryDateChange] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AddToAudienceEffectProps(Model):
    """A profile that a rule put into an audience.

    Attributes:
        audience_id: The service's ID of the audience.
        profile_integration_id: Your ID of the profile.
        profile_id: The service's ID of the profile.
    """

    audience_id: int | None = None
    audience_name: str | None = None
    profile_integration_id: str | None = None
    profile_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveFromAudienceEffectProps(Model):
    """A profile that a rule took out of an audience.

    Attributes:
        audience_id: The service's ID of the audience.
        profile_integration_id: Your ID of the profile.
        profile_id: The service's ID of the profile.
    """

    audience_id: int | None = None
    audience_name: str | None = None
    profile_integration_id: str | None = None
    profile_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IncreaseAchievementProgressEffectProps(Model):
    """A step that a customer made in an achievement.

    One evaluation can bring several of these for an achievement that recurs on completion: going past
    the target starts the next round.

    Attributes:
        progress_tracker_id: The tracker of the progress; each round of an achievement that recurs on
            completion has its own.
        delta: The size of the step.
        value: The progress after it.
        target: The progress that completes the achievement.
        is_just_completed: Whether the current session completed the achievement.
    """

    achievement_id: int
    achievement_name: str
    progress_tracker_id: int | None = None
    delta: float
    value: float
    target: float
    is_just_completed: bool


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackIncreasedAchievementProgressEffectProps(Model):
    """A step in an achievement undone, because the session was cancelled or reopened.

    A completed achievement loses progress only if it is set to allow that, which one that recurs on
    completion cannot be.

    Attributes:
        progress_tracker_id: The tracker of the progress.
        decrease_progress_by: The size of the step back.
        current_progress: The progress after it.
        target: The progress that completes the achievement.
    """

    achievement_id: int
    achievement_name: str
    progress_tracker_id: int
    decrease_progress_by: float
    current_progress: float
    target: float


@attrs.define(kw_only=True, eq=False, repr=False)
class StartAchievementProgressEffectProps(Model):
    """The start of a customer's progress in an achievement, at 0.

    A first step can come along as `IncreaseAchievementProgressEffectProps` with the same tracker.

    Attributes:
        progress_tracker_id: The tracker of the progress; each round of an achievement that recurs on
            completion has its own.
        target: The progress that completes the achievement.
        end_date: When this round ends; `None` where the achievement has no fixed end, as with all that recur
            on completion.
    """

    achievement_id: int
    achievement_name: str
    progress_tracker_id: int
    target: float
    start_date: datetime
    end_date: datetime | None = None
