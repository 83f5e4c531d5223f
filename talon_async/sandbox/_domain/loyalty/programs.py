"""Loyalty programs: what is set up for them."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, TypeAlias

import attrs

from talon_async.models.effect_props_loyalty import AddLoyaltyPointsEffectProps
from talon_async.models.loyalty import TierDowngradePolicy
from talon_async.sandbox._domain.periods import check_period, period_end

JoinPolicy: TypeAlias = Literal["not_join", "points_activated", "points_earned"]
"""When customers become members unasked: never, with their first active points, or their first points."""

ReturnPolicy: TypeAlias = Literal["only_pending", "within_balance", "unlimited"]
"""Which points are taken back with what earned them.

Pending ones alone, active ones too as long as there are any, or all of them, below zero if need be.
"""


@attrs.frozen(kw_only=True)
class LoyaltyTier:
    """A level of a loyalty program.

    Attributes:
        name: Its name.
        min_points: How many active points lift a customer into it.
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
        id: Its number, which effects name.
        name: Its internal name.
        title: The name that is shown.
        card_based: Whether cards collect the points, and not profiles.
        users_per_card_limit: How many profiles a card can be linked to; 0 for any number.
        join_policy: When a customer becomes a member without being told to join; goes with profiles.
        default_pending: From when points count for which a rule says nothing else: ``immediate``,
            ``on_action`` (they await their activation), or after a period such as ``14D``.
        default_validity: How long such points last from their start: ``unlimited``, or a period such as
            ``1Y``.
        return_policy: Which points are taken back with a cancelled, reopened or returned purchase.
        tiers: The levels, the lowest first; each ledger of a customer has its own.
        tiers_expire_in: How long a customer stays in a tier before it is looked at anew, such as ``1Y``;
            for good if `None`.
        tiers_downgrade_policy: Where a customer goes who has not the points for the tier any more: one down,
            or as active points tell.
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
    tiers_downgrade_policy: TierDowngradePolicy = "one_down"

    def level(self, points: float) -> int | None:
        """Tell which tier active points are enough for, by its place; `None` if for none."""
        reached = [place for place, tier in enumerate(self.tiers) if points >= tier.min_points]
        return reached[-1] if reached else None

    def tier_end(self, start: datetime) -> datetime | None:
        """Tell when a tier is looked at anew; `None` if it never is."""
        return None if self.tiers_expire_in is None else period_end(start, self.tiers_expire_in)


def implicit_program(program_id: int) -> LoyaltyProgram:
    """Make the program, for profiles, that points bring into being which name a number nobody set up."""
    return LoyaltyProgram(id=program_id, name=f"program-{program_id}", title=f"Program {program_id}")


def with_dates(
    program: LoyaltyProgram, props: AddLoyaltyPointsEffectProps, now: datetime
) -> AddLoyaltyPointsEffectProps:
    """Say from when and until when points count, where the rule leaves that to the program.

    Args:
        program: The program.
        props: The points, as the rule gives them.
        now: The moment they are added.
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
