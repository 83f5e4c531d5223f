"""Loyalty: cards, point balances and tiers of card programs and of profile programs."""

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
"""Where a customer who lost a tier goes: one down (`one_down`) or as active points tell (`balance_based`)."""
LoyaltyCardStatus: TypeAlias = Literal["active", "inactive"]
"""Whether a loyalty card is in use."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardProfileRegistration(Model):
    """A customer profile's link to a loyalty card.

    Attributes:
        integration_id: The profile's identifier, chosen by you.
        timestamp: When the link was made.
    """

    integration_id: IntegrationId
    timestamp: datetime


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyProgramBalance(Model):
    """The points in a ledger, now and as they would be once the open session closes.

    Tentative balances know this session only, not others that the customer has open.

    Attributes:
        current_balance: Active points.
        pending_balance: Points that are not active yet.
        negative_balance: Points below zero; where there are any, `current_balance` is 0.
        expired_balance: Deprecated. Always 0.
        spent_balance: Deprecated. Always 0.
        tentative_current_balance: Active points after what the session adds and deducts.
        tentative_pending_balance: Pending points after what the session adds with a later start.
        tentative_negative_balance: Points below zero after what the session adds and deducts.
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
    """A level in a loyalty program that a customer has reached.

    Attributes:
        start_date: When the customer entered it, in the program's time zone.
        expiry_date: When it ends, in the program's time zone.
        downgrade_policy: Where a customer goes who does not keep the tier.
    """

    id: int
    name: str
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    downgrade_policy: TierDowngradePolicy | str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerInfo(LoyaltyProgramBalance):
    """The points and the tier in one ledger of a program.

    Attributes:
        points_to_next_tier: Points still needed for the tier above.
        next_tier_name: The tier above; `None` in the top tier, the lowest tier for a customer in none.
    """

    current_tier: Tier | None = None
    points_to_next_tier: float | None = None
    next_tier_name: Annotated[str | None, NULL_IN_RESPONSES] = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCard(Model):
    """A card that collects points in a card program, with or without profiles linked to it.

    Comes in `Loyalty` and from `generateLoyaltyCard`, `linkLoyaltyCardToProfile` and
    `unlinkLoyaltyCardFromProfile`.

    Attributes:
        program_name: The program's name in integrations.
        program_title: The program's name in the Campaign Manager.
        status: `active` or `inactive`.
        block_reason: Why the card was blocked and its points moved.
        users_per_card_limit: How many profiles may be linked; 0 for any number.
        ledger: Balances in the main ledger.
        subledgers: Balances in the subledgers.
        modified: When the card last changed.
        old_card_identifier: The card that the points were moved from.
        new_card_identifier: The card that the points were moved to.
        batch_id: The batch that the card was made in.
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
    """A customer's standing in a profile program.

    Attributes:
        title: The name that is shown.
        name: The internal name.
        join_date: When the customer joined, in the program's time zone.
        ledger: Balances and tier in the main ledger.
        sub_ledgers: Those of the subledgers; a subledger with nothing but zeros is missing.
    """

    id: int
    title: str
    name: str
    join_date: datetime | None = None
    ledger: LedgerInfo
    sub_ledgers: dict[str, LedgerInfo] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class Loyalty(Model):
    """All that a customer holds in loyalty programs.

    Comes from `getCustomerInventory`, and with `loyalty` in `responseContent` from `updateCustomerSessionV2`,
    `returnCartItems`, `updateCustomerProfileV2`, `trackEventV2` and `trackEventV3`.

    Attributes:
        cards: Cards with their balances; `responseContent` brings them only if the request names a card.
        programs: Balances in profile programs.
    """

    cards: list[LoyaltyCard] | None = None
    programs: dict[str, LoyaltyProgramLedgers]


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardRegistration(Model):
    """The profile to link or unlink, for `linkLoyaltyCardToProfile` and `unlinkLoyaltyCardFromProfile`.

    Attributes:
        integration_id: The profile's identifier, chosen by you.
    """

    integration_id: str


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalance(Model):
    """The points in one ledger.

    Attributes:
        active_points: Points that can be spent.
        pending_points: Points whose start date is still to come.
        expired_points: Points that ran out unspent.
        negative_points: Points below zero; where there are any, `active_points` is 0.
    """

    active_points: float | None = None
    pending_points: float | None = None
    spent_points: float | None = None
    expired_points: float | None = None
    negative_points: float | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ProjectedTier(Model):
    """What becomes of a customer when the current tier runs out.

    Attributes:
        projected_active_points: Points that will be active then.
        stay_in_tier_points: Points still needed to keep the tier; only where a downgrade is expected.
        projected_tier_name: The tier to come.
    """

    projected_active_points: float
    stay_in_tier_points: float | None = None
    projected_tier_name: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalanceWithTier(LoyaltyBalance):
    """The points in one ledger, with the tier.

    Attributes:
        current_tier: Needs `includeTiers`.
        projected_tier: Needs `includeProjectedTier`.
        points_to_next_tier: Points still needed for the tier above.
        next_tier_name: The tier above; `None` in the top tier, the lowest tier for a customer in none.
    """

    current_tier: Tier | None = None
    projected_tier: ProjectedTier | None = None
    points_to_next_tier: float | None = None
    next_tier_name: Annotated[str | None, NULL_IN_RESPONSES] = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyBalancesWithTiers(Model):
    """A profile's balances in one program, from `getLoyaltyBalances`.

    Attributes:
        balance: The main ledger.
        subledger_balances: The subledgers, by subledger ID.
    """

    balance: LoyaltyBalanceWithTier | None = None
    subledger_balances: dict[str, LoyaltyBalanceWithTier] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyCardBalances(Model):
    """A card's balances, from `getLoyaltyCardBalances`.

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
    """A card to be made by `generateLoyaltyCard`.

    Attributes:
        status: `UNSET` makes an active card.
        customer_profile_ids: Profiles to link, by your identifiers; no more than the program allows per card.
        card_identifier: The card's identifier. A program with a code format for its cards applies that.
    """

    status: Omittable[LoyaltyCardStatus | str] = UNSET
    customer_profile_ids: Omittable[list[str]] = UNSET
    card_identifier: Omittable[LoyaltyCardIdentifier] = UNSET
