"""Return policies: which points are rolled back with the order that earned them."""

from datetime import timedelta
from typing import Any

import pytest

from talon_async import (
    AddLoyaltyPointsEffectProps,
    NewCustomerSessionV2,
    ReturnedCartItem,
    RollbackDeductedLoyaltyPointsEffectProps,
    TalonClient,
)
from talon_async.models import EffectProps, RollbackAddedLoyaltyPointsEffectProps
from talon_async.sandbox import Deployment, LoyaltyProgram
from tests.sandbox.loyalty import spending
from tests.sandbox.support import (
    add_program,
    close_order,
    granting,
    points_of,
    props,
    remove_campaign,
    shoes_and_socks,
    types,
)


def set_policy(deployment: Deployment, policy: Any, **fields: Any) -> None:
    """Set the return policy of the program."""
    add_program(
        deployment, LoyaltyProgram(id=1, name="points", title="Points", return_policy=policy, **fields)
    )


def rolled_back(effects: list[EffectProps | None]) -> list[float]:
    """The earned points that effects roll back."""
    return [effect.value for effect in effects if isinstance(effect, RollbackAddedLoyaltyPointsEffectProps)]


@pytest.mark.parametrize("reopen", [True, False])
@pytest.mark.parametrize(
    ("policy", "expected", "balance"),
    [("only_pending", [], 30.0), ("within_balance", [30.0], 0.0), ("unlimited", [100.0], -70.0)],
)
async def test_the_policy_limits_the_rollback_of_active_points(
    talon: TalonClient,
    deployment: Deployment,
    policy: str,
    expected: list[float],
    balance: float,
    reopen: bool,
) -> None:
    """Of 100 points with 70 spent, the policy rolls back none, the remaining ones, or all."""
    set_policy(deployment, policy)
    deployment.add_campaign(spending(70.0))
    await close_order(talon)
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    if reopen:
        effects = (await talon.sessions.reopen("cart-1")).effects
    else:
        effects = (await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))).effects
    assert rolled_back(props(effects)) == expected
    assert points_of(deployment) == balance
    remaining = [
        effect.value
        for effect in props((await talon.sessions.get("cart-1")).effects)
        if isinstance(effect, AddLoyaltyPointsEffectProps)
    ]
    assert remaining == ([100.0 - sum(expected)] if sum(expected) < 100 else [])


@pytest.mark.parametrize("policy", ["only_pending", "within_balance", "unlimited"])
async def test_pending_points_are_always_rolled_back(
    talon: TalonClient, deployment: Deployment, policy: str
) -> None:
    """Every policy rolls back the pending points of the order, and no other points."""
    set_policy(deployment, policy, default_pending="14D")
    deployment.add_points("customer-7", 5.0)
    await close_order(talon)
    response = await talon.sessions.reopen("cart-1")
    assert rolled_back(props(response.effects)) == [100.0]
    balance = (await talon.loyalty.profiles(1, "customer-7").balances()).balance
    assert balance
    assert (balance.active_points, balance.pending_points, balance.spent_points) == (5.0, 0.0, 0.0)


async def test_returned_items_follow_the_policy(talon: TalonClient, deployment: Deployment) -> None:
    """A return rolls back its share of points up to the balance."""
    set_policy(deployment, "within_balance")
    deployment.add_campaign(spending(70.0))
    await close_order(talon)
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    first = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="SOCKS", quantity=1)])
    second = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="SHOES")])
    assert (rolled_back(props(first.effects)), rolled_back(props(second.effects))) == ([20.0], [10.0])
    assert points_of(deployment) == 0.0
    third = await talon.sessions.return_items("cart-1", [ReturnedCartItem(sku="SOCKS")])
    assert rolled_back(props(third.effects)) == []


