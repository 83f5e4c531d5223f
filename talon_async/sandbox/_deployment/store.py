"""What a deployment holds: everything in memory, open to inspection, and nothing that is code."""

from collections import OrderedDict, defaultdict, deque
from typing import Final

import attrs

from talon_async.models.audiences import Audience
from talon_async.models.effects import Effect
from talon_async.models.events import Event, EventV3
from talon_async.models.giveaways import Giveaway
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox._deployment.idempotency import StoredResponse
from talon_async.sandbox._domain.achievement_progress import ProgressRecord
from talon_async.sandbox._domain.catalogs import CatalogRecord
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._domain.loyalty.accounts import Points
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord

MAX_EVENTS: Final = 10_000


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
        hidden: Whether nothing shows the profile yet: an audience made it, and no update of it came since.
    """

    profile: CustomerProfile
    first_session: str | None = None
    hidden: bool = False


@attrs.define(kw_only=True)
class CampaignUse:
    """What was used up of a campaign's limits.

    Attributes:
        coupons: How often its coupons were redeemed and not given back.
        referrals: How often its referral codes were used and not given back.
        friends: The same for each profile that was brought in, by integration ID.
        discount: How much discount it gave, in the Application's currency.
    """

    coupons: int = 0
    referrals: int = 0
    friends: defaultdict[str, int] = attrs.field(factory=lambda: defaultdict[str, int](int))
    discount: float = 0.0


@attrs.define(kw_only=True, slots=False, repr=False, eq=False)
class State:
    """All records of a deployment, which a snapshot keeps and a reset empties.

    Attributes:
        achievement_progress: The rounds of each profile in achievements, oldest first, by integration ID.
        audiences: The audiences, by their numbers.
        sessions: The sessions, by integration ID.
        advanced_events: The advanced events, by integration ID.
        catalogs: What is in the catalogs that were synced, by their numbers.
        giveaways: The giveaways that were awarded, by the numbers of their pools; oldest first.
        profiles: The profiles, by integration ID.
        campaign_use: What was used up of the limits of campaigns, by their numbers.
        coupons: The coupons of all campaigns, by code.
        referrals: The referrals of all campaigns, by code.
        events: The latest events, built-in ones too.
        loyalty_cards: The loyalty cards, by the numbers of their programs and by identifier.
        points: The loyalty points of all profiles and cards.
        last_numbers: The last number that was given for each kind of thing.
        stored_responses: The answers to calls with an idempotency key, oldest first; by operation, path and
            key.
    """

    achievement_progress: dict[str, list[ProgressRecord]] = attrs.field(
        init=False, factory=dict[str, list[ProgressRecord]]
    )
    audiences: dict[int, Audience] = attrs.field(init=False, factory=dict[int, Audience])
    sessions: dict[str, SessionRecord] = attrs.field(init=False, factory=dict[str, SessionRecord])
    advanced_events: dict[str, EventV3] = attrs.field(init=False, factory=dict[str, EventV3])
    catalogs: dict[int, CatalogRecord] = attrs.field(init=False, factory=dict[int, CatalogRecord])
    giveaways: dict[int, list[Giveaway]] = attrs.field(init=False, factory=dict[int, list[Giveaway]])
    profiles: dict[str, ProfileRecord] = attrs.field(init=False, factory=dict[str, ProfileRecord])
    campaign_use: dict[int, CampaignUse] = attrs.field(init=False, factory=dict[int, CampaignUse])
    coupons: dict[str, CouponRecord] = attrs.field(init=False, factory=dict[str, CouponRecord])
    referrals: dict[str, ReferralRecord] = attrs.field(init=False, factory=dict[str, ReferralRecord])
    events: deque[Event] = attrs.field(init=False, factory=lambda: deque[Event](maxlen=MAX_EVENTS))
    loyalty_cards: dict[int, dict[str, LoyaltyCardRecord]] = attrs.field(
        init=False, factory=dict[int, dict[str, LoyaltyCardRecord]]
    )
    points: Points = attrs.field(init=False, factory=Points)
    last_numbers: dict[str, int] = attrs.field(init=False, factory=dict[str, int])
    stored_responses: OrderedDict[str, StoredResponse] = attrs.field(
        init=False, factory=OrderedDict[str, StoredResponse]
    )
