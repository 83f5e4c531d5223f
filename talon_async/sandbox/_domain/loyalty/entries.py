"""The entries of a ledger, and which entries paid for which."""

from datetime import datetime
from typing import Literal

import attrs

from talon_async.models.ledgers import LedgerTransactionType, LoyaltyPointsStatus


@attrs.define(kw_only=True)
class PointsEntry:
    """An addition or deduction of points.

    Attributes:
        number: Its ID, unique in all ledgers.
        transaction_uuid: The transaction; its rollback has the same one.
        type: Whether it adds or deducts points.
        points: How many.
        name: The reason.
        origin: Whether a rule or a manual change created it.
        profile_id: The customer, by integration ID; empty if anonymous.
        session_id: The session, by integration ID.
        store_integration_id: The store.
        event_id: The ID of the event.
        start_date: When added points become active; immediately if `None`.
        expiry_date: When added points expire; never if `None`.
        awaits_activation: Whether added points are pending until a request activates them.
        validity_duration: How long such points are valid after activation, such as ``30D``.
        reverses: The ID of the entry that it rolls back, if any.
        creates_negative_balance: Whether it deducts more points than were active.
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
        """The status of the points at a time."""
        if self.expiry_date is not None and self.expiry_date <= moment:
            return "expired"
        if self.awaits_activation or (self.start_date is not None and self.start_date > moment):
            return "pending"
        return "active"


@attrs.frozen(kw_only=True)
class Use:
    """Points of an addition that paid for a deduction.

    Attributes:
        of: The ID of the addition.
        by: The ID of the deduction.
    """

    of: int
    by: int
    points: float
    at: datetime
