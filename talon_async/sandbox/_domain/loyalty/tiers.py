"""Tiers: where active points lift a ledger, and what becomes of it when a tier ends."""

from datetime import datetime

import attrs

from talon_async.models.loyalty import ProjectedTier, Tier
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.ledger import Ledger, TierRecord
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram


@attrs.frozen
class Standing:
    """How a ledger stands in the tiers of its program.

    Attributes:
        current: Its tier.
        to_next: How many points are missing for the next one.
        next_name: The next one; the lowest for a ledger in none, `None` in the top one.
    """

    current: Tier | None = None
    to_next: float | None = None
    next_name: str | None = None


def update_tier(ledger: Ledger, program: LoyaltyProgram, moment: datetime) -> None:
    """Lift a ledger into the tier that its points are enough for, and end a tier whose time is over."""
    if not program.tiers:
        return
    while ledger.tier is not None and ledger.tier.end is not None and ledger.tier.end <= moment:
        end = ledger.tier.end
        level = _level_after(program, ledger.tier, ledger.balance(end).active)
        start = ledger.tier.start if level == ledger.tier.level else end
        ledger.tier = (
            None if level is None else TierRecord(level=level, start=start, end=program.tier_end(end))
        )
    reached = program.level(ledger.balance(moment).active)
    if reached is not None and (ledger.tier is None or reached > ledger.tier.level):
        ledger.tier = TierRecord(level=reached, start=moment, end=program.tier_end(moment))


def standing(ledger: Ledger | None, program: LoyaltyProgram, active: float) -> Standing:
    """Tell how a ledger that is up to date stands.

    Args:
        ledger: The ledger; `None` for a customer without one.
        program: Its program.
        active: The active points in it.
    """
    if not program.tiers:
        return Standing()
    record = ledger.tier if ledger else None
    following = 0 if record is None else record.level + 1
    if following == len(program.tiers):
        return Standing(_told(program, record))
    tier = program.tiers[following]
    return Standing(_told(program, record), amount(max(tier.min_points - active, 0.0)), tier.name)


def projected_tier(ledger: Ledger | None, program: LoyaltyProgram) -> ProjectedTier | None:
    """Tell what becomes of a ledger as its tier ends; `None` if it has none, or one for good."""
    if ledger is None or ledger.tier is None or ledger.tier.end is None:
        return None
    active = ledger.balance(ledger.tier.end).active
    level = _level_after(program, ledger.tier, active)
    missing = program.tiers[ledger.tier.level].min_points - active
    return ProjectedTier(
        projected_active_points=active,
        stay_in_tier_points=amount(missing) if level != ledger.tier.level and missing > 0 else None,
        projected_tier_name=None if level is None else program.tiers[level].name,
    )


def _level_after(program: LoyaltyProgram, record: TierRecord, active: float) -> int | None:
    """The tier that a ledger goes to when its own ends."""
    reached = program.level(active)
    if reached is not None and reached >= record.level:
        return reached
    if program.tiers_downgrade_policy == "balance_based":
        return reached
    return record.level - 1 if record.level else None


def _told(program: LoyaltyProgram, record: TierRecord | None) -> Tier | None:
    if record is None:
        return None
    return Tier(
        id=record.level + 1,
        name=program.tiers[record.level].name,
        start_date=record.start,
        expiry_date=record.end,
        downgrade_policy=program.tiers_downgrade_policy if program.tiers_expire_in else None,
    )
