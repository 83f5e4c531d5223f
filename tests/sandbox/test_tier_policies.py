"""Tiers: from joining on, immediate downgrades, and what the end of a tier is relative to."""

from datetime import datetime
from typing import Any

import pytest

from talon_async import TalonClient
from talon_async.models import LoyaltyBalanceWithTier
from talon_async.sandbox import Deployment, LoyaltyProgram, LoyaltyTier
from tests.sandbox.loyalty import NOON, close, day, spending
from tests.sandbox.support import add_program

TIERS = [
    LoyaltyTier(name="Bronze", min_points=100),
    LoyaltyTier(name="Silver", min_points=200),
    LoyaltyTier(name="Gold", min_points=300),
]
DEFAULT = LoyaltyTier(name="Member", min_points=0)


def program(*more: LoyaltyTier, **fields: Any) -> LoyaltyProgram:
    """A program with tiers at 100, 200 and 300 points."""
    return LoyaltyProgram(id=1, name="points", title="Points", tiers=[*more, *TIERS], **fields)


async def standing(talon: TalonClient) -> LoyaltyBalanceWithTier:
    """The main ledger of the customer with its tier."""
    found = await talon.loyalty.profiles(1, "customer-7").balances(include_tiers=True)
    assert found.balance
    return found.balance


async def tier(talon: TalonClient) -> tuple[str, datetime | None, datetime | None] | None:
    """Name, start and end of the customer's tier."""
    current = (await standing(talon)).current_tier
    return (current.name, current.start_date, current.expiry_date) if current else None


@pytest.mark.parametrize(
    ("points", "name", "missing", "following"),
    [
        (99, None, 1, "Bronze"),
        (100, "Bronze", 100, "Silver"),
        (199, "Bronze", 1, "Silver"),
        (200, "Silver", 100, "Gold"),
        (299, "Silver", 1, "Gold"),
        (300, "Gold", None, None),
    ],
)
async def test_thresholds_are_inclusive(
    talon: TalonClient, deployment: Deployment, points: float, name: str | None, missing: Any, following: Any
) -> None:
    """Points on the threshold reach a tier; responses say what the next one needs."""
    add_program(deployment, program())
    deployment.add_points("customer-7", points)
    found = await standing(talon)
    assert (found.current_tier and found.current_tier.name) == name
    assert (found.points_to_next_tier, found.next_tier_name) == (missing, following)


