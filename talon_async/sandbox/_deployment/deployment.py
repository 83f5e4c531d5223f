"""One Application of a sandbox: what was set up for it, and all that was sent to it."""

import functools
from collections import deque
from collections.abc import Iterable
from datetime import datetime
from os import PathLike
from pathlib import Path

import attrs

from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._campaigns import Campaign, EvaluationContext
from talon_async.sandbox._campaigns.presets import default_campaigns
from talon_async.sandbox._deployment.clock import Clock
from talon_async.sandbox._deployment.faults import Faults
from talon_async.sandbox._deployment.records import Records
from talon_async.sandbox._deployment.request_log import MAX_CALLS, Observer, RecordedCall
from talon_async.sandbox._deployment.snapshots import Heading, read_snapshot, write_snapshot
from talon_async.sandbox._deployment.store import CampaignUse
from talon_async.sandbox._domain.achievement_progress import TRACKER, CustomerAchievements
from talon_async.sandbox._domain.achievements import Achievement
from talon_async.sandbox._domain.attributes import AttributeDeclarations, check_declarations
from talon_async.sandbox._domain.catalogs import CartItemCatalog, CatalogView
from talon_async.sandbox._domain.giveaways import GiveawayPool
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.entries import PointsEntry
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, implicit_program
from talon_async.sandbox._errors import bad_field


@attrs.frozen(kw_only=True)
class RunningCampaign:
    """A campaign with the numbers that the deployment gave it."""

    id: int
    ruleset_id: int
    created: datetime
    campaign: Campaign

    @property
    def has_coupons(self) -> bool:
        """Whether it is for sessions with one of its coupons."""
        return bool(self.campaign.coupons)


