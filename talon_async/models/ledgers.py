"""Loyalty ledgers: transactions that add or deduct points, and requests that activate or delete them."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import attrs

from talon_async.models.base import (
    UNSET,
    Limit,
    LoyaltyCardIdentifier,
    Model,
    Omittable,
    StoreIntegrationId,
    Wire,
)

__all__ = [
    "ActivateLoyaltyPoints",
    "ActivateLoyaltyPointsResponse",
    "CardLedgerPointsEntryIntegrationAPI",
    "CardLedgerTransactionLogEntryIntegrationAPI",
    "DeleteLoyaltyTransactionsRequest",
    "LedgerDeletionScope",
    "LedgerEntry",
    "LedgerPointsEntryIntegrationAPI",
    "LedgerTransactionLogEntryIntegrationAPI",
    "LedgerTransactionType",
    "LoyaltyLedgerEntry",
    "LoyaltyLedgerEntryFlags",
    "LoyaltyPointsOrder",
    "LoyaltyPointsStatus",
    "LoyaltyTransactionOrigin",
]

LedgerTransactionType: TypeAlias = Literal["addition", "subtraction"]
"""Whether a transaction adds or deducts points."""
LoyaltyPointsStatus: TypeAlias = Literal["active", "pending", "expired"]
"""Whether points are spendable, become active later, or expired unspent."""

LoyaltyPointsOrder: TypeAlias = Literal["startDate", "expiryDate", "-startDate", "-expiryDate"]
"""The order of a list of points; ``-`` sorts in descending order."""

LoyaltyTransactionOrigin: TypeAlias = Literal["manual", "session", "import"]
"""Whether a transaction was made manually, by a session, or by an import."""

LedgerDeletionScope: TypeAlias = Literal["AllSubledgers", "SelectedSubledgers"]
"""Whether to delete from all ledgers of a program or from selected ones."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerEntry(Model):
    """A ledger entry of an `Event`.

    Attributes:
        id: Talon.One's ID of the entry.
        created: When the entry was created.
        profile_id: The integration ID of the customer's profile.
        account_id: The Talon.One account.
        loyalty_program_id: The ID of the ledger.
        event_id: The event of the entry.
        amount: The number of points.
        reason: Why points were added or deducted.
        expiry_date: When the points expire.
        reference_id: The entry that balances this one.
    """

    id: int
    created: datetime
    profile_id: str
    account_id: int
    loyalty_program_id: int
    event_id: int
    amount: int
    reason: str
    expiry_date: datetime
    reference_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyLedgerEntryFlags(Model):
    """Flags of a transaction.

    Attributes:
        creates_negative_balance: Whether the transaction makes the balance negative.
    """

    creates_negative_balance: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CardLedgerTransactionLogEntryIntegrationAPI(Model):
    """A transaction on a loyalty card.

    Listed by `getLoyaltyCardTransactions`.

    Attributes:
        transaction_uuid: The UUID of the transaction.
        created: When the transaction took place.
        program_id: The loyalty program.
        card_identifier: The card.
        customer_session_id: The session of the transaction, if any.
        type: Whether points were added or deducted.
        name: The name of, or the reason for, the transaction.
        start_date: When the points become active: ``immediate``, ``on_action`` (when the customer performs an
            action) or a timestamp.
        expiry_date: When the points expire: ``unlimited`` or a timestamp.
        subledger_id: The subledger.
        amount: The number of points added or deducted.
        id: Talon.One's ID of the transaction.
        ruleset_id: The ruleset of the rule that made the transaction.
        rule_name: The name of that rule.
        validity_duration: How long the points stay active after their activation: a number and a unit, such
            as ``90D``. Only for points that await activation and have no expiry date.
    """

    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    created: datetime
    program_id: int
    card_identifier: LoyaltyCardIdentifier
    customer_session_id: Annotated[str, Limit(max_length=255)] | None = None
    type: LedgerTransactionType | str
    name: Annotated[str, Limit(max_length=255)]
    start_date: Annotated[str, Limit(max_length=64)]
    expiry_date: str
    subledger_id: Annotated[str, Limit(max_length=64)]
    amount: float
    id: int
    ruleset_id: int | None = None
    rule_name: str | None = None
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerTransactionLogEntryIntegrationAPI(Model):
    """A transaction of a customer profile.

    Listed by `getLoyaltyProgramProfileTransactions`.

    Attributes:
        transaction_uuid: The UUID of the transaction.
        created: When the transaction took place.
        program_id: The loyalty program.
        customer_session_id: The session of the transaction, if any.
        store_integration_id: The integration ID of the store that the session or event named, if any.
        type: Whether points were added or deducted.
        name: The name of, or the reason for, the transaction.
        start_date: When the points become active: ``immediate``, ``on_action`` (when the customer performs an
            action) or a timestamp.
        expiry_date: When the points expire: ``unlimited`` or a timestamp.
        subledger_id: The subledger.
        amount: The number of points added or deducted.
        id: Talon.One's ID of the transaction.
        ruleset_id: The ruleset of the rule that made the transaction.
        rule_name: The name of that rule.
        flags: Flags of the transaction, if any.
        validity_duration: How long the points stay active after their activation: a number and a unit, such
            as ``90D``. Only for points that await activation and have no expiry date.
    """

    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    created: datetime
    program_id: int
    customer_session_id: Annotated[str, Limit(max_length=255)] | None = None
    store_integration_id: StoreIntegrationId | None = None
    type: LedgerTransactionType | str
    name: Annotated[str, Limit(max_length=255)]
    start_date: Annotated[str, Limit(max_length=64)]
    expiry_date: str
    subledger_id: Annotated[str, Limit(max_length=64)]
    amount: float
    id: int
    ruleset_id: int | None = None
    rule_name: str | None = None
    flags: LoyaltyLedgerEntryFlags | None = None
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CardLedgerPointsEntryIntegrationAPI(Model):
    """Unused points on a loyalty card, from one transaction.

    Listed by `getLoyaltyCardPoints`.

    Attributes:
        id: Talon.One's ID of the transaction that added the points.
        transaction_uuid: The UUID of that transaction.
        created: When the points were added.
        program_id: The loyalty program.
        customer_profile_id: The integration ID of the profile linked to the card, if any.
        customer_session_id: The session that added the points, if any.
        name: The name of, or the reason for, the transaction.
        start_date: When the points become active: ``immediate`` or a timestamp.
        expiry_date: When the points expire: ``unlimited`` or a timestamp.
        subledger_id: The subledger.
        amount: The number of points added.
        validity_duration: How long the points stay active after their activation: a number and a unit, such
            as ``90D``. Only for points that await activation and have no expiry date.
    """

    id: int
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    created: datetime
    program_id: int
    customer_profile_id: Annotated[str | None, Wire("customerProfileID")] = None
    customer_session_id: Annotated[str, Limit(max_length=255)] | None = None
    name: Annotated[str, Limit(max_length=255)]
    start_date: Annotated[str, Limit(max_length=64)]
    expiry_date: str
    subledger_id: Annotated[str, Limit(max_length=64)]
    amount: float
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerPointsEntryIntegrationAPI(Model):
    """Unused points of a customer profile, from one transaction.

    Listed by `getLoyaltyProgramProfilePoints`.

    Attributes:
        id: Talon.One's ID of the transaction that added the points.
        transaction_uuid: The UUID of that transaction.
        created: When the points were added.
        program_id: The loyalty program.
        customer_session_id: The session that added the points, if any.
        name: The name of, or the reason for, the transaction.
        start_date: When the points become active: ``immediate`` or a timestamp.
        expiry_date: When the points expire: ``unlimited`` or a timestamp.
        subledger_id: The subledger.
        amount: The number of points added.
        validity_duration: How long the points stay active after their activation: a number and a unit, such
            as ``90D``. Only for points that await activation and have no expiry date.
    """

    id: int
    transaction_uuid: Annotated[str, Wire("transactionUUID")]
    created: datetime
    program_id: int
    customer_session_id: Annotated[str, Limit(max_length=255)] | None = None
    name: Annotated[str, Limit(max_length=255)]
    start_date: Annotated[str, Limit(max_length=64)]
    expiry_date: str
    subledger_id: Annotated[str, Limit(max_length=64)]
    amount: float
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class DeleteLoyaltyTransactionsRequest(Model):
    """Which transactions of a customer to delete.

    Sent by `deleteLoyaltyTransactionsFromLedgers`.

    Attributes:
        scope: ``AllSubledgers`` for all ledgers of the program, ``SelectedSubledgers`` for those in
            `subledger_ids`.
        subledger_ids: The ledgers; an empty string is the main ledger. Required with ``SelectedSubledgers``.
    """

    scope: LedgerDeletionScope | str
    subledger_ids: Omittable[list[str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class ActivateLoyaltyPoints(Model):
    """Which pending points to activate. Exactly one of the attributes is required.

    Sent by `activateLoyaltyPoints`.

    Attributes:
        transaction_uuids: The UUIDs of 1 to 50 different transactions.
        session_id: The session that earned the points; all its points are activated.
    """

    transaction_uuids: Annotated[
        Omittable[Annotated[list[str], Limit(min_length=1, max_length=50, unique=True)]],
        Wire("transactionUUIDs"),
    ] = UNSET
    session_id: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyLedgerEntry(Model):
    """A ledger entry after its points were activated.

    Attributes:
        created: When the entry was created.
        program_id: The loyalty program.
        customer_profile_id: The customer's profile, in a profile-based program.
        card_id: The card, in a card-based program.
        customer_session_id: The session of the entry, if any.
        event_id: The event of the entry, if any.
        type: ``addition``, ``subtraction``, ``expire``, or ``expiring`` in ledgers of expiring points.
        amount: The number of points.
        start_date: When the points become active.
        expiry_date: When the points expire.
        name: The condition or effect that added the entry, or the name given in an API request.
        sub_ledger_id: The main ledger or the subledger of the entry.
        user_id: The ID of the user who added or deducted the points manually, if any.
        archived: Whether the session of the entry is archived.
        flags: Flags of the entry, if any.
        validity_duration: How long the points stay active after their activation: a number and a unit, such
            as ``90D``. Only for points that await activation and have no expiry date.
    """

    created: datetime
    program_id: Annotated[int, Wire("programID")]
    customer_profile_id: Annotated[str | None, Wire("customerProfileID")] = None
    card_id: Annotated[int | None, Wire("cardID")] = None
    customer_session_id: Annotated[str | None, Wire("customerSessionID")] = None
    event_id: Annotated[int | None, Wire("eventID")] = None
    type: str
    amount: float
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    name: str
    sub_ledger_id: Annotated[str, Wire("subLedgerID")]
    user_id: Annotated[int | None, Wire("userID")] = None
    archived: bool | None = None
    flags: LoyaltyLedgerEntryFlags | None = None
    validity_duration: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ActivateLoyaltyPointsResponse(Model):
    """The ledger entries whose points were activated.

    Returned by `activateLoyaltyPoints`.

    Attributes:
        ledger_entries: The entries that changed.
    """

    ledger_entries: list[LoyaltyLedgerEntry] | None = None
