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
    """What a profile or card has in a loyalty program.

    Attributes:
        joined: When the customer became a member.
        ledgers: The ledgers by their subledgers; the main one has an empty name.
    """

    joined: datetime | None = None
    ledgers: dict[str, Ledger] = attrs.field(factory=dict[str, Ledger])

    def advance_to(self, program: LoyaltyProgram, now: datetime) -> None:
        """Let points start and expire and tiers change, each at its moment."""
        for ledger in self.ledgers.values():
            for moment in ledger.due(now):
                update_tier(ledger, program, moment)
                ledger.turn(moment)
                self._take_note(ledger, program, moment)
            update_tier(ledger, program, now)

    def tier(self, sub_ledger_id: str) -> TierRecord | None:
        """Tell the tier that a ledger is in."""
        ledger = self.ledgers.get(sub_ledger_id)
        return ledger.tier if ledger else None

    def book(self, program: LoyaltyProgram, sub_ledger_id: str, entry: PointsEntry) -> None:
        """Enter a movement of points; a subledger that is not there yet comes into being."""
        self.advance_to(program, entry.created)
        ledger = self.ledgers.setdefault(sub_ledger_id, Ledger())
        if entry.type == "addition":
            ledger.add(entry)
            if self.joined is None and program.join_policy == "points_earned":
                self.joined = entry.created
        else:
            ledger.deduct(entry)
        self._take_note(ledger, program, entry.created)

    def activate(self, program: LoyaltyProgram, sub_ledger_id: str, number: int, now: datetime) -> None:
        """Let the points of an entry, which await it, count from now on."""
        ledger = self.ledgers[sub_ledger_id]
        entry = ledger.entries[number]
        entry.awaits_activation, entry.start_date = False, now
        if entry.expiry_date is None and entry.validity_duration is not None:
            entry.expiry_date = period_end(now, entry.validity_duration)
        ledger.reschedule(number, now)
        self._take_note(ledger, program, now)

    def _take_note(self, ledger: Ledger, program: LoyaltyProgram, moment: datetime) -> None:
        update_tier(ledger, program, moment)
        if self.joined is None and program.join_policy == "points_activated" and ledger.active:
            self.joined = moment


@attrs.define
class Points:
    """The points of all profiles and cards.

    Attributes:
        accounts: The accounts, by the program and by the integration ID of the profile or the identifier
            of the card.
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
            holder: The profile's integration ID, or the card's identifier in a program for cards.
        """
        return self.accounts.get(program_id, {}).get(holder)

    def open(self, program_id: int, holder: str) -> Account:
        """Find an account, or make it."""
        return self.accounts.setdefault(program_id, {}).setdefault(holder, Account())

    def balance(self, holder: str, now: datetime, *, program_id: int = 1, sub_ledger_id: str = "") -> Balance:
        """Count the points in a ledger.

        Args:
            holder: The profile's integration ID, or the card's identifier in a program for cards.
            now: The moment to count them at.
            program_id: The program.
            sub_ledger_id: The subledger; empty for the main one.
        """
        account = self.find(program_id, holder)
        ledger = account.ledgers.get(sub_ledger_id) if account else None
        return ledger.balance(now) if ledger else Balance()
