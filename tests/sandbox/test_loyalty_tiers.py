"""Loyalty tiers: upgrades, expiry and downgrades."""

from datetime import timedelta
from typing import Any

import pytest

from talon_async import NewCustomerSessionV2, TalonClient
from talon_async.models import ChangeLoyaltyTierLevelEffectProps, LoyaltyBalanceWithTier
from talon_async.sandbox import Deployment, LoyaltyProgram, LoyaltyTier
from tests.sandbox.loyalty import NOON, earning
from tests.sandbox.support import add_program, close_order, props, shoes_and_socks, types

TIERS = (
    LoyaltyTier(name="bronze", min_points=10),
    LoyaltyTier(name="silver", min_points=50),
    LoyaltyTier(name="gold", min_points=120),
)


def program(**fields: Any) -> LoyaltyProgram:
    """A program with three tiers."""
    return LoyaltyProgram(id=1, name="points", title="Points", tiers=TIERS, **fields)


async def main_balance(talon: TalonClient) -> LoyaltyBalanceWithTier:
    """The customer's main balance with current and projected tier."""
    balances = await talon.loyalty.profiles(1, "customer-7").balances(
        include_tiers=True, include_projected_tier=True
    )
    assert balances.balance
    return balances.balance


async def test_points_upgrade_the_tier(talon: TalonClient, deployment: Deployment) -> None:
    """Points that reach a tier add an effect, and responses have the points to the next tier."""
    add_program(deployment, program())
    before = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    assert before.loyalty
    ledger = before.loyalty.programs["points"].ledger
    assert (ledger.current_tier, ledger.points_to_next_tier, ledger.next_tier_name) == (None, 10.0, "bronze")
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["loyalty"]
    )
    assert types(closed.effects) == ["addLoyaltyPoints", "changeLoyaltyTierLevel"]
    upgrade = props(closed.effects)[1]
    assert isinstance(upgrade, ChangeLoyaltyTierLevelEffectProps)
    assert (upgrade.previous_tier_name, upgrade.new_tier_name, upgrade.expiry_date) == (None, "silver", None)
    assert types((await talon.sessions.get("cart-1")).effects) == types(closed.effects)
    assert closed.loyalty
    ledger = closed.loyalty.programs["points"].ledger
    assert ledger.current_tier
    assert (ledger.current_tier.id, ledger.current_tier.name, ledger.current_tier.start_date) == (
        2,
        "silver",
        NOON,
    )
    assert (ledger.points_to_next_tier, ledger.next_tier_name) == (20.0, "gold")
    again = await talon.sessions.update("cart-2", shoes_and_socks(state="closed"))
    upgrade = props(again.effects)[1]
    assert isinstance(upgrade, ChangeLoyaltyTierLevelEffectProps)
    assert (upgrade.previous_tier_name, upgrade.new_tier_name) == ("silver", "gold")
    third = await talon.sessions.update("cart-3", shoes_and_socks(state="closed"))
    assert types(third.effects) == ["addLoyaltyPoints"]
    highest = await main_balance(talon)
    assert highest.current_tier
    assert (highest.current_tier.name, highest.points_to_next_tier, highest.next_tier_name) == (
        "gold",
        None,
        None,
    )
    plain = (await talon.loyalty.profiles(1, "customer-7").balances()).balance
    assert plain
    assert plain.current_tier is None


async def test_a_tier_without_expiry_stays(talon: TalonClient, deployment: Deployment) -> None:
    """A tier without expiry stays when points go. Pending points upgrade when they start."""
    add_program(deployment, program())
    deployment.add_points("customer-7", 60.0, start_date=NOON + timedelta(days=2))
    assert (await main_balance(talon)).current_tier is None
    deployment.clock.advance(days=3)
    tier = (await main_balance(talon)).current_tier
    assert tier
    assert (tier.name, tier.start_date, tier.downgrade_policy) == ("silver", NOON + timedelta(days=2), None)
    await close_order(talon)
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    now = await main_balance(talon)
    assert now.current_tier
    assert (now.current_tier.name, now.active_points, now.projected_tier) == ("gold", 60.0, None)