class Deployment(Records):
    """One Application with its campaigns, and all that was sent to it: the records of `State` are its own.

    Args:
        campaigns: The promotions that run; `default_campaigns` unless given.
        achievements: The goals of campaigns; none unless given.
        attributes: The attributes that requests can set, by entity and name; any at all unless given.
        catalogs: The cart item catalogs, one with the number 1 unless given; carts are filled from the first.
        giveaway_pools: The pools of giveaway codes; none unless given.
        loyalty_programs: The loyalty programs, one for profiles with the number 1 unless given; points with
            another number bring a program for profiles into being.
        api_key: The key that calls must bear.
        testing_key: A second key, whose calls are all dry; only session updates, profile updates and
            `trackEventV2` take it. There is none unless given.
        clock: Tells the time.
        seed: What identifiers that the service makes, such as those of transactions, are drawn from: the
            same calls meet the same identifiers under the same seed. Rates and ranges of faults are drawn
            from it as well.

    Raises:
        ValueError: Two of these do not go together.

    Attributes:
        url: Where it is served; empty while it is not.
        achievements: The achievements, by their numbers.
        calls: The latest 1000 calls, oldest first; no part of a snapshot.
        observers: Are told of each call, just before its answer goes out.
        faults: What goes wrong with calls on purpose.
        campaigns: The campaigns, by their numbers.
        cart_item_catalogs: The catalogs, by their numbers.
        giveaway_pools: The giveaway pools, by their numbers.
        loyalty_programs: The loyalty programs, by their numbers.
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
    ) -> None:
        super().__init__()
        check_declarations(attributes or {})
        self.url = ""
        self.attributes = attributes
        if testing_key == api_key:
            raise ValueError("testing_key: expected another one than the api_key")
        self.api_key = api_key
        self.testing_key = testing_key
        self.clock = clock or Clock()
        self.seed = seed
        self.calls = deque[RecordedCall](maxlen=MAX_CALLS)
        self.observers: list[Observer] = []
        self.faults = Faults()
        self.loyalty_programs = {program.id: program for program in loyalty_programs}
        self.cart_item_catalogs = {catalog.id: catalog for catalog in catalogs}
        self.giveaway_pools = {pool.id: pool for pool in giveaway_pools}
        self.campaigns: dict[int, RunningCampaign] = {}
        for campaign in default_campaigns() if campaigns is None else campaigns:
            self.add_campaign(campaign)
        self.achievements: dict[int, Achievement] = {}
        for achievement in achievements:
            self.add_achievement(achievement)

    def reset(self) -> None:
        """Empty all records; campaigns and all else that was set up stays, with the numbers it has."""
        super().__init__()
        self.calls.clear()
        campaigns = [running.campaign for running in self.campaigns.values()]
        self.campaigns.clear()
        for campaign in campaigns:
            self.add_campaign(campaign)

    def save(self, path: str | PathLike[str]) -> None:
        """Write all records to a file, with the seed and how far the clock was moved.

        Args:
            path: Where to write; a file that is there is replaced.

        Raises:
            OSError: The file cannot be written.
        """
        write_snapshot(Path(path), self._heading(), self)

    def load(self, path: str | PathLike[str]) -> None:
        """Take over all records of a file that `save` wrote, in place of those that are here.

        What was set up stays as it is here, but for the seed and the clock.

        Args:
            path: Where the file is.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no such file, or belongs to other campaigns; nothing is changed then.
        """
        heading, records = read_snapshot(Path(path))
        here = self._heading().campaigns
        if heading.campaigns != here:
            raise ValueError(
                f"{path} belongs to other campaigns: it was written with {heading.campaigns}, here are {here}"
            )
        self.seed, self.clock.ahead = heading.seed, heading.ahead
        for name, value in records.items():
            setattr(self, name, value)

    def _heading(self) -> Heading:
        campaigns = {number: running.campaign.name for number, running in self.campaigns.items()}
        return Heading(seed=self.seed, ahead=self.clock.ahead, campaigns=campaigns)

    def add_campaign(self, campaign: Campaign) -> RunningCampaign:
        """Start a campaign; it is evaluated after those before it.

        Raises:
            ValueError: One of its coupons belongs to another campaign.
        """
        taken = sorted({terms.code for terms in campaign.coupons} & self.coupons.keys())
        if taken:
            raise ValueError(f"coupons: {', '.join(taken)} belong to another campaign")
        now = self.clock.now()
        running = RunningCampaign(
            id=self.next_id("campaign"), ruleset_id=self.next_id("ruleset"), created=now, campaign=campaign
        )
        self.campaigns[running.id] = running
        self.campaign_use[running.id] = CampaignUse()
        for terms in campaign.coupons:
            self.add_coupon(terms, running.id)
        return running

    def campaign(self, number: int) -> RunningCampaign:
        """Find a campaign that a call names.

        Raises:
            ApiError: There is none; status 400.
        """
        if number not in self.campaigns:
            raise bad_field("/campaignId", f"there is no campaign {number}")
        return self.campaigns[number]

    def add_achievement(self, achievement: Achievement) -> None:
        """Set a goal for customers.

        Raises:
            ValueError: Its number or name is taken, or there is no such campaign.
        """
        if any(
            achievement.id == other.id or achievement.name == other.name
            for other in self.achievements.values()
        ):
            raise ValueError(f"achievements: {achievement.name} or its number is taken")
        if achievement.campaign_id not in self.campaigns:
            raise ValueError(f"achievements: there is no campaign {achievement.campaign_id}")
        self.achievements[achievement.id] = achievement

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
        """Give loyalty points by hand, as is done in the Campaign Manager; an unknown profile is made.

        Args:
            holder: The profile's integration ID, or the card's identifier in a program for cards.
            points: How many, more than 0.
            program_id: The program.
            sub_ledger_id: The subledger; empty for the main one.
            name: Why.
            start_date: From when they count; at once if `None`.
            expiry_date: Until when they count; for good if `None`.

        Raises:
            ValueError: There is no such card, or nothing to give.
        """
        program = self.loyalty_program(program_id)
        if points <= 0:
            raise ValueError(f"points: expected more than 0, found {points}")
        if not program.card_based:
            self.profile(holder, keep=True)
        elif holder not in self.loyalty_cards.get(program_id, {}):
            raise ValueError(f"holder: there is no loyalty card {holder!r}")
        entry = PointsEntry(
            number=self.next_id("loyalty transaction"),
            transaction_uuid=self.new_uuid(),
            type="addition",
            points=points,
            name=name,
            created=self.clock.now(),
            origin="manual",
            profile_id="" if program.card_based else holder,
            start_date=start_date,
            expiry_date=expiry_date,
        )
        self.points.open(program_id, holder).book(program, sub_ledger_id, entry)

    def catalog(self) -> CartItemCatalog:
        """The catalog of the Application."""
        return next(iter(self.cart_item_catalogs.values()), CartItemCatalog())

    def catalog_view(self, profile_id: str, now: datetime) -> CatalogView:
        """Tell what the cart of a customer takes from the Application's catalog.

        Args:
            profile_id: The customer, by integration ID; empty if anonymous.
            now: The moment that prices are for.
        """
        catalog = self.catalog()
        customer = self.profiles.get(profile_id)
        memberships = customer.profile.audience_memberships if customer else None
        return CatalogView(
            record=self.catalogs.get(catalog.id),
            applies=catalog.prices_for([membership.id for membership in memberships or ()]),
            now=now,
        )

    def loyalty_program(self, program_id: int) -> LoyaltyProgram:
        """Find a loyalty program, or tell what one is like that nobody set up."""
        return self.loyalty_programs.get(program_id) or implicit_program(program_id)

    def account(self, program: LoyaltyProgram, holder: str) -> Account:
        """Find what a profile or card has in a loyalty program as it is now; nothing unless there is more.

        Args:
            program: The program.
            holder: The profile's integration ID, or the card's identifier in a program for cards.
        """
        account = self.points.find(program.id, holder) or Account()
        account.advance_to(program, self.clock.now())
        return account

    def context(
        self,
        event: Event,
        *,
        session: CustomerSessionV2 | None = None,
        profile: CustomerProfile | None = None,
        closing: bool = False,
        now: datetime | None = None,
    ) -> EvaluationContext:
        """Gather what rules look at.

        Args:
            event: What happened.
            session: The session as it will be.
            profile: The customer.
            closing: Whether the session is being closed.
            now: The moment to evaluate at, if it is not this one.
        """
        moment = now or self.clock.now()
        return EvaluationContext(
            event=event,
            session=session,
            profile=profile,
            closing=closing,
            now=moment,
            new_uuid=self.new_uuid,
            new_code=self.new_code,
            points=functools.partial(self._active_points, profile.integration_id if profile else ""),
            achievements=CustomerAchievements(
                self.achievements,
                self.achievement_progress.get(profile.integration_id, ()) if profile else None,
                next_tracker_id=self.last_numbers.get(TRACKER, 0) + 1,
                now=moment,
            ),
        )

    def _active_points(self, profile_id: str, program_id: int, sub_ledger_id: str = "") -> float:
        now = self.clock.now()
        return self.points.balance(profile_id, now, program_id=program_id, sub_ledger_id=sub_ledger_id).active

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.url or 'no address'}>"
