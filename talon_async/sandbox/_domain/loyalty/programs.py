"""Loyalty programs, as they are configured."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import attrs

from talon_async.models.effect_props_loyalty import AddLoyaltyPointsEffectProps
from talon_async.models.loyalty import TierDowngradePolicy
from talon_async.sandbox._domain.periods import check_period, next_end, period_end
from talon_async.sandbox._domain.utc import moment_or_none

JoinPolicy: TypeAlias = Literal["not_join", "points_activated", "points_earned"]
"""When customers join automatically: never, with their first active points, or their first points."""

ReturnPolicy: TypeAlias = Literal["only_pending", "within_balance", "unlimited"]
"""Which points a return or cancellation rolls back.

Pending points only, active points too within the balance, or all points, even below zero.
"""


TiersExpirationPolicy: TypeAlias = Literal["tier_start_date", "program_join_date", "absolute_expiration"]
"""What the end of a tier is relative to: its start, the customer's join date, or the cycle of the program."""


@attrs.frozen(kw_only=True)
class LoyaltyTier:
    """A level of a loyalty program.

    Attributes:
        name: Its name.
        min_points: The active points that it requires; with 0, customers are in it from joining on.
    """

    name: str
    min_points: float


def _period_or(*words: str) -> Callable[[Any, "attrs.Attribute[Any]", str | None], None]:
    def check(_program: Any, attribute: "attrs.Attribute[Any]", value: str | None) -> None:
        if value is not None and value not in words:
            try:
                check_period(value)
            except ValueError as error:
                raise ValueError(f"{attribute.name}: {error}") from None
            if "." in value:
                raise ValueError(f"{attribute.name}: expected a whole number, found {value!r}")

    return check


def _rising(_program: Any, _attribute: "attrs.Attribute[Any]", tiers: tuple[LoyaltyTier, ...]) -> None:
    bounds = [tier.min_points for tier in tiers]
    if any(lower >= upper for lower, upper in pairwise(bounds)):
        raise ValueError(f"tiers: expected each to need more points than the one before, found {bounds}")


@attrs.frozen(kw_only=True)
class LoyaltyProgram:
    """A loyalty program.

    Attributes:
        id: Its ID.
        name: Its internal name.
        title: Its display name.
        card_based: Whether cards, not profiles, hold the points.
        users_per_card_limit: How many profiles can be linked to a card; 0 for any number.
        join_policy: When a customer joins automatically; for profile-based programs.
        default_pending: When points become active unless a rule sets a date: ``immediate``, ``on_action``
            (they await their activation), or after a period such as ``14D``.
        default_validity: How long such points are valid: ``unlimited``, or a period such as ``1Y``.
        return_policy: Which points a cancelled, reopened or returned session rolls back.
        tiers: The tiers, the lowest first; each ledger of a customer has its own.
        tiers_expire_in: How long a tier lasts before it is evaluated again, such as ``1Y``; `None` for
            unlimited.
        tiers_expiration_policy: What that is relative to. By join date, tiers of customers who have not
            joined do not end.
        tier_cycle_start_date: When the first cycle starts; required for ``absolute_expiration`` only.
        immediate_downgrade: Whether customers lose a tier as soon as their active points do not reach it;
            otherwise only when it ends.
        tiers_downgrade_policy: The next tier of a customer without enough points for the current one: one
            down, or based on the balance.
    """

    id: int
    name: str
    title: str
    card_based: bool = False
    users_per_card_limit: int = 0
    join_policy: JoinPolicy = "not_join"
    default_pending: str = attrs.field(default="immediate", validator=_period_or("immediate", "on_action"))
    default_validity: str = attrs.field(default="unlimited", validator=_period_or("unlimited"))
    return_policy: ReturnPolicy = "unlimited"
    tiers: tuple[LoyaltyTier, ...] = attrs.field(
        default=(), converter=tuple[LoyaltyTier, ...], validator=_rising
    )
    tiers_expire_in: str | None = attrs.field(default=None, validator=_period_or())
    tiers_expiration_policy: TiersExpirationPolicy = "tier_start_date"
    tier_cycle_start_date: datetime | None = attrs.field(default=None, validator=moment_or_none)
    immediate_downgrade: bool = False
    tiers_downgrade_policy: TierDowngradePolicy = "one_down"

    def __attrs_post_init__(self) -> None:
        if self.tiers_expiration_policy != "tier_start_date" and self.tiers_expire_in is None:
            raise ValueError(f"tiers_expire_in: {self.tiers_expiration_policy} requires it")
        absolute = self.tiers_expiration_policy == "absolute_expiration"
        if absolute != (self.tier_cycle_start_date is not None):
            raise ValueError(
                "tier_cycle_start_date: required for absolute_expiration, and not allowed otherwise"
            )

    def level(self, points: float) -> int | None:
        """The index of the tier that active points reach; `None` if they reach none."""
        reached = [place for place, tier in enumerate(self.tiers) if points >= tier.min_points]
        return reached[-1] if reached else None

    def tier_end(self, start: datetime, joined: datetime | None) -> datetime | None:
        """When a tier is evaluated again; never if `None`.

        Args:
            start: When it starts, or when it was evaluated last.
            joined: When the customer became a member.
        """
        if self.tiers_expire_in is None:
            return None
        if self.tier_cycle_start_date is not None:
            cycle = self.tier_cycle_start_date
            return cycle if start < cycle else next_end(cycle, self.tiers_expire_in, start)
        if self.tiers_expiration_policy == "program_join_date":
            return None if joined is None else next_end(joined, self.tiers_expire_in, start)
        return period_end(start, self.tiers_expire_in)


def implicit_program(program_id: int) -> LoyaltyProgram:
    """Make the default program of an ID that is not configured: profile-based."""
    return LoyaltyProgram(id=program_id, name=f"program-{program_id}", title=f"Program {program_id}")


def with_dates(
    program: LoyaltyProgram, props: AddLoyaltyPointsEffectProps, now: datetime
) -> AddLoyaltyPointsEffectProps:
    """Set the dates of added points by the program's defaults, where the rule sets none.

    Args:
        program: The program.
        props: The points, as the rule grants them.
        now: When they are added.
    """
    start, awaits = props.start_date, bool(props.awaits_activation)
    if start is None and not awaits:
        awaits = program.default_pending == "on_action"
        if not awaits and program.default_pending != "immediate":
            start = period_end(now, program.default_pending)
    duration, expiry = props.validity_duration, props.expiry_date
    if duration is None and program.default_validity != "unlimited":
        duration = program.default_validity
    if expiry is None and duration is not None and not awaits:
        expiry = period_end(start or now, duration)
    return attrs.evolve(
        props,
        start_date=start,
        expiry_date=expiry,
        awaits_activation=awaits or props.awaits_activation,
        validity_duration=duration if awaits and expiry is None else props.validity_duration,
    )
