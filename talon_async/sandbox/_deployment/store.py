"""The records of a deployment: all in memory, data only."""

import random
import string
import uuid
from collections import deque
from collections.abc import Container, MutableMapping
from datetime import datetime
from typing import Any, Final

import attrs

from talon_async.models.audiences import Audience
from talon_async.models.events import Event, EventV3
from talon_async.models.giveaways import Giveaway
from talon_async.models.profiles import CustomerProfile
from talon_async.models.referrals import Referral
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.idempotency import StoredResponses
from talon_async.sandbox._domain.achievement_progress import ProgressRecord
from talon_async.sandbox._domain.catalogs import CatalogRecord
from talon_async.sandbox._domain.codes import CouponRecord, CouponTerms, ReferralRecord
from talon_async.sandbox._domain.loyalty.accounts import Points
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord
from talon_async.sandbox._domain.overlay import Overlay, nested_overlay
from talon_async.sandbox._domain.records import (
    ACCOUNT_ID,
    APPLICATION_ID,
    CampaignUse,
    ProfileRecord,
    SessionRecord,
)
from talon_async.sandbox._errors import ApiError

MAX_EVENTS: Final = 10_000


def _event_log() -> deque[Event]:
    return deque(maxlen=MAX_EVENTS)


@attrs.define(kw_only=True, repr=False, eq=False)
class Store:
    """All records; a snapshot holds them, except for the seed.

    Attributes:
        seed: Determines the identifiers and codes that the store generates.
        achievement_progress: The rounds of each profile in achievements, oldest first, by integration ID.
        audiences: The audiences, by ID.
        sessions: The sessions, by integration ID.
        advanced_events: The advanced events, by integration ID.
        catalogs: The contents of the synced catalogs, by ID.
        giveaways: The awarded giveaways of each pool, oldest first, by pool ID.
        profiles: The profiles, by integration ID.
        campaign_use: How much of each campaign's limits is used, by campaign ID.
        coupons: The coupons of all campaigns, by code.
        referrals: The referrals of all campaigns, by code.
        events: The latest events, built-in ones included.
        loyalty_cards: The loyalty cards, by program ID and identifier.
        points: The loyalty points of all profiles and cards.
        last_numbers: The last ID given to each kind of record.
        stored_responses: The responses to requests with an idempotency key.
    """

    seed: int = 0
    achievement_progress: MutableMapping[str, list[ProgressRecord]] = attrs.field(
        factory=dict[str, list[ProgressRecord]]
    )
    audiences: MutableMapping[int, Audience] = attrs.field(factory=dict[int, Audience])
    sessions: MutableMapping[str, SessionRecord] = attrs.field(factory=dict[str, SessionRecord])
    advanced_events: MutableMapping[str, EventV3] = attrs.field(factory=dict[str, EventV3])
    catalogs: MutableMapping[int, CatalogRecord] = attrs.field(factory=dict[int, CatalogRecord])
    giveaways: MutableMapping[int, list[Giveaway]] = attrs.field(factory=dict[int, list[Giveaway]])
    profiles: MutableMapping[str, ProfileRecord] = attrs.field(factory=dict[str, ProfileRecord])
    campaign_use: MutableMapping[int, CampaignUse] = attrs.field(factory=dict[int, CampaignUse])
    coupons: MutableMapping[str, CouponRecord] = attrs.field(factory=dict[str, CouponRecord])
    referrals: MutableMapping[str, ReferralRecord] = attrs.field(factory=dict[str, ReferralRecord])
    events: deque[Event] = attrs.field(factory=_event_log)
    loyalty_cards: MutableMapping[int, MutableMapping[str, LoyaltyCardRecord]] = attrs.field(
        factory=dict[int, MutableMapping[str, LoyaltyCardRecord]]
    )
    points: Points = attrs.field(factory=Points)
    last_numbers: MutableMapping[str, int] = attrs.field(factory=dict[str, int])
    stored_responses: StoredResponses = attrs.field(factory=StoredResponses)

    def overlay(self) -> "Store":
        """Make a store for a dry run: it reads these records, and what it writes never reaches them.

        Dry runs only append events and use no idempotency keys, so both start empty.
        """
        return Store(
            seed=self.seed,
            achievement_progress=Overlay(self.achievement_progress),
            audiences=Overlay(self.audiences),
            sessions=Overlay(self.sessions),
            advanced_events=Overlay(self.advanced_events),
            catalogs=Overlay(self.catalogs, CatalogRecord.fork),
            giveaways=Overlay(self.giveaways),
            profiles=Overlay(self.profiles),
            campaign_use=Overlay(self.campaign_use, CampaignUse.fork),
            coupons=Overlay(self.coupons, CouponRecord.fork),
            referrals=Overlay(self.referrals),
            loyalty_cards=nested_overlay(self.loyalty_cards),
            points=self.points.fork(),
            last_numbers=Overlay(self.last_numbers),
        )

    def next_id(self, kind: str) -> int:
        """Take the next ID for a kind of record."""
        number = self.last_numbers[kind] = self.last_numbers.get(kind, 0) + 1
        return number

    def new_uuid(self) -> str:
        """Generate a UUID, such as transactions have."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed}/{self.next_id('uuid')}"))

    def new_random(self) -> random.Random:
        """Make a random number generator, a different one each time."""
        return random.Random(f"{self.seed}/{self.next_id('random')}")  # noqa: S311  not a secret

    def new_code(
        self,
        pattern: str,
        characters: str = string.ascii_uppercase + string.digits,
        taken: Container[str] = (),
    ) -> str:
        """Generate a coupon or referral code that does not exist yet.

        Args:
            pattern: Its form; each ``#`` stands for a random character.
            characters: The characters to draw from.
            taken: More codes to avoid.

        Raises:
            ApiError: A hundred generated codes all exist; status 400.
        """
        for _ in range(100):
            source = self.new_random()
            code = "".join(source.choice(characters) if part == "#" else part for part in pattern)
            if code not in self.coupons and code not in self.referrals and code not in taken:
                return code
        raise ApiError(400, f"There are no more codes of the form {pattern!r}")

    def add_coupon(self, terms: CouponTerms, campaign_id: int, now: datetime) -> CouponRecord:
        """Add a coupon to a campaign."""
        record = self.coupons[terms.code] = CouponRecord(
            id=self.next_id("coupon"), terms=terms, campaign_id=campaign_id, created=now
        )
        return record

    def add_referral(
        self, code: str, campaign_id: int, advocate: str, now: datetime, *, usage_limit: int, **terms: Any
    ) -> ReferralRecord:
        """Add a referral code to a campaign.

        Args:
            code: The code.
            campaign_id: The campaign.
            advocate: The advocate, by integration ID.
            now: When it is created.
            usage_limit: How often it can be redeemed; 0 for any number.
            **terms: More attributes of `Referral`.
        """
        referral = Referral(
            id=self.next_id("referral"),
            created=now,
            campaign_id=campaign_id,
            advocate_profile_integration_id=advocate,
            code=code,
            usage_limit=usage_limit,
            usage_counter=0,
            **terms,
        )
        record = self.referrals[code] = ReferralRecord(referral=referral)
        return record

    def require_session(self, integration_id: str) -> SessionRecord:
        """Find a session.

        Raises:
            ApiError: It does not exist; status 400, as the contract declares no 404 for sessions.
        """
        try:
            return self.sessions[integration_id]
        except KeyError:
            raise ApiError(400, f"There is no customer session {integration_id!r}") from None

    def get_or_create_profile(self, integration_id: str, now: datetime) -> ProfileRecord:
        """Find a profile, or create it; a hidden one becomes visible."""
        record = self.profiles.get(integration_id)
        if record is None:
            record = self.profiles[integration_id] = ProfileRecord(
                profile=CustomerProfile(
                    id=self.next_id("profile"),
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
        record.hidden = False
        return record

    def require_profile(self, integration_id: str) -> ProfileRecord:
        """Find a profile that is not hidden.

        Raises:
            ApiError: It does not exist; status 404.
        """
        record = self.profiles.get(integration_id)
        if record is None or record.hidden:
            raise ApiError(404, f"There is no customer profile {integration_id!r}")
        return record

    def record_event(
        self,
        kind: str,
        now: datetime,
        *,
        profile_id: str,
        session: CustomerSessionV2 | None = None,
        attributes: dict[str, Any] | None = None,
        store_integration_id: str | None = None,
    ) -> Event:
        """Record an event.

        Args:
            kind: Its type, such as ``talon_session_created``.
            now: When it happens.
            profile_id: The profile, by integration ID.
            session: The session of the event.
            attributes: Its attributes.
            store_integration_id: The store of the event; the session's store takes precedence.
        """
        event = Event(
            id=self.next_id("event"),
            created=now,
            application_id=APPLICATION_ID,
            profile_id=profile_id,
            store_integration_id=session.store_integration_id if session else store_integration_id,
            type=kind,
            attributes=attributes or {},
            session_id=session.integration_id if session else None,
            effects=[],
        )
        self.events.append(event)
        return event