async def test_members_are_in_a_tier_without_a_threshold_from_joining_on(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Joining a program is enough for a tier at 0 points, without any transaction."""
    add_program(deployment, program(DEFAULT))
    mine = talon.loyalty.profiles(1, "customer-7")
    await mine.join()
    deployment.clock.advance(days=3)
    found = await standing(talon)
    assert found.current_tier
    assert (found.current_tier.name, found.current_tier.start_date) == ("Member", NOON)
    assert (found.points_to_next_tier, found.next_tier_name, found.active_points) == (100, "Bronze", 0)
    deployment.add_points("customer-7", 100)
    assert await tier(talon) == ("Bronze", day(3), None)


async def test_pending_points_make_members(talon: TalonClient, deployment: Deployment) -> None:
    """A customer who joins with points that are not active yet is in a tier at 0 points, too."""
    add_program(deployment, program(DEFAULT, join_policy="points_earned"))
    deployment.add_points("customer-7", 150, start_date=day(2))
    assert await tier(talon) == ("Member", NOON, None)
    deployment.clock.advance(days=2)
    assert await tier(talon) == ("Bronze", day(2), None)


async def test_joining_without_a_default_tier_gives_none(talon: TalonClient, deployment: Deployment) -> None:
    """With thresholds above 0, a new member has no tier."""
    add_program(deployment, program())
    await talon.loyalty.profiles(1, "customer-7").join()
    assert await tier(talon) is None


async def test_an_immediate_downgrade_follows_the_points(talon: TalonClient, deployment: Deployment) -> None:
    """From 350 to 150 points, Gold becomes Bronze immediately, and below 100 no tier is left."""
    add_program(deployment, program(immediate_downgrade=True))
    deployment.add_points("customer-7", 350)
    assert await tier(talon) == ("Gold", NOON, None)
    deployment.clock.advance(days=1)
    deployment.add_campaign(spending(200))
    await close(talon, "spend-1")
    assert await tier(talon) == ("Bronze", day(1), None)
    await close(talon, "spend-2")
    assert await tier(talon) is None


async def test_expired_points_downgrade_immediately(talon: TalonClient, deployment: Deployment) -> None:
    """Points that expire lower the tier at that time, whenever somebody looks at it."""
    add_program(deployment, program(DEFAULT, immediate_downgrade=True))
    deployment.add_points("customer-7", 250, expiry_date=day(5))
    deployment.add_points("customer-7", 150, expiry_date=day(9))
    deployment.clock.advance(days=7)
    assert await tier(talon) == ("Bronze", day(5), None)
    deployment.clock.advance(days=7)
    assert await tier(talon) == ("Member", day(9), None)


async def test_without_it_a_tier_stays(talon: TalonClient, deployment: Deployment) -> None:
    """By default a tier without an end is kept, whatever happens to the points."""
    add_program(deployment, program())
    deployment.add_points("customer-7", 350, expiry_date=day(5))
    deployment.clock.advance(days=7)
    assert await tier(talon) == ("Gold", NOON, None)


async def test_tiers_end_relative_to_the_join_date(talon: TalonClient, deployment: Deployment) -> None:
    """The periods of a customer count from joining, not from the start of the tier."""
    add_program(deployment, program(tiers_expire_in="30D", tiers_expiration_policy="program_join_date"))
    await talon.loyalty.profiles(1, "customer-7").join()
    deployment.clock.advance(days=40)
    deployment.add_points("customer-7", 300, expiry_date=day(50))
    assert await tier(talon) == ("Gold", day(40), day(60))
    deployment.clock.advance(days=25)
    assert await tier(talon) == ("Silver", day(60), day(90))


async def test_others_have_no_end_by_join_date(talon: TalonClient, deployment: Deployment) -> None:
    """A customer who has not joined has no date to count from, until joining."""
    add_program(deployment, program(tiers_expire_in="30D", tiers_expiration_policy="program_join_date"))
    deployment.add_points("customer-7", 300)
    assert await tier(talon) == ("Gold", NOON, None)
    deployment.clock.advance(days=40)
    await talon.loyalty.profiles(1, "customer-7").join()
    assert await tier(talon) == ("Gold", NOON, day(70))


async def test_tiers_end_with_the_cycle_of_the_program(talon: TalonClient, deployment: Deployment) -> None:
    """All customers are evaluated at the start of each cycle, the first one included."""
    add_program(
        deployment,
        program(
            tiers_expire_in="30D",
            tiers_expiration_policy="absolute_expiration",
            tier_cycle_start_date=day(10),
            tiers_downgrade_policy="balance_based",
        ),
    )
    deployment.add_points("customer-7", 300, expiry_date=day(5))
    deployment.add_points("customer-7", 100, expiry_date=day(60))
    assert await tier(talon) == ("Gold", NOON, day(10))
    deployment.clock.advance(days=12)
    assert await tier(talon) == ("Bronze", day(10), day(40))
    deployment.clock.advance(days=60)
    assert await tier(talon) is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tiers_expiration_policy": "program_join_date"}, "tiers_expire_in: program_join_date requires it"),
        (
            {"tiers_expiration_policy": "absolute_expiration", "tiers_expire_in": "1Y"},
            "tier_cycle_start_date: required",
        ),
        ({"tier_cycle_start_date": NOON, "tiers_expire_in": "1Y"}, "tier_cycle_start_date: .*not allowed"),
    ],
)
def test_policies_that_lack_a_date_are_refused(fields: dict[str, Any], message: str) -> None:
    """A policy names the setting that it requires."""
    with pytest.raises(ValueError, match=message):
        program(**fields)