async def test_spent_points_are_restored_before_the_rollback(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A rollback restores spent points first, so they count toward the balance that limits it."""
    set_policy(deployment, "within_balance")
    deployment.add_campaign(spending(40.0))
    for name in ("a", "b"):
        deployment.add_campaign(
            granting(
                AddLoyaltyPointsEffectProps(
                    name=name,
                    program_id=1,
                    sub_ledger_id="",
                    value=10.0,
                    recipient_integration_id="customer-7",
                    transaction_uuid=name,
                )
            )
        )
    await talon.sessions.update("spend-1", shoes_and_socks(state="closed"))
    assert points_of(deployment) == 80.0
    response = await talon.sessions.reopen("spend-1")
    assert rolled_back(props(response.effects)) == [100.0, 10.0, 10.0]
    assert points_of(deployment) == 0.0
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="closed"))
    await talon.sessions.update("spend-2", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    response = await talon.sessions.reopen("spend-1")
    assert rolled_back(props(response.effects)) == [100.0], "which leaves no points for the other effects"
    assert points_of(deployment) == 0.0


async def test_restored_points_keep_their_expiry(talon: TalonClient, deployment: Deployment) -> None:
    """Restored points keep their expiry date, and are restored once."""
    expiry = deployment.clock.now() + timedelta(days=5)
    deployment.add_points("customer-7", 30.0, expiry_date=expiry)
    deployment.add_points("customer-7", 30.0)
    deployment.add_campaign(spending(40.0))
    customer = talon.loyalty.profiles(1, "customer-7")
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    assert [entry.amount async for entry in customer.points()] == [20.0]
    response = await talon.sessions.reopen("spend-1")
    (restored,) = props(response.effects)
    assert isinstance(restored, RollbackDeductedLoyaltyPointsEffectProps)
    assert (restored.value, restored.expiry_date) == (40.0, None)
    assert [(entry.amount, entry.expiry_date) async for entry in customer.points(sort="expiryDate")] == [
        (30.0, "2026-05-06T12:00:00Z"),
        (20.0, "unlimited"),
        (10.0, "unlimited"),
    ]
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="closed"))
    deployment.clock.advance(days=6)
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="cancelled"))
    assert points_of(deployment) == 30.0, "points past their expiry are restored as expired"


async def test_new_points_offset_a_negative_balance(talon: TalonClient, deployment: Deployment) -> None:
    """Points offset a negative balance when they start, and not after they expired."""
    deployment.add_campaign(spending(50.0))
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    now = deployment.clock.now()
    deployment.add_points(
        "customer-7", 80.0, start_date=now + timedelta(days=1), expiry_date=now + timedelta(days=3)
    )
    customer = talon.loyalty.profiles(1, "customer-7")
    balance = (await customer.balances()).balance
    assert balance
    assert (balance.active_points, balance.negative_points, balance.pending_points) == (0.0, -50.0, 80.0)
    deployment.clock.advance(days=4)
    balance = (await customer.balances()).balance
    assert balance
    assert (balance.active_points, balance.negative_points, balance.expired_points) == (0.0, 0.0, 30.0)
    assert types((await talon.sessions.get("spend-1")).effects) == ["deductLoyaltyPoints"]


async def test_returns_restore_spent_points_proportionally(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Each return restores its share of the spent points in order of spending, and the last one the rest."""
    remove_campaign(deployment, 2)
    for days in (5, 9):
        deployment.add_points("customer-7", 30.0, expiry_date=deployment.clock.now() + timedelta(days=days))
    deployment.add_campaign(spending(50.0))
    customer = talon.loyalty.profiles(1, "customer-7")
    await talon.sessions.update("spend-1", shoes_and_socks(state="closed"))
    remaining: list[list[float]] = []
    for returned in (ReturnedCartItem(sku="SOCKS", quantity=1), ReturnedCartItem(sku="SHOES")):
        await talon.sessions.return_items("spend-1", [returned])
        remaining.append([entry.amount async for entry in customer.points(sort="expiryDate")])
    assert remaining == [[10.0, 10.0], [10.0, 20.0, 10.0, 10.0]]
    await talon.sessions.return_items("spend-1", [ReturnedCartItem(sku="SOCKS")])
    assert points_of(deployment) == 60.0
    deployment.clock.advance(days=5)
    assert points_of(deployment) == 30.0
    deployment.clock.advance(days=4)
    assert points_of(deployment) == 0.0
