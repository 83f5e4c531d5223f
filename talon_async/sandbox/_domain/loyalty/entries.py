"""The entries of a ledger: movements of points, and what paid for them."""

from datetime import datetime
from typing import Literal

import attrs

from talon_async.models.ledgers import LedgerTransactionType, LoyaltyPointsStatus


@attrs.define(kw_only=True)
class PointsEntry:
    """A movement of points.

    Attributes:
        number: Its number, which no other entry of any ledger has.
        transaction_uuid: The transaction; what takes it back bears the same one.
        type: Whether it adds points or deducts them.
        points: How many.
        name: Why.
        origin: Whether a rule made it or somebody by hand.
        profile_id: The customer behind it, by integration ID; empty if there is none.
        session_id: The session behind it, by integration ID.
        store_integration_id: The store where it happened.
        event_id: The number of the event behind it.
        start_date: From when added points count; at once if `None`.
        expiry_date: Until when added points count; for good if `None`.
        awaits_activation: Whether added points are pending until somebody activates them.
        validity_duration: How long such points last from their activation, such as ``30D``.
        reverses: The number of the entry that it takes back, if it does.
        creates_negative_balance: Whether it deducts more points than there were.
    """

    number: int
    transaction_uuid: str
    type: LedgerTransactionType
    points: float
    name: str
    created: datetime
    origin: Literal["manual", "session"] = "session"
    profile_id: str = ""
    session_id: str | None = None
    store_integration_id: str | None = None
    event_id: int | None = None
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    awaits_activation: bool = False
    validity_duration: str | None = None
    reverses: int | None = None
    creates_negative_balance: bool = False

    def status(self, moment: datetime) -> LoyaltyPointsStatus:
        """Tell whether the points count at a moment, will, or did once."""
        if self.expiry_date is not None and self.expiry_date <= moment:
            return "expired"
        if self.awaits_activation or (self.start_date is not None and self.start_date > moment):
            return "pending"
        return "active"


@attrs.frozen(kw_only=True)
class Use:
    """Points of one entry that paid for another.

    Attributes:
        of: The number of the entry that had added them.
        by: The number of the entry that deducts them.
    """

    of: int
    by: int
    points: float
    at: datetime
