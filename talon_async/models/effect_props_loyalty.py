"""Properties of effects on loyalty points and tiers, audiences and achievements.

`talon_async.models.effects` maps effect types to these classes. Positions are indexes into the cart items;
sub-positions are indexes into the units of a line item.
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
    """Points for a profile or a loyalty card. The service adds them when the session is closed.

    Attributes:
        name: The reason for the points.
        program_id: The loyalty program.
        sub_ledger_id: The subledger that receives the points.
        value: The number of points.
        desired_value: The number of points without the limit of a budget. Only with partial rewards.
        recipient_integration_id: The integration ID of the profile that earns the points. In a profile-based
            program, it owns them.
        start_date: When the points become active, if the rule sets it.
        expiry_date: When the points expire, if the rule sets it.
        transaction_uuid: The ledger transaction.
        cart_item_position: The cart item that earns the points. Only for points per item.
        cart_item_sub_position: The unit of the line item.
        card_identifier: The card that receives the points, in a card-based program.
        bundle_index: The index of the bundle among those of `bundle_name`.
        bundle_name: The bundle definition.
        awaits_activation: Whether an action activates the points. `None` for points with another start.
        validity_duration: How long the points stay active from their start: a number and a unit, such as
            ``18M``.
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
    """Points that a customer spends. The service deducts them when the session is closed.

    Points with the earliest expiry date are spent first. Points without an expiry date are spent last, oldest
    first.

    Attributes:
        rule_title: The rule that spends the points.
        program_id: The loyalty program.
        sub_ledger_id: The subledger that the points are deducted from.
        value: The number of points.
        transaction_uuid: The ledger transaction.
        name: The reason for the deduction.
        card_identifier: The card that the points are deducted from, in a card-based program.
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
    """Earned points that are rolled back because their session was cancelled or their items were returned.

    Attributes:
        program_id: The loyalty program.
        sub_ledger_id: The subledger that loses the points.
        value: The number of points.
        recipient_integration_id: The integration ID of the profile that loses the points, in a profile-based
            program.
        transaction_uuid: The ledger transaction.
        cart_item_position: The cart item that earned the points. Only for points per item.
        cart_item_sub_position: The unit of the line item.
        card_identifier: The card that received the points, in a card-based program.
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
    """Spent points that are reimbursed.

    Their session was cancelled, partially returned or reopened.

    Attributes:
        program_id: The loyalty program.
        sub_ledger_id: The subledger that receives the points.
        value: The number of points.
        recipient_integration_id: The integration ID of the profile that receives the points, in a
            profile-based program.
        start_date: When the points become active, if set.
        expiry_date: When the points expire, if set.
        transaction_uuid: The ledger transaction.
        card_identifier: The card that receives the points, in a card-based program.
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
    """An upgrade to a higher loyalty tier, caused by points that a rule adds.

    Attributes:
        rule_title: The rule that adds the points.
        program_id: The loyalty program.
        sub_ledger_id: The subledger that receives the points.
        previous_tier_name: The tier before the upgrade.
        new_tier_name: The tier after the upgrade.
        expiry_date: When the new tier expires.
    """

    rule_title: str
    program_id: int
    sub_ledger_id: str
    previous_tier_name: str | None = None
    new_tier_name: str
    expiry_date: datetime | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyLedgerEntryExpiryDateChange(Model):
    """A points transaction whose expiry date an effect changed.

    Attributes:
        transaction_uuid: The ledger transaction.
        previous_expiry_date: The expiry date before the change.
        new_expiry_date: The expiry date after the change.
    """

    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    previous_expiry_date: datetime | None = None
    new_expiry_date: datetime


@attrs.define(kw_only=True, eq=False, repr=False)
class ExtendLoyaltyPointsExpiryDateEffectProps(Model):
    """A later expiry date for all active and pending points that have one.

    Attributes:
        program_id: The loyalty program.
        sub_ledger_id: The API name of the subledger that holds the points.
        extension_duration: ``immediate``, or an integer and a unit: ``s``, ``m`` (minutes), ``h``, ``D``,
            ``W``, ``M`` (months) or ``Y``, such as ``90D``. The suffix ``_D`` rounds down to the start of the
            day, ``_U`` up to the end of the day, week, month or year.
        affected_transactions: The transactions whose expiry date changed.
    """

    # The contract requires `previousExpirationDate` and does not define it.
    program_id: int
    sub_ledger_id: str
    extension_duration: str
    affected_transactions: list[LoyaltyLedgerEntryExpiryDateChange] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class SetLoyaltyPointsExpiryDateEffectProps(Model):
    """A new expiry date for all active and pending points, including points without an expiry date.

    Attributes:
        program_id: The loyalty program.
        sub_ledger_id: The API name of the subledger that holds the points.
        new_expiry_date: The expiry date after the change.
        affected_transactions: The transactions whose expiry date changed.
    """

    program_id: int
    sub_ledger_id: str
    new_expiry_date: datetime
    affected_transactions: list[LoyaltyLedgerEntryExpiryDateChange] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class AddToAudienceEffectProps(Model):
    """A profile that a rule added to an audience.

    Attributes:
        audience_id: Talon.One's ID of the audience.
        audience_name: The name of the audience.
        profile_integration_id: The integration ID of the profile.
        profile_id: Talon.One's ID of the profile.
    """

    audience_id: int | None = None
    audience_name: str | None = None
    profile_integration_id: str | None = None
    profile_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RemoveFromAudienceEffectProps(Model):
    """A profile that a rule removed from an audience.

    Attributes:
        audience_id: Talon.One's ID of the audience.
        audience_name: The name of the audience.
        profile_integration_id: The integration ID of the profile.
        profile_id: Talon.One's ID of the profile.
    """

    audience_id: int | None = None
    audience_name: str | None = None
    profile_integration_id: str | None = None
    profile_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IncreaseAchievementProgressEffectProps(Model):
    """Progress of a customer in an achievement.

    One evaluation can return several of these effects for an achievement that recurs on completion: progress
    beyond the target starts the next iteration.

    Attributes:
        achievement_id: The achievement.
        achievement_name: The name of the achievement.
        progress_tracker_id: The progress tracker; each iteration of an achievement that recurs on completion
            has its own.
        delta: How much the progress increased.
        value: The progress after the increase.
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
    """Progress in an achievement that is rolled back because the session was cancelled or reopened.

    A completed achievement loses progress only if its settings allow that. An achievement that recurs on
    completion does not have this setting.

    Attributes:
        achievement_id: The achievement.
        achievement_name: The name of the achievement.
        progress_tracker_id: The progress tracker.
        decrease_progress_by: How much the progress decreased.
        current_progress: The progress after the decrease.
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

    An `IncreaseAchievementProgressEffectProps` with the same tracker can accompany it.

    Attributes:
        achievement_id: The achievement.
        achievement_name: The name of the achievement.
        progress_tracker_id: The progress tracker; each iteration of an achievement that recurs on completion
            has its own.
        target: The progress that completes the achievement.
        start_date: When the progress started.
        end_date: When this iteration ends; `None` if the achievement has no fixed end, as when it recurs on
            completion.
    """

    achievement_id: int
    achievement_name: str
    progress_tracker_id: int
    target: float
    start_date: datetime
    end_date: datetime | None = None
