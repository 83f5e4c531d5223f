"""A deployment: the facade over its configuration, records, clock, faults and request log."""

import itertools
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path

import attrs

from talon_async.models.events import Event
from talon_async.sandbox._campaigns.campaign import Campaign, RunningCampaign
from talon_async.sandbox._campaigns.presets import default_campaigns
from talon_async.sandbox._deployment.application import Application
from talon_async.sandbox._deployment.clock import Clock
from talon_async.sandbox._deployment.faults import Faults
from talon_async.sandbox._deployment.request_log import Observer, RecordedCall, RequestLog
from talon_async.sandbox._deployment.request_queue import RequestQueue
from talon_async.sandbox._deployment.snapshots import Heading, read_snapshot, write_snapshot
from talon_async.sandbox._deployment.store import Store
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.attributes import AttributeDeclarations
from talon_async.sandbox._domain.catalogs import CartItemCatalog
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.entries import PointsEntry
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram
from talon_async.sandbox._domain.records import CampaignUse, ProfileRecord, SessionRecord
from talon_async.sandbox._domain.utc import check_moment

logger = logging.getLogger("talon_async.sandbox")


class Deployment:
    """One Application with its campaigns, and the records of the requests it received.

    Args:
        campaigns: The campaigns, in evaluation order; `default_campaigns` unless given.
        achievements: The achievements of the campaigns.
        attributes: The declared attributes, by entity and name; any attribute is accepted unless given.
        catalogs: The cart item catalogs, one with the ID 1 unless given; carts use the first one.
        giveaway_pools: The pools of giveaway codes.
        loyalty_programs: The loyalty programs, a profile-based one with the ID 1 unless given. Points with an
            unknown program ID go to a profile-based program with default settings.
        api_key: The API key clients must send.
        testing_key: A second API key whose requests are all dry runs. It is accepted for session updates,
            profile updates and `trackEventV2`.
        clock: The clock; the computer's time unless given.
        seed: Determines all generated identifiers and codes, and the random rates and latencies of faults:
            the same requests get the same responses under the same seed.
        observers: Called with each `RecordedCall`, before its response is sent.

    Raises:
        ValueError: Two of the arguments contradict each other.

    Attributes:
        url: The address it is served at; empty while it is not served.
        application: The configuration.
        store: The records.
        clock: The clock.
        call_numbers: The numbers of the calls to come.
        calls: The latest calls, oldest first: at most 1000, with bodies of at most 64 MiB. Not part of a
            snapshot.
        observers: Called with each `RecordedCall`, before its response is sent.
        faults: The faults to inject into calls.
        queue: The queue of its concurrent calls, whichever app or transport they arrive through.
    """

    def __init__(
        self,
        *,
        campaigns: Iterable[Campaign] | None = None,
        achievements: Iterable[Achievement] = (),
        attributes: AttributeDeclarations | None = None,
        catalogs: Iterable[CartItemCatalog] = (CartItemCatalog(),),
        giveaway_pools: Iterable[GiveawayPool] = (),
        loyalty_programs: Iterable[LoyaltyProgram] = (LoyaltyProgram(id=1, name="points", title="Points"),),
        api_key: str = "sandbox-key",
        testing_key: str | None = None,
        clock: Clock | None = None,
        seed: int = 0,
        observers: Iterable[Observer] = (),
    ) -> None:
        self.url = ""
        self.application = Application(
            api_key=api_key,
            testing_key=testing_key,
            attributes=attributes,
            catalogs={catalog.id: catalog for catalog in catalogs},
            giveaway_pools={pool.id: pool for pool in giveaway_pools},
            loyalty_programs={program.id: program for program in loyalty_programs},
        )
        self.store = Store(seed=seed)
        self.clock = clock or Clock()
        self.call_numbers = itertools.count(1)
        self.calls = RequestLog()
        self.observers = list(observers)
        self.faults = Faults(seed)
        self.queue = RequestQueue()
        for campaign in default_campaigns() if campaigns is None else campaigns:
            self.add_campaign(campaign)
        for achievement in achievements:
            self.add_achievement(achievement)

    @property
    def api_key(self) -> str:
        """The API key clients must send."""
        return self.application.api_key

    @property
    def campaigns(self) -> Mapping[int, RunningCampaign]:
        """The campaigns, by ID."""
        return self.application.campaigns

    @property
    def sessions(self) -> Mapping[str, SessionRecord]:
        """The sessions, by integration ID."""
        return self.store.sessions

    @property
    def profiles(self) -> Mapping[str, ProfileRecord]:
        """The profiles, by integration ID."""
        return self.store.profiles

    @property
    def coupons(self) -> Mapping[str, CouponRecord]:
        """The coupons of all campaigns, by code."""
        return self.store.coupons

    @property
    def referrals(self) -> Mapping[str, ReferralRecord]:
        """The referrals of all campaigns, by code."""
        return self.store.referrals

    @property
    def events(self) -> deque[Event]:
        """The latest events, built-in ones included."""
        return self.store.events

    def view(self, *, dry: bool = False) -> DeploymentView:
        """The deployment as a request sees it.

        Args:
            dry: Whether it works on an overlay of the records, so that it stores nothing.
        """
        return DeploymentView(
            application=self.application,
            store=self.store.overlay() if dry else self.store,
            clock=self.clock,
            dry=dry,
        )

    def record(self, call: RecordedCall) -> None:
        """Record a call and show it to the observers; an error of an observer is logged."""
        self.calls.append(call)
        for observer in self.observers:
            try:
                observer(call)
            except Exception:
                logger.exception("an observer of calls failed")

    def reset(self) -> None:
        """Delete all records and calls; the configuration stays."""
        seed = self.store.seed
        campaigns = [running.campaign for running in self.campaigns.values()]
        self.calls.clear()
        self.faults.reseed(seed)
        self.store = Store(seed=seed)
        self.application = attrs.evolve(self.application, campaigns={})
        for campaign in campaigns:
            self.add_campaign(campaign)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a snapshot: all records, the seed and the clock's offset.

        Args:
            path: The file; an existing one is replaced.

        Raises:
            OSError: The file cannot be written.
        """
        write_snapshot(Path(path), self._heading(), self.store)

    def load(self, path: str | PathLike[str]) -> None:
        """Replace all records, the seed and the clock's offset by those of a snapshot.

        Args:
            path: A file written by `save`, by a deployment with the same campaigns.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is not a snapshot, or has other campaigns; the deployment is unchanged.
        """
        heading, store = read_snapshot(Path(path))
        expected = self._heading().campaigns
        if heading.campaigns != expected:
            raise ValueError(
                f"{path}: expected a snapshot with the campaigns {expected}, found {heading.campaigns}"
            )
        self.store = store
        self.clock.ahead = heading.ahead
        self.faults.reseed(heading.seed)

    def _heading(self) -> Heading:
        campaigns = {running.id: running.campaign.name for running in self.campaigns.values()}
        return Heading(seed=self.store.seed, ahead=self.clock.ahead, campaigns=campaigns)

    def add_campaign(self, campaign: Campaign) -> RunningCampaign:
        """Add a campaign; it is evaluated after the existing ones.

        Raises:
            ValueError: One of its coupon codes exists already.
        """
        taken = sorted({terms.code for terms in campaign.coupons} & self.store.coupons.keys())
        if taken:
            raise ValueError(f"coupons: {', '.join(taken)} belong to another campaign")
        now = self.clock.now()
        running = RunningCampaign(
            id=self.store.next_id("campaign"),
            ruleset_id=self.store.next_id("ruleset"),
            created=now,
            campaign=campaign,
        )
        self.application = self.application.with_campaign(running)
        self.store.campaign_use[running.id] = CampaignUse()
        for terms in campaign.coupons:
            self.store.add_coupon(terms, running.id, now)
        return running

    def add_achievement(self, achievement: Achievement) -> None:
        """Add an achievement.

        Raises:
            ValueError: Its ID or name is taken, or its campaign does not exist.
        """
        self.application = self.application.with_achievement(achievement)

    def add_points(
        self,
        holder: str,
        points: float,
        *,
        program_id: int = 1,
        sub_ledger_id: str = "",
        name: str = "added by hand",
        start_date: datetime | None = None,
        expiry_date: datetime | None = None,
    ) -> None:
        """Add loyalty points manually, as in the Campaign Manager; an unknown profile is created.

        Args:
            holder: The profile's integration ID, or the card's identifier in a card-based program.
            points: How many, more than 0.
            program_id: The program.
            sub_ledger_id: The subledger; empty for the main one.
            name: The reason.
            start_date: When they become active; now if `None`.
            expiry_date: When they expire; never if `None`.

        Raises:
            ValueError: The card does not exist, `points` is not more than 0, or a date has no offset.
        """
        program = self.application.loyalty_program(program_id)
        if points <= 0:
            raise ValueError(f"points: expected more than 0, found {points}")
        check_moment("start_date", start_date)
        check_moment("expiry_date", expiry_date)
        now = self.clock.now()
        if not program.card_based:
            self.store.get_or_create_profile(holder, now)
        elif holder not in self.store.loyalty_cards.get(program_id, {}):
            raise ValueError(f"holder: there is no loyalty card {holder!r}")
        entry = PointsEntry(
            number=self.store.next_id("loyalty transaction"),
            transaction_uuid=self.store.new_uuid(),
            type="addition",
            points=points,
            name=name,
            created=now,
            origin="manual",
            profile_id="" if program.card_based else holder,
            start_date=start_date,
            expiry_date=expiry_date,
        )
        self.store.points.open(program_id, holder).book(program, sub_ledger_id, entry)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.url or 'no address'}>"