@pytest.mark.parametrize(
    ("policy", "expected"), [("one_down", ["silver", "bronze", "bronze"]), ("balance_based", ["bronze"] * 3)]
)
async def test_an_expired_tier_is_downgraded_by_policy(
    talon: TalonClient, deployment: Deployment, policy: Any, expected: list[str]
) -> None:
    """With too few points at its expiry, a tier goes one down or to the balance, as projected before."""
    add_program(deployment, program(tiers_expire_in="30D", tiers_downgrade_policy=policy))
    deployment.add_points("customer-7", 130.0, expiry_date=NOON + timedelta(days=10))
    deployment.add_points("customer-7", 20.0)
    now = await main_balance(talon)
    assert now.current_tier
    assert now.projected_tier
    assert (now.current_tier.name, now.current_tier.expiry_date) == ("gold", NOON + timedelta(days=30))
    assert now.current_tier.downgrade_policy == policy
    projected = now.projected_tier
    assert (projected.projected_active_points, projected.stay_in_tier_points) == (20.0, 100.0)
    assert projected.projected_tier_name == expected[0]
    for number, name in enumerate(expected, 1):
        deployment.clock.advance(days=30)
        tier = (await main_balance(talon)).current_tier
        assert tier
        assert (tier.name, tier.expiry_date) == (name, NOON + timedelta(days=30 * (number + 1)))
    deployment.clock.advance(days=365)
    last = await main_balance(talon)
    assert last.current_tier
    assert last.current_tier.name == "bronze"
    assert last.current_tier.start_date == NOON + timedelta(days=30 * (expected.index("bronze") + 1))
    assert last.projected_tier
    assert (last.projected_tier.projected_tier_name, last.projected_tier.stay_in_tier_points) == (
        "bronze",
        None,
    )


async def test_a_tier_renews_with_the_points_at_its_expiry(
    talon: TalonClient, deployment: Deployment
) -> None:
    """The balance at the expiry decides, independent of when it is read."""
    add_program(deployment, program(tiers_expire_in="30D"))
    deployment.add_points("customer-7", 130.0, expiry_date=NOON + timedelta(days=40))
    deployment.clock.advance(days=50)
    now = await main_balance(talon)
    assert now.current_tier
    assert (now.current_tier.name, now.active_points) == ("gold", 0.0)
    assert (now.current_tier.start_date, now.current_tier.expiry_date) == (NOON, NOON + timedelta(days=60))


async def test_a_session_can_upgrade_twice(talon: TalonClient, deployment: Deployment) -> None:
    """Each upgrade effect follows the points that caused it."""
    add_program(deployment, program())
    deployment.add_campaign(earning(30.0))
    await talon.sessions.update("cart-1", shoes_and_socks())
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert types(closed.effects) == ["addLoyaltyPoints", "changeLoyaltyTierLevel"] * 2
    upgrade = [p for p in props(closed.effects) if isinstance(p, ChangeLoyaltyTierLevelEffectProps)]
    assert [(p.previous_tier_name, p.new_tier_name) for p in upgrade] == [
        (None, "silver"),
        ("silver", "gold"),
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tiers": (TIERS[1], TIERS[0])}, "tiers: expected each to need more points"),
        ({"tiers_expire_in": "a year"}, "tiers_expire_in: "),
        ({"default_pending": "0.5D"}, "default_pending: expected a whole number"),
        ({"default_validity": "on_action"}, "default_validity: "),
    ],
)
def test_invalid_programs_are_errors(fields: dict[str, Any], message: str) -> None:
    """An invalid program raises `ValueError` on construction and names the argument."""
    with pytest.raises(ValueError, match=message):
        LoyaltyProgram(id=1, name="points", title="Points", **fields)
