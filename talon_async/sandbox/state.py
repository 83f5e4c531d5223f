"""What a sandbox holds: everything in memory, open to inspection."""

import itertools
import uuid
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs

from talon_async.models.effects import Effect
from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox.ledger import Ledger, LoyaltyProgram
from talon_async.sandbox.promotions import Campaign, Occasion, default_campaigns
from talon_async.sandbox.refusal import RefusedError

APPLICATION_ID: Final = 1
ACCOUNT_ID: Final = 1
KEPT_EVENTS: Final = 10_000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The time in a deployment: that of the computer, moved ahead as far as a test moves it.

    Args:
        source: Tells the time; the computer's clock unless given.
    """

    def __init__(self, source: Callable[[], datetime] = _utc_now) -> None:
        self._source = source
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment it is."""
        return self._source() + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move the time ahead."""
        self._ahead += by


@attrs.define(kw_only=True)
class SessionRecord:
    """A stored session.

    Attributes:
        session: The session as answers show it.
        effects: The effects that hold for it: those rolled back are not among them.
        returns: What was returned of it.
    """

    session: CustomerSessionV2
    effects: list[Effect]
    returns: list[Return] = attrs.field(factory=list[Return])


@attrs.define(kw_only=True)
class ProfileRecord:
    """A stored profile.

    Attributes:
        profile: The profile as answers show it.
        first_session: The first session of the profile, by its integration ID.
    """

    profile: CustomerProfile
    first_session: str | None = None


@attrs.define(kw_only=True)
class CouponRecord:
    """A coupon of a campaign.

    Attributes:
        id: Its number.
        redemptions: How often each profile redeemed it, by integration ID; anonymous sessions count for an
            empty one.
    """

    id: int
    code: str
    campaign_id: int
    created: datetime
    redemptions: defaultdict[str, int] = attrs.field(factory=lambda: defaultdict[str, int](int))


@attrs.frozen(kw_only=True)
class RunningCampaign:
    """A campaign with the numbers that the deployment gave it."""

    id: int
    ruleset_id: int
    created: datetime
    campaign: Campaign


class Deployment:
    """One Application with its campaigns, and all that was sent to it.

    Args:
        campaigns: The promotions that run; `default_campaigns` unless given.
        api_key: The key that calls must bear.
        clock: Tells the time.
        new_uuid: Makes identifiers, such as those of points transactions.

    Attributes:
        url: Where it is served; empty while it is not.
        sessions: The sessions, by integration ID.
        profiles: The profiles, by integration ID.
        campaigns: The campaigns, by their numbers.
        coupons: The coupons of all campaigns, by code.
        events: The latest events, built-in ones too.
        points: The loyalty points of all profiles.
        loyalty_programs: The loyalty programs, by their numbers.
    """

    def __init__(
        self,
        *,
        campaigns: Iterable[Campaign] | None = None,
        api_key: str = "sandbox-key",
        clock: Clock | None = None,
        new_uuid: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self.url = ""
        self.api_key = api_key
        self.clock = clock or Clock()
        self.new_uuid = new_uuid
        self.sessions: dict[str, SessionRecord] = {}
        self.profiles: dict[str, ProfileRecord] = {}
        self.campaigns: dict[int, RunningCampaign] = {}
        self.coupons: dict[str, CouponRecord] = {}
        self.events: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self.points = Ledger()
        self.loyalty_programs = {1: LoyaltyProgram(id=1, name="points", title="Points")}
        self._counters: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        for campaign in default_campaigns() if campaigns is None else campaigns:
            self.add_campaign(campaign)

    def add_campaign(self, campaign: Campaign) -> RunningCampaign:
        """Start a campaign; it is evaluated after those before it.

        Raises:
            ValueError: One of its coupons belongs to another campaign.
        """
        taken = sorted(set(campaign.coupons) & self.coupons.keys())
        if taken:
            raise ValueError(f"coupons: {', '.join(taken)} belong to another campaign")
        now = self.clock.now()
        running = RunningCampaign(
            id=self.next_id("campaign"), ruleset_id=self.next_id("ruleset"), created=now, campaign=campaign
        )
        self.campaigns[running.id] = running
        for code in campaign.coupons:
            self.coupons[code] = CouponRecord(
                id=self.next_id("coupon"), code=code, campaign_id=running.id, created=now
            )
        return running

    def next_id(self, kind: str) -> int:
        """Give the next number for a kind of thing."""
        return next(self._counters[kind])

    def session(self, integration_id: str) -> SessionRecord:
        """Find a session.

        Raises:
            RefusedError: There is none; status 400, as the contract has no 404 for sessions.
        """
        try:
            return self.sessions[integration_id]
        except KeyError:
            raise RefusedError(400, f"There is no customer session {integration_id!r}") from None

    def profile(self, integration_id: str, *, keep: bool) -> ProfileRecord:
        """Find a profile, or make it.

        Args:
            integration_id: Its identifier.
            keep: Whether a new one is stored.
        """
        record = self.profiles.get(integration_id)
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

    def occasion(
        self,
        event: Event,
        *,
        session: CustomerSessionV2 | None = None,
        profile: CustomerProfile | None = None,
        closing: bool = False,
        now: datetime | None = None,
    ) -> Occasion:
        """Gather what rules look at.

        Args:
            event: What happened.
            session: The session as it will be.
            profile: The customer.
            closing: Whether the session is being closed.
            now: The moment to evaluate at, if it is not this one.
        """
        return Occasion(
            event=event,
            session=session,
            profile=profile,
            closing=closing,
            now=now or self.clock.now(),
            new_uuid=self.new_uuid,
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.url or 'no address'}>"
