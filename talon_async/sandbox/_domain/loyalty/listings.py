"""Lists the transactions of an account, and the points left of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs

from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.entries import PointsEntry
from talon_async.sandbox._domain.loyalty.ledger import Ledger
from talon_async.sandbox._domain.utc import write_in_utc


@attrs.frozen(kw_only=True)
class Selection:
    """Which entries of an account to list; `None` selects all.

    Attributes:
        subledger_ids: Entries of these subledgers.
        customer_session_ids: Entries of these sessions.
        transaction_uuids: Entries of these transactions.
    """

    subledger_ids: list[str] | None = None
    customer_session_ids: list[str] | None = None
    transaction_uuids: list[str] | None = None

    def ledgers(self, account: Account) -> dict[str, Ledger]:
        """The selected ledgers, by subledger ID."""
        chosen = self.subledger_ids
        return {name: ledger for name, ledger in account.ledgers.items() if chosen is None or name in chosen}

    def matches(self, entry: PointsEntry) -> bool:
        """Whether an entry of a selected ledger is selected."""
        sessions, transactions = self.customer_session_ids, self.transaction_uuids
        return (sessions is None or entry.session_id in sessions) and (
            transactions is None or entry.transaction_uuid in transactions
        )


@attrs.frozen(kw_only=True)
class TransactionFilter:
    """Which transactions to list; `None` selects all.

    Attributes:
        loyalty_transaction_type: Transactions of this origin: ``manual``, ``session`` or ``import``.
        start_date: Transactions from this time on.
        end_date: Transactions up to this time.
        awaits_activation: Whether to list only points that await their activation and have not expired.
    """

    loyalty_transaction_type: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    awaits_activation: bool = False

    def matches(self, ledger: Ledger, entry: PointsEntry) -> bool:
        """Whether an entry is selected."""
        return (
            self.loyalty_transaction_type in (None, entry.origin)
            and (self.start_date is None or self.start_date <= entry.created)
            and (self.end_date is None or entry.created <= self.end_date)
            and (not self.awaits_activation or (entry.awaits_activation and entry.number in ledger.pending))
        )


def transactions(
    account: Account, program_id: int, selection: Selection, chosen: TransactionFilter
) -> list[tuple[PointsEntry, dict[str, Any]]]:
    """List the transactions of an account, the latest first.

    Args:
        account: An account with its points as of now.
        program_id: Its program.
        selection: Which entries.
        chosen: Further conditions.

    Returns:
        Each entry with the attributes that its models in both kinds of programs share.
    """
    found = [
        (entry, _fields(entry, program_id, name, entry.points) | {"type": entry.type})
        for name, ledger in selection.ledgers(account).items()
        for entry in ledger.entries.values()
        if selection.matches(entry) and chosen.matches(ledger, entry)
    ]
    return sorted(found, key=lambda pair: pair[0].number, reverse=True)


def points(
    account: Account, program_id: int, selection: Selection, *, status: str, sort: str | None
) -> list[tuple[PointsEntry, dict[str, Any]]]:
    """List the points left of each addition; the oldest first unless sorted.

    Args:
        account: An account with its points as of now.
        program_id: Its program.
        selection: Which entries.
        status: ``active``, ``pending`` or ``expired``.
        sort: ``startDate`` or ``expiryDate``; with a ``-`` in front, descending.

    Returns:
        Each entry with the attributes that its models in both kinds of programs share.
    """
    found = sorted(_left(account, program_id, selection, status), key=lambda pair: pair[0].number)
    if sort is not None:
        key = _start if sort.endswith("startDate") else _expiry
        found.sort(key=lambda pair: key(pair[0]), reverse=sort.startswith("-"))
    return found


def _left(
    account: Account, program_id: int, selection: Selection, status: str
) -> Iterator[tuple[PointsEntry, dict[str, Any]]]:
    for name, ledger in selection.ledgers(account).items():
        left = {"active": ledger.active, "pending": ledger.pending, "expired": ledger.expired}[status]
        for number, amount in left.items():
            entry = ledger.entries[number]
            if selection.matches(entry):
                yield entry, _fields(entry, program_id, name, amount)


def _start(entry: PointsEntry) -> tuple[bool, datetime]:
    return entry.awaits_activation, entry.start_date or entry.created


def _expiry(entry: PointsEntry) -> tuple[bool, datetime]:
    return entry.expiry_date is None, entry.expiry_date or entry.created


def _fields(entry: PointsEntry, program_id: int, sub_ledger_id: str, amount: float) -> dict[str, Any]:
    start = "on_action" if entry.awaits_activation else write_in_utc(entry.start_date)
    return {
        "id": entry.number,
        "transaction_uuid": entry.transaction_uuid,
        "created": entry.created,
        "program_id": program_id,
        "customer_session_id": entry.session_id,
        "name": entry.name,
        "start_date": start or "immediate",
        "expiry_date": write_in_utc(entry.expiry_date) or "unlimited",
        "subledger_id": sub_ledger_id,
        "amount": amount,
        "validity_duration": entry.validity_duration if entry.expiry_date is None else None,
    }
