"""The accounts of members and cards in loyalty programs."""

from collections.abc import MutableMapping
from datetime import datetime

import attrs

from talon_async.sandbox._domain.loyalty.entries import PointsEntry
from talon_async.sandbox._domain.loyalty.ledger import Balance, Ledger, TierRecord
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram
from talon_async.sandbox._domain.loyalty.tiers import update_tier
from talon_async.sandbox._domain.overlay import nested_overlay
from talon_async.sandbox._domain.periods import period_end


@attrs.define
class Account:
    """The account of a profile or card in a loyalty program.

    Attributes:
        joined: When the customer became a member.
        ledgers: The ledgers by subledger ID; that of the main ledger is empty.
    """

    joined: datetime | None = None
    ledgers: dict[str, Ledger] = attrs.field(factory=dict[str, Ledger])

    def advance_to(self, program: LoyaltyProgram, now: datetime) -> None:
        """Activate and expire points and update tiers, in order of time, up to now."""
        for ledger in self.ledgers.values():
            for moment in ledger.due(now):
                update_tier(ledger, program, moment, self.joined)
                ledger.process(moment)
                self._update_membership(ledger, program, moment)
            update_tier(ledger, program, now, self.joined)

    def join(self, program: LoyaltyProgram, now: datetime) -> None:
        """Make the customer a member, who is in a tier without a threshold immediately."""
        self.joined = now
        if program.level(0.0) is not None:
            self.ledgers.setdefault("", Ledger())
        self.advance_to(program, now)

    def tier(self, sub_ledger_id: str) -> TierRecord | None:
        """The tier of a ledger."""
        ledger = self.ledgers.get(sub_ledger_id)
        return ledger.tier if ledger else None

    def book(self, program: LoyaltyProgram, sub_ledger_id: str, entry: PointsEntry) -> None:
        """Book an entry; an unknown subledger is created."""
        self.advance_to(program, entry.created)
        ledger = self.ledgers.setdefault(sub_ledger_id, Ledger())
        if entry.type == "addition":
            ledger.add(entry)
            if self.joined is None and program.join_policy == "points_earned":
                self.joined = entry.created
        else:
            ledger.deduct(entry)
        self._update_membership(ledger, program, entry.created)

    def activate(self, program: LoyaltyProgram, sub_ledger_id: str, number: int, now: datetime) -> None:
        """Activate the pending points of an entry."""
        ledger = self.ledgers[sub_ledger_id]
        entry = ledger.entries[number]
        entry.awaits_activation, entry.start_date = False, now
        if entry.expiry_date is None and entry.validity_duration is not None:
            entry.expiry_date = period_end(now, entry.validity_duration)
        ledger.reschedule(number, now)
        self._update_membership(ledger, program, now)

    def _update_membership(self, ledger: Ledger, program: LoyaltyProgram, moment: datetime) -> None:
        if self.joined is None and program.join_policy == "points_activated" and ledger.active:
            self.joined = moment
        update_tier(ledger, program, moment, self.joined)


@attrs.define
class Points:
    """The points of all profiles and cards.

    Attributes:
        accounts: The accounts, by program ID, and by the profile's integration ID or the card's identifier.
    """

    accounts: MutableMapping[int, MutableMapping[str, Account]] = attrs.field(
        factory=dict[int, MutableMapping[str, Account]]
    )

    def fork(self) -> "Points":
        """Copy them for an overlay, without copying any account."""
        return Points(nested_overlay(self.accounts))

    def find(self, program_id: int, holder: str) -> Account | None:
        """Find an account.

        Args:
            program_id: The program.
            holder: The profile's integration ID, or the card's identifier in a card-based program.
        """
        return self.accounts.get(program_id, {}).get(holder)

    def open(self, program_id: int, holder: str) -> Account:
        """Find or create an account."""
        return self.accounts.setdefault(program_id, {}).setdefault(holder, Account())

    def balance(self, holder: str, now: datetime, *, program_id: int = 1, sub_ledger_id: str = "") -> Balance:
        """The balance of a ledger.

        Args:
            holder: The profile's integration ID, or the card's identifier in a card-based program.
            now: The time.
            program_id: The program.
            sub_ledger_id: The subledger; empty for the main one.
        """
        account = self.find(program_id, holder)
        ledger = account.ledgers.get(sub_ledger_id) if account else None
        return ledger.balance(now) if ledger else Balance()
