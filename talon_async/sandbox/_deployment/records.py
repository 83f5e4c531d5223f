"""How records are numbered, made and found."""

import random
import string
import uuid
from collections.abc import Container
from typing import Any, Final

from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.referrals import Referral
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.clock import Clock
from talon_async.sandbox._deployment.store import ProfileRecord, SessionRecord, State
from talon_async.sandbox._domain.codes import CouponRecord, CouponTerms, ReferralRecord
from talon_async.sandbox._errors import ApiError

APPLICATION_ID: Final = 1
ACCOUNT_ID: Final = 1


class Records(State):
    """The records of a deployment, with what numbers, makes and finds them.

    Attributes:
        clock: Tells the time.
        seed: What identifiers, and all chance, are drawn from.
    """

    clock: Clock
    seed: int

    def next_id(self, kind: str) -> int:
        """Give the next number for a kind of thing."""
        number = self.last_numbers[kind] = self.last_numbers.get(kind, 0) + 1
        return number

    def new_uuid(self) -> str:
        """Give the next identifier of the kind that transactions have."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed}/{self.next_id('uuid')}"))

    def new_random(self) -> random.Random:
        """Give a source of randomness, drawn from the seed; each time another one."""
        return random.Random(f"{self.seed}/{self.next_id('random')}")  # noqa: S311  no secret hangs on it

    def new_code(
        self,
        pattern: str,
        characters: str = string.ascii_uppercase + string.digits,
        taken: Container[str] = (),
    ) -> str:
        """Make a code that is not taken.

        Args:
            pattern: Its form; each ``#`` becomes a character drawn by chance.
            characters: What to draw from.
            taken: Codes that it must not be either.

        Raises:
            ApiError: A hundred codes by the pattern are all taken.
        """
        for _ in range(100):
            source = self.new_random()
            code = "".join(source.choice(characters) if part == "#" else part for part in pattern)
            if code not in self.coupons and code not in self.referrals and code not in taken:
                return code
        raise ApiError(400, f"There are no more codes of the form {pattern!r}")

    def add_coupon(self, terms: CouponTerms, campaign_id: int) -> CouponRecord:
        """Add a coupon to a campaign that runs."""
        record = self.coupons[terms.code] = CouponRecord(
            id=self.next_id("coupon"), terms=terms, campaign_id=campaign_id, created=self.clock.now()
        )
        return record

    def add_referral(
        self, code: str, campaign_id: int, advocate: str, *, usage_limit: int, **terms: Any
    ) -> ReferralRecord:
        """Add a referral code to a campaign.

        Args:
            code: The code.
            campaign_id: The campaign's number.
            advocate: Who refers, by integration ID.
            usage_limit: How often it can be used; 0 for any number.
            **terms: Other attributes of `Referral`.
        """
        referral = Referral(
            id=self.next_id("referral"),
            created=self.clock.now(),
            campaign_id=campaign_id,
            advocate_profile_integration_id=advocate,
            code=code,
            usage_limit=usage_limit,
            usage_counter=0,
            **terms,
        )
        record = self.referrals[code] = ReferralRecord(referral=referral)
        return record

    def session(self, integration_id: str) -> SessionRecord:
        """Find a session.

        Raises:
            ApiError: There is none; status 400, as the contract has no 404 for sessions.
        """
        try:
            return self.sessions[integration_id]
        except KeyError:
            raise ApiError(400, f"There is no customer session {integration_id!r}") from None

    def profile(self, integration_id: str, *, keep: bool) -> ProfileRecord:
        """Find a profile that a call touches, or make it; one that was hidden shows from now on.

        Args:
            integration_id: Its identifier.
            keep: Whether the call stores anything.
        """
        record = self.profiles.get(integration_id)
        if record is not None and keep:
            record.hidden = False
        if record is None:
            now = self.clock.now()
            record = ProfileRecord(
                profile=CustomerProfile(
                    id=self.next_id("profile") if keep else 0,
                    created=now,
                    integration_id=integration_id,
                    attributes={},
                    account_id=ACCOUNT_ID,
                    closed_sessions=0,
                    total_sales=0.0,
                    audience_memberships=[],
                    last_activity=now,
                    sandbox=True,
                )
            )
            if keep:
                self.profiles[integration_id] = record
        return record

    def require_profile(self, integration_id: str) -> ProfileRecord:
        """Find a profile that shows.

        Raises:
            ApiError: There is none; status 404.
        """
        record = self.profiles.get(integration_id)
        if record is None or record.hidden:
            raise ApiError(404, f"There is no customer profile {integration_id!r}")
        return record

    def event(
        self,
        kind: str,
        *,
        profile_id: str,
        session: CustomerSessionV2 | None = None,
        attributes: dict[str, Any] | None = None,
        store_integration_id: str | None = None,
        keep: bool,
    ) -> Event:
        """Record an event.

        Args:
            kind: Its type, such as ``talon_session_created``.
            profile_id: The customer, by integration ID.
            session: The session in which it happens.
            attributes: Its attributes.
            store_integration_id: The store where it happens, unless the session says so.
            keep: Whether it is stored.
        """
        event = Event(
            id=self.next_id("event") if keep else 0,
            created=self.clock.now(),
            application_id=APPLICATION_ID,
            profile_id=profile_id,
            store_integration_id=session.store_integration_id if session else store_integration_id,
            type=kind,
            attributes=attributes or {},
            session_id=session.integration_id if session else None,
            effects=[],
        )
        if keep:
            self.events.append(event)
        return event
