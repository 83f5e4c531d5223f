"""A ledger: its entries, and which additions paid for which deductions."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from talon_async.models.ledgers import LedgerTransactionType
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.entries import PointsEntry, Use


@attrs.frozen(kw_only=True)
class Balance:
    """The points in a ledger at a time.

    Attributes:
        active: Points that can be spent.
        pending: Points that are not active yet.
        expired: Points that expired unspent.
        negative: The negative balance, 0 or less; if it is below 0, `active` is 0.
        spent: Points that were spent and not rolled back.
    """

    active: float = 0.0
    pending: float = 0.0
    expired: float = 0.0
    negative: float = 0.0
    spent: float = 0.0


@attrs.define(kw_only=True)
class TierRecord:
    """The tier of a ledger.

    Attributes:
        level: Its index in the tiers of the program.
        start: When the ledger reached it.
        end: When it is evaluated again; never if `None`.
    """

    level: int
    start: datetime
    end: datetime | None


@attrs.define
class Ledger:
    """The points of one profile or card in one subledger.

    Before a write, process each of the `due` times with `process`.

    Attributes:
        entries: All entries by ID, oldest first.
        uses: Which additions paid for each deduction, oldest first.
        active: The active points left of each entry, by entry ID.
        pending: The pending points, likewise.
        expired: The expired points, likewise.
        owed: The unpaid points of each deduction below zero, by entry ID.
        spent: Points that were spent and not rolled back.
        changes: A heap of the times when entries start or expire, with their IDs.
        tier: The tier reached with the active points.
    """

    entries: dict[int, PointsEntry] = attrs.field(factory=dict[int, PointsEntry])
    uses: list[Use] = attrs.field(factory=list[Use])
    active: dict[int, float] = attrs.field(factory=dict[int, float])
    pending: dict[int, float] = attrs.field(factory=dict[int, float])
    expired: dict[int, float] = attrs.field(factory=dict[int, float])
    owed: dict[int, float] = attrs.field(factory=dict[int, float])
    spent: float = 0.0
    changes: list[tuple[datetime, int]] = attrs.field(factory=list[tuple[datetime, int]])
    tier: TierRecord | None = None

    def due(self, now: datetime) -> Iterator[datetime]:
        """Iterate over the times up to now when points start or expire, as each is processed."""
        while self.changes and self.changes[0][0] <= now:
            yield self.changes[0][0]

    def process(self, moment: datetime) -> None:
        """Activate and expire the points that are due at a time."""
        while self.changes and self.changes[0][0] <= moment:
            _, number = heapq.heappop(self.changes)
            self._place(number, moment)

    def add(self, entry: PointsEntry) -> None:
        """Add points; once active, they pay what is owed."""
        self.entries[entry.number] = entry
        self.pending[entry.number] = entry.points
        if entry.reverses is not None:
            self.spent = amount(self.spent - entry.points)
        self.reschedule(entry.number, entry.created)

    def reschedule(self, number: int, now: datetime) -> None:
        """Schedule an entry by its dates, new or changed."""
        entry = self.entries[number]
        for date in (entry.start_date, entry.expiry_date):
            if date is not None and date > now:
                heapq.heappush(self.changes, (date, number))
        self._place(number, now)

    def deduct(self, entry: PointsEntry) -> None:
        """Deduct points.

        Active points pay: those that expire first go first, those without an expiry date last, and older ones
        before newer ones. A rollback is paid from what is left of the rolled back entry first.
        """
        self.entries[entry.number] = entry
        missing = entry.points
        if entry.reverses is None:
            self.spent = amount(self.spent + entry.points)
        else:
            missing = self._pay(missing, [entry.reverses], entry)
        if missing:
            missing = self._pay(missing, sorted(self.active, key=self._spending_order), entry)
        if missing:
            self.owed[entry.number] = missing
            entry.creates_negative_balance = True

    def find(
        self, kind: LedgerTransactionType, transaction_uuid: str, session_id: str | None
    ) -> PointsEntry | None:
        """Find the latest entry of a session with a transaction UUID that is not a rollback."""
        for entry in reversed(self.entries.values()):
            if (
                entry.transaction_uuid == transaction_uuid
                and entry.type == kind
                and entry.session_id == session_id
                and entry.reverses is None
            ):
                return entry
        return None

    def sources(self, number: int, points: float) -> dict[datetime | None, float]:
        """Find the points of a deduction to return, by expiry date.

        Args:
            number: The ID of the deduction.
            points: How many in total; points that were returned before are not returned again.
        """
        given = sum(entry.points for entry in self.entries.values() if entry.reverses == number)
        points = min(points, amount(self.entries[number].points - given))
        found: dict[datetime | None, float] = {}
        for use in self.uses:
            if use.by == number:
                skipped = min(given, use.points)
                taken = min(points, amount(use.points - skipped))
                given, points = amount(given - skipped), amount(points - taken)
                if taken:
                    expiry = self.entries[use.of].expiry_date
                    found[expiry] = found.get(expiry, 0.0) + taken
        if points:  # they were never paid: returning them settles what is owed
            found[None] = found.get(None, 0.0) + points
        return found

    def left(self, number: int) -> float:
        """The points of an entry that are neither spent nor rolled back."""
        return self._where(number).get(number, 0.0)

    def balance(self, moment: datetime) -> Balance:
        """The balance at a past, present or future time."""
        last = next(reversed(self.entries.values()), None)
        if last is None or (self.changes and self.changes[0][0] <= moment) or moment < last.created:
            return self._balance_by_entries(moment)
        return _balance(
            sum(self.active.values()),
            sum(self.pending.values()),
            sum(self.expired.values()),
            sum(self.owed.values()),
            self.spent,
        )

    def _balance_by_entries(self, moment: datetime) -> Balance:
        left: dict[int, float] = {}
        owed = spent = 0.0
        for entry in self.entries.values():
            if entry.created > moment:
                break
            if entry.type == "addition":
                left[entry.number] = entry.points
                spent -= entry.points if entry.reverses is not None else 0.0
            else:
                owed += entry.points
                spent += entry.points if entry.reverses is None else 0.0
        for use in self.uses:
            if use.at > moment:
                break
            left[use.of] -= use.points
            owed -= use.points
        sums = dict.fromkeys(("active", "pending", "expired"), 0.0)
        for number, points in left.items():
            sums[self.entries[number].status(moment)] += points
        return _balance(sums["active"], sums["pending"], sums["expired"], owed, spent)

    def _where(self, number: int) -> dict[int, float]:
        return next(
            (points for points in (self.active, self.pending, self.expired) if number in points), self.active
        )

    def _place(self, number: int, moment: datetime) -> None:
        """Move what is left of an entry to its status at a time; active points pay what is owed."""
        left = self._where(number).pop(number, 0.0)
        if not left:
            return
        entry = self.entries[number]
        status = entry.status(moment)
        {"active": self.active, "pending": self.pending, "expired": self.expired}[status][number] = left
        if status == "active":
            for by in list(self.owed):
                missing = self._pay(self.owed.pop(by), [number], self.entries[by], moment)
                if missing:
                    self.owed[by] = missing
                    break

    def _pay(
        self, missing: float, numbers: Iterable[int], by: PointsEntry, at: datetime | None = None
    ) -> float:
        """Pay for a deduction from entries; return what is still missing."""
        for number in numbers:
            points = self._where(number)
            taken = min(missing, points.get(number, 0.0))
            if not taken:
                continue
            self.uses.append(Use(of=number, by=by.number, points=taken, at=at or by.created))
            left = amount(points[number] - taken)
            if left:
                points[number] = left
            else:
                del points[number]
            missing = amount(missing - taken)
            if not missing:
                break
        return missing

    def _spending_order(self, number: int) -> tuple[bool, float, int]:
        expiry = self.entries[number].expiry_date
        return expiry is None, expiry.timestamp() if expiry else 0.0, number


def _balance(active: float, pending: float, expired: float, owed: float, spent: float) -> Balance:
    after = amount(active - owed)
    return Balance(
        active=max(after, 0.0),
        pending=amount(pending),
        expired=amount(expired),
        negative=min(after, 0.0),
        spent=amount(spent),
    )
