"""Loyalty: cards, point balances and tiers in card-based and profile-based programs."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import (
    NULL_IN_RESPONSES,
    UNSET,
    IntegrationId,
    Limit,
    LoyaltyCardIdentifier,
    Model,
    Omittable,
    Wire,
)

__all__ = [
    "GenerateLoyaltyCard",
    "LedgerInfo",
    "Loyalty",
    "LoyaltyBalance",
    "LoyaltyBalanceWithTier",
    "LoyaltyBalancesWithTiers",
    "LoyaltyCard",
    "LoyaltyCardBalances",
    "LoyaltyCardProfileRegistration",
    "LoyaltyCardRegistration",
    "LoyaltyCardStatus",
    "LoyaltyProgramBalance",
    "LoyaltyProgramLedgers",
    "ProjectedTier",
    "Tier",
    "TierDowngradePolicy",
]

TierDowngradePolicy: TypeAlias = Literal["one_down", "balance_based"]
"""How customers lose a tier: by one tier (``one_down``) or by their active points (``balance_based``)."""
LoyaltyCardStatus: TypeAlias = Literal["active", "inactive"]
"""Whether a loyalty card is in use."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardProfileRegistration(Model):
    """A customer profile linked to a loyalty card.

    Attributes:
        integration_id: The integration ID of the profile.
        timestamp: When the profile was linked.
    """

    integration_id: IntegrationId
    timestamp: datetime


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyProgramBalance(Model):
    """The points in a ledger, now and after the open session closes.

    Tentative balances include the current session only, not the customer's other open sessions.

    Attributes:
        current_balance: Active points.
        pending_balance: Points that become active later.
        negative_balance: Points below zero; if there are any, `current_balance` is 0.
        expired_balance: Deprecated. Always 0.
        spent_balance: Deprecated. Always 0.
        tentative_current_balance: Active points after the additions and deductions of the session.
        tentative_pending_balance: Pending points after the additions of the session that become active later.
        tentative_negative_balance: Points below zero after the additions and deductions of the session.
    """

    current_balance: float
    pending_balance: float
    negative_balance: float | None = None
    expired_balance: float
    spent_balance: float
    tentative_current_balance: float
    tentative_pending_balance: float | None = None
    tentative_negative_balance: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class Tier(Model):
    """A customer's tier in a loyalty program.

    Attributes:
        id: Talon.One's ID of the tier.
        name: The name of the tier.
        start_date: When the customer reached the tier, in the program's time zone.
        expiry_date: When the tier expires, in the program's time zone.
        downgrade_policy: How customers lose the tier.
    """

    id: int
    name: str
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    downgrade_policy: TierDowngradePolicy | str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerInfo(LoyaltyProgramBalance):
    """The points and the tier in one ledger of a program.

    `LoyaltyProgramBalance` documents the inherited attributes.

    Attributes:
        current_tier: The current tier, if any.
        points_to_next_tier: The points still needed for the next tier.
        next_tier_name: The next tier; `None` in the highest tier, the lowest tier for a customer without one.
    """

    current_tier: Tier | None = None
    points_to_next_tier: float | None = None
    next_tier_name: Annotated[str | None, NULL_IN_RESPONSES] = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCard(Model):
    """A loyalty card of a card-based program, with or without linked profiles.

    Returned in `Loyalty`, and by `generateLoyaltyCard`, `linkLoyaltyCardToProfile` and
    `unlinkLoyaltyCardFromProfile`.

    Attributes:
        id: Talon.One's ID of the card.
        created: When the card was created.
        program_id: The loyalty program.
        program_name: The program's name in API requests.
        program_title: The program's name in the Campaign Manager.
        status: ``active`` or ``inactive``.
        block_reason: Why the card was blocked and its points transferred.
        identifier: The identifier of the card.
        users_per_card_limit: How many profiles can be linked; 0 for no limit.
        profiles: The linked profiles.
        ledger: The balances of the main ledger.
        subledgers: The balances of the subledgers, by subledger ID.
        modified: When the card last changed.
        old_card_identifier: The card that the points were transferred from, if any.
        new_card_identifier: The card that the points were transferred to, if any.
        batch_id: The batch of the card.
    """

    id: int
    created: datetime
    program_id: Annotated[int, Wire("programID")]
    program_name: str | None = None
    program_title: str | None = None
    status: str
    block_reason: str | None = None
    identifier: LoyaltyCardIdentifier
    users_per_card_limit: Annotated[int, Limit(minimum=0)]
    profiles: list[LoyaltyCardProfileRegistration] | None = None
    ledger: LedgerInfo | None = None
    subledgers: dict[str, LedgerInfo] | None = None
    modified: datetime | None = None
    old_card_identifier: LoyaltyCardIdentifier | None = None
    new_card_identifier: LoyaltyCardIdentifier | None = None
    batch_id: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyProgramLedgers(Model):
    """A customer's points and tiers in a profile-based program.

    Attributes:
        id: Talon.One's ID of the program.
        title: The display name.
        name: The internal name.
        join_date: When the customer joined, in the program's time zone.
        ledger: The main ledger.
        sub_ledgers: The subledgers, by subledger ID. Subledgers with only zero balances are absent.
    """

    id: int
    title: str
    name: str
    join_date: datetime | None = None
    ledger: LedgerInfo
    sub_ledgers: dict[str, LedgerInfo] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class Loyalty(Model):
    """A customer's points, tiers and cards in all loyalty programs.

    Returned by `getCustomerInventory`, and by `updateCustomerSessionV2`, `returnCartItems`,
    `updateCustomerProfileV2`, `trackEventV2` and `trackEventV3` if ``responseContent`` contains ``loyalty``.

    Attributes:
        cards: The loyalty cards with their balances. With ``responseContent``, only if the request names a
            card.
        programs: The profile-based programs.
    """

    cards: list[LoyaltyCard] | None = None
    programs: dict[str, LoyaltyProgramLedgers]


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardRegistration(Model):
    """A profile to link to a card or to unlink from it.

    Sent by `linkLoyaltyCardToProfile` and `unlinkLoyaltyCardFromProfile`.

    Attributes:
        integration_id: The integration ID of the profile.
    """

    integration_id: str


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalance(Model):
    """The points in one ledger.

    Attributes:
        active_points: Points that can be spent.
        pending_points: Points that become active later.
        spent_points: Points that were spent.
        expired_points: Points that expired unspent.
        negative_points: Points below zero; if there are any, `active_points` is 0.
    """

    active_points: float | None = None
    pending_points: float | None = None
    spent_points: float | None = None
    expired_points: float | None = None
    negative_points: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ProjectedTier(Model):
    """The tier that a customer is projected to have when the current tier expires.

    Attributes:
        projected_active_points: The points that are active then.
        stay_in_tier_points: The points still needed to keep the tier. Only if a downgrade is projected.
        projected_tier_name: The projected tier.
    """

    projected_active_points: float
    stay_in_tier_points: float | None = None
    projected_tier_name: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalanceWithTier(LoyaltyBalance):
    """The points in one ledger, with the tier.

    `LoyaltyBalance` documents the inherited attributes.

    Attributes:
        current_tier: The current tier. Only with ``includeTiers``.
        projected_tier: The projected tier. Only with ``includeProjectedTier``.
        points_to_next_tier: The points still needed for the next tier. Only with ``includeTiers``.
        next_tier_name: The next tier; `None` in the highest tier, the lowest tier for a customer without one.
    """

    current_tier: Tier | None = None
    projected_tier: ProjectedTier | None = None
    points_to_next_tier: float | None = None
    next_tier_name: Annotated[str | None, NULL_IN_RESPONSES] = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalancesWithTiers(Model):
    """A profile's balances in one program.

    Returned by `getLoyaltyBalances`.

    Attributes:
        balance: The main ledger.
        subledger_balances: The subledgers, by subledger ID.
    """

    balance: LoyaltyBalanceWithTier | None = None
    subledger_balances: dict[str, LoyaltyBalanceWithTier] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardBalances(Model):
    """A card's balances.

    Returned by `getLoyaltyCardBalances`.

    Attributes:
        balance: The main ledger.
        subledger_balances: The subledgers, by subledger ID.
        profiles: The profiles linked to the card.
    """

    balance: LoyaltyBalance | None = None
    subledger_balances: dict[str, LoyaltyBalance] | None = None
    profiles: list[LoyaltyCardProfileRegistration] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class GenerateLoyaltyCard(Model):
    """A loyalty card to create.

    Sent by `generateLoyaltyCard`.

    Attributes:
        status: ``active`` (default) or ``inactive``.
        customer_profile_ids: The integration IDs of profiles to link, at most as many as the program allows
            per card.
        card_identifier: The identifier of the card, 4 to 108 characters. A program with a code format
            generates it instead.
    """

    status: Omittable[LoyaltyCardStatus | str] = UNSET
    customer_profile_ids: Omittable[list[str]] = UNSET
    card_identifier: Omittable[LoyaltyCardIdentifier] = UNSET
