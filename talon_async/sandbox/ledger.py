"""The points that profiles hold in loyalty programs."""

from datetime import datetime

import attrs

from talon_async.sandbox.amounts import amount


@attrs.frozen(kw_only=True)
class LoyaltyProgram:
    """A loyalty program for profiles.

    Attributes:
        id: Its number, which effects name.
        name: Its internal name.
        title: The name that is shown.
    """

    id: int
    name: str
    title: str


@attrs.frozen(kw_only=True)
class PointsEntry:
    """One movement of points.

    Attributes:
        transaction_uuid: The transaction; what takes it back bears the same one.
        sub_ledger_id: The subledger; empty for the main one.
        profile_id: Whose points they are, by the integration ID.
        session_id: The session behind it, by the integration ID, if there is one.
        name: Why points are given or taken.
        value: How many points; below zero if they are taken.
        start_date: From when the points count; at once if `None`.
        expiry_date: Until when the points count; for good if `None`.
    """

    transaction_uuid: str
    program_id: int
    sub_ledger_id: str
    profile_id: str
    session_id: str | None
    name: str
    value: float
    created: datetime
    start_date: datetime | None = None
    expiry_date: datetime | None = None


@attrs.frozen
class Balance:
    """The points in one ledger at one moment; where `negative` is below zero, `active` is 0."""

    active: float
    pending: float
    negative: float


class Ledger:
    """All points of all profiles: each movement is kept, in order."""

    def __init__(self) -> None:
        self._entries: dict[str, list[PointsEntry]] = {}
        self._first: dict[str, PointsEntry] = {}

    def book(self, entry: PointsEntry) -> None:
        """Enter a movement of points."""
        self._entries.setdefault(entry.profile_id, []).append(entry)
        self._first.setdefault(entry.transaction_uuid, entry)

    def take_back(self, transaction_uuid: str, value: float, now: datetime) -> None:
        """Enter the reversal of a movement, or of a part of it; it counts just as long as that one does."""
        first = self._first[transaction_uuid]
        sign = -1 if first.value > 0 else 1
        self.book(attrs.evolve(first, value=sign * value, created=now))

    def entries(self, profile_id: str) -> list[PointsEntry]:
        """The movements of a profile's points, oldest first."""
        return self._entries.get(profile_id, [])

    def subledgers(self, profile_id: str) -> dict[int, list[str]]:
        """The programs in which a profile has entries, each with its subledgers."""
        found: dict[int, list[str]] = {}
        for entry in self.entries(profile_id):
            names = found.setdefault(entry.program_id, [])
            if entry.sub_ledger_id not in names:
                names.append(entry.sub_ledger_id)
        return found

    def balance(
        self, profile_id: str, now: datetime, *, program_id: int = 1, sub_ledger_id: str = ""
    ) -> Balance:
        """Count the points that a profile has in a ledger."""
        active = pending = 0.0
        for entry in self.entries(profile_id):
            if (entry.program_id, entry.sub_ledger_id) != (program_id, sub_ledger_id):
                continue
            if entry.start_date is not None and entry.start_date > now:
                pending += entry.value
            elif entry.expiry_date is None or entry.expiry_date > now:
                active += entry.value
        return Balance(amount(max(active, 0.0)), amount(pending), amount(min(active, 0.0)))
