"""Tiers: upgrades by active points, and what happens when a tier ends."""

from datetime import datetime

import attrs

from talon_async.models.loyalty import ProjectedTier, Tier
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.ledger import Ledger, TierRecord
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram


@attrs.frozen
class Standing:
    """The position of a ledger in the tiers of its program.

    Attributes:
        current: The current tier.
        to_next: The points missing for the next tier.
        next_name: The next tier: the lowest without a current tier, `None` in the highest.
    """

    current: Tier | None = None
    to_next: float | None = None
    next_name: str | None = None


def update_tier(ledger: Ledger, program: LoyaltyProgram, moment: datetime, joined: datetime | None) -> None:
    """Set the tier of a ledger by its active points, and evaluate tiers that ended.

    Args:
        ledger: The ledger.
        program: Its program.
        moment: The time.
        joined: When the customer became a member.
    """
    if not program.tiers:
        return
    while ledger.tier is not None and ledger.tier.end is not None and ledger.tier.end <= moment:
        end = ledger.tier.end
        level = _level_after(program, ledger.tier, ledger.balance(end).active)
        start = ledger.tier.start if level == ledger.tier.level else end
        ledger.tier = (
            None if level is None else TierRecord(level=level, start=start, end=program.tier_end(end, joined))
        )
    if ledger.tier is not None and ledger.tier.end is None:  # the customer may have joined since
        ledger.tier.end = program.tier_end(moment, joined)
    reached = program.level(ledger.balance(moment).active)
    current = None if ledger.tier is None else ledger.tier.level
    if reached is not None and (
        current is None or reached > current or (program.immediate_downgrade and reached < current)
    ):
        ledger.tier = TierRecord(level=reached, start=moment, end=program.tier_end(moment, joined))
    elif reached is None and program.immediate_downgrade:
        ledger.tier = None


def standing(ledger: Ledger | None, program: LoyaltyProgram, active: float) -> Standing:
    """The position of a ledger whose points are as of now.

    Args:
        ledger: The ledger; `None` for a customer without one.
        program: Its program.
        active: Its active points.
    """
    if not program.tiers:
        return Standing()
    record = ledger.tier if ledger else None
    following = 0 if record is None else record.level + 1
    if following == len(program.tiers):
        return Standing(_to_model(program, record))
    tier = program.tiers[following]
    return Standing(_to_model(program, record), amount(max(tier.min_points - active, 0.0)), tier.name)


def projected_tier(ledger: Ledger | None, program: LoyaltyProgram) -> ProjectedTier | None:
    """The tier after the current one ends; `None` without a tier, or if it never ends."""
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
    """The tier of a ledger after its current one ends."""
    reached = program.level(active)
    if reached is not None and reached >= record.level:
        return reached
    if program.tiers_downgrade_policy == "balance_based":
        return reached
    return record.level - 1 if record.level else None


def _to_model(program: LoyaltyProgram, record: TierRecord | None) -> Tier | None:
    if record is None:
        return None
    return Tier(
        id=record.level + 1,
        name=program.tiers[record.level].name,
        start_date=record.start,
        expiry_date=record.end,
        downgrade_policy=program.tiers_downgrade_policy if program.tiers_expire_in else None,
    )
