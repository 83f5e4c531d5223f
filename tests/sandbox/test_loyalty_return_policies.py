"""Return policies: which points go back with what earned them."""

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
    """Let the program have a return policy."""
    add_program(
        deployment, LoyaltyProgram(id=1, name="points", title="Points", return_policy=policy, **fields)
    )


def rolled_back(effects: list[EffectProps | None]) -> list[float]:
    """How many earned points effects take back."""
    return [effect.value for effect in effects if isinstance(effect, RollbackAddedLoyaltyPointsEffectProps)]


@pytest.mark.parametrize("reopen", [True, False])
@pytest.mark.parametrize(
    ("policy", "taken", "left"),
    [("only_pending", [], 30.0), ("within_balance", [30.0], 0.0), ("unlimited", [100.0], -70.0)],
)
async def test_active_points_go_back_by_policy(
    talon: TalonClient, deployment: Deployment, policy: str, taken: list[float], left: float, reopen: bool
) -> None:
    """Of 100 points of which 70 are spent, none, those that are left, or all go back."""
    set_policy(deployment, policy)
    deployment.add_campaign(spending(70.0))
    await close_order(talon)
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    if reopen:
        effects = (await talon.sessions.reopen("cart-1")).effects
    else:
        effects = (await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))).effects
    assert rolled_back(props(effects)) == taken
    assert points_of(deployment) == left
    held = [
        effect.value
        for effect in props((await talon.sessions.get("cart-1")).effects)
        if isinstance(effect, AddLoyaltyPointsEffectProps)
    ]
    assert held == ([100.0 - sum(taken)] if sum(taken) < 100 else [])


@pytest.mark.parametrize("policy", ["only_pending", "within_balance", "unlimited"])
async def test_pending_points_always_go_back(talon: TalonClient, deployment: Deployment, policy: str) -> None:
    """Whatever the policy, points that do not count yet go with their order, and no others."""
    set_policy(deployment, policy, default_pending="14D")
    deployment.add_points("customer-7", 5.0)
    await close_order(talon)
    answer = await talon.sessions.reopen("cart-1")
    assert rolled_back(props(answer.effects)) == [100.0]
    balance = (await talon.loyalty.profiles(1, "customer-7").balances()).balance
    assert balance
    assert (balance.active_points, balance.pending_points, balance.spent_points) == (5.0, 0.0, 0.0)


async def test_returned_items_keep_to_the_policy(talon: TalonClient, deployment: Deployment) -> None:
    """A return takes its share of points as long as there are any."""
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


async def test_a_session_undoes_what_it_spent_and_earned(talon: TalonClient, deployment: Deployment) -> None:
    """What a session spent comes back with what it earned, so that both are gone within the balance."""
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
    answer = await talon.sessions.reopen("spend-1")
    assert rolled_back(props(answer.effects)) == [100.0, 10.0, 10.0]
    assert points_of(deployment) == 0.0
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="closed"))
    await talon.sessions.update("spend-2", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    answer = await talon.sessions.reopen("spend-1")
    assert rolled_back(props(answer.effects)) == [100.0], "which leaves nothing for the others"
    assert points_of(deployment) == 0.0


async def test_spent_points_come_back_as_they_were(talon: TalonClient, deployment: Deployment) -> None:
    """Points that are given back last no longer than those that had paid, and never come back twice."""
    soon = deployment.clock.now() + timedelta(days=5)
    deployment.add_points("customer-7", 30.0, expiry_date=soon)
    deployment.add_points("customer-7", 30.0)
    deployment.add_campaign(spending(40.0))
    mine = talon.loyalty.profiles(1, "customer-7")
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    assert [entry.amount async for entry in mine.points()] == [20.0]
    answer = await talon.sessions.reopen("spend-1")
    (back,) = props(answer.effects)
    assert isinstance(back, RollbackDeductedLoyaltyPointsEffectProps)
    assert (back.value, back.expiry_date) == (40.0, None)
    assert [(entry.amount, entry.expiry_date) async for entry in mine.points(sort="expiryDate")] == [
        (30.0, "2026-05-06T12:00:00Z"),
        (20.0, "unlimited"),
        (10.0, "unlimited"),
    ]
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="closed"))
    deployment.clock.advance(days=6)
    await talon.sessions.update("spend-1", NewCustomerSessionV2(state="cancelled"))
    assert points_of(deployment) == 30.0, "what had expired by then comes back expired"


async def test_new_points_pay_what_is_owed(talon: TalonClient, deployment: Deployment) -> None:
    """Points below zero are paid by the next ones as these start to count, and not by expired ones."""
    deployment.add_campaign(spending(50.0))
    await talon.sessions.update("spend-1", NewCustomerSessionV2(profile_id="customer-7", state="closed"))
    now = deployment.clock.now()
    deployment.add_points(
        "customer-7", 80.0, start_date=now + timedelta(days=1), expiry_date=now + timedelta(days=3)
    )
    mine = talon.loyalty.profiles(1, "customer-7")
    told = (await mine.balances()).balance
    assert told
    assert (told.active_points, told.negative_points, told.pending_points) == (0.0, -50.0, 80.0)
    deployment.clock.advance(days=4)
    told = (await mine.balances()).balance
    assert told
    assert (told.active_points, told.negative_points, told.expired_points) == (0.0, 0.0, 30.0)
    assert types((await talon.sessions.get("spend-1")).effects) == ["deductLoyaltyPoints"]


async def test_spent_points_come_back_share_by_share(talon: TalonClient, deployment: Deployment) -> None:
    """Each return gives its share of what was spent: first what was spent first, and in the end all of it."""
    remove_campaign(deployment, 2)
    for days in (5, 9):
        deployment.add_points("customer-7", 30.0, expiry_date=deployment.clock.now() + timedelta(days=days))
    deployment.add_campaign(spending(50.0))
    mine = talon.loyalty.profiles(1, "customer-7")
    await talon.sessions.update("spend-1", shoes_and_socks(state="closed"))
    left: list[list[float]] = []
    for returned in (ReturnedCartItem(sku="SOCKS", quantity=1), ReturnedCartItem(sku="SHOES")):
        await talon.sessions.return_items("spend-1", [returned])
        left.append([entry.amount async for entry in mine.points(sort="expiryDate")])
    assert left == [[10.0, 10.0], [10.0, 20.0, 10.0, 10.0]]
    await talon.sessions.return_items("spend-1", [ReturnedCartItem(sku="SOCKS")])
    assert points_of(deployment) == 60.0
    deployment.clock.advance(days=5)
    assert points_of(deployment) == 30.0
    deployment.clock.advance(days=4)
    assert points_of(deployment) == 0.0
