"""Loyalty ledgers: the transactions that add or deduct points, and requests that activate or delete them."""

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
"""Whether a transaction adds points or deducts them."""
LoyaltyPointsStatus: TypeAlias = Literal["active", "pending", "expired"]
"""Whether points can be spent, will be later, or could be once."""

LoyaltyPointsOrder: TypeAlias = Literal["startDate", "expiryDate", "-startDate", "-expiryDate"]
"""How points are listed; with a ``-``, the latest come first."""

LoyaltyTransactionOrigin: TypeAlias = Literal["manual", "session", "import"]
"""How a transaction was made."""

LedgerDeletionScope: TypeAlias = Literal["AllSubledgers", "SelectedSubledgers"]
"""Whether to delete from all of a program's ledgers or from chosen ones."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LedgerEntry(Model):
    """A movement of points as an `Event` shows it.

    Attributes:
        profile_id: The profile's identifier, chosen by you.
        account_id: The Talon.One account that the profile is in.
        loyalty_program_id: The ledger.
        event_id: The event that belongs to the movement.
        amount: Points.
        reason: Why points were given or taken.
        expiry_date: When the points run out.
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
    """Marks on a transaction.

    Attributes:
        creates_negative_balance: Whether the transaction makes the balance negative.
    """

    creates_negative_balance: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CardLedgerTransactionLogEntryIntegrationAPI(Model):
    """A transaction on a loyalty card, as listed by `getLoyaltyCardTransactions`.

    Attributes:
        created: When it took place.
        customer_session_id: The session that it took place in.
        name: Its name or reason.
        start_date: `immediate`, `on_action` (an act of the customer makes them active) or a timestamp.
        expiry_date: `unlimited` or a timestamp.
        amount: Points; `type` tells whether they were added or deducted.
        ruleset_id: The rules it came from; `rule_name` is the rule among them.
        validity_duration: How long points last once activated, such as `30D`; only for points that await
            activation and have no expiry date.
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
    """A transaction of a profile, as listed by `getLoyaltyProgramProfileTransactions`.

    Attributes:
        created: When it took place.
        customer_session_id: The session that it took place in.
        store_integration_id: The store it took place in; only where a session or event named one.
        name: Its name or reason.
        start_date: `immediate`, `on_action` (an act of the customer makes them active) or a timestamp.
        expiry_date: `unlimited` or a timestamp.
        amount: Points; `type` tells whether they were added or deducted.
        ruleset_id: The rules it came from; `rule_name` is the rule among them.
        validity_duration: How long points last once activated, such as `30D`; only for points that await
            activation and have no expiry date.
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
    """Unused points on a loyalty card, as listed by `getLoyaltyCardPoints`.

    Attributes:
        id: The transaction that added them; `transaction_uuid` is its UUID.
        created: When they were added.
        customer_profile_id: The profile linked to the card, by your identifier.
        customer_session_id: The session that added them.
        name: The transaction's name or reason.
        start_date: `immediate` or a timestamp.
        expiry_date: `unlimited` or a timestamp.
        amount: Points.
        validity_duration: How long points last once activated, such as `30D`; only for points that await
            activation and have no expiry date.
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
    """Unused points of a profile, as listed by `getLoyaltyProgramProfilePoints`.

    Attributes:
        id: The transaction that added them; `transaction_uuid` is its UUID.
        created: When they were added.
        customer_session_id: The session that added them.
        name: The transaction's name or reason.
        start_date: `immediate` or a timestamp.
        expiry_date: `unlimited` or a timestamp.
        amount: Points.
        validity_duration: How long points last once activated, such as `30D`; only for points that await
            activation and have no expiry date.
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
    """Which of a customer's transactions `deleteLoyaltyTransactionsFromLedgers` deletes.

    Attributes:
        scope: `AllSubledgers` covers every ledger of the program, `SelectedSubledgers` those named.
        subledger_ids: The ledgers to clear, `""` for the main one; required with `SelectedSubledgers`.
    """

    scope: LedgerDeletionScope | str
    subledger_ids: Omittable[list[str]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class ActivateLoyaltyPoints(Model):
    """Which pending points `activateLoyaltyPoints` makes active: name transactions or a session, not both.

    Attributes:
        transaction_uuids: 1 to 50 transactions, each once.
        session_id: The session that earned the points; all of its points are activated.
    """

    transaction_uuids: Annotated[
        Omittable[Annotated[list[str], Limit(min_length=1, max_length=50, unique=True)]],
        Wire("transactionUUIDs"),
    ] = UNSET
    session_id: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyLedgerEntry(Model):
    """A row of a ledger, as `activateLoyaltyPoints` left it.

    Attributes:
        type: `addition`, `subtraction`, `expire`, or `expiring` in ledgers of expiring points.
        amount: Points.
        name: The rule's condition or effect that made the row, or the name given in the API call.
        sub_ledger_id: Which ledger the row is in, the main one or a subledger.
        user_id: The user who added or deducted the points by hand.
        archived: Whether the session it belongs to is archived.
        validity_duration: How long points last once activated, such as `30D`; only for points that await
            activation and have no expiry date.
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
    """The answer of `activateLoyaltyPoints`.

    Attributes:
        ledger_entries: The rows that changed.
    """

    ledger_entries: list[LoyaltyLedgerEntry] | None = None
