"""Points of customers as they are listed, and what calls do to them one by one."""

from typing import Any

import httpx
import pytest

from talon_async import (
    BadRequestError,
    NewCustomerSessionV2,
    NotFoundError,
    TalonClient,
)
from talon_async.sandbox import Deployment, LoyaltyProgram
from tests.sandbox.loyalty import NOON, close, day, earning, spending
from tests.sandbox.support import add_program, close_order, points_of, shoes_and_socks


async def test_transactions_are_chosen_and_told_latest_first(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Each filter narrows the list; every entry says where it came from."""
    deployment.add_points("customer-7", 7.0, sub_ledger_id="bonus", name="welcome")
    deployment.clock.advance(days=1)
    deployment.add_campaign(spending(130.0))
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed", store_integration_id="store-1"))
    deployment.clock.advance(days=1)
    await close(talon, "spend-1")
    mine = talon.loyalty.profiles(1, "customer-7")

    async def names(**chosen: Any) -> list[str]:
        return [entry.name async for entry in mine.transactions(**chosen)]

    spent, earned, welcome = [entry async for entry in mine.transactions()]
    assert (spent.type, spent.amount, spent.customer_session_id) == ("subtraction", 130.0, "spend-1")
    assert spent.flags
    assert spent.flags.creates_negative_balance
    assert (earned.type, earned.amount, earned.store_integration_id) == ("addition", 100.0, "store-1")
    assert (earned.start_date, earned.expiry_date, earned.flags) == ("immediate", "unlimited", None)
    assert (welcome.subledger_id, welcome.customer_session_id) == ("bonus", None)
    assert (welcome.created, earned.created, spent.created) == (NOON, day(1), day(2))
    assert await names(subledger_id="bonus") == await names(loyalty_transaction_type="manual") == ["welcome"]
    assert await names(subledger_id="") == await names(loyalty_transaction_type="session")
    assert await names(loyalty_transaction_type="import") == []
    assert await names(start_date=day(1), end_date=day(1)) == [earned.name]
    assert await names(customer_session_ids=["spend-1", "other"]) == ["spend"]
    assert await names(transaction_uuids=[welcome.transaction_uuid, spent.transaction_uuid]) == [
        "spend",
        "welcome",
    ]
    assert await names(page_size=1, skip=1) == [earned.name, "welcome"]
    assert await names(awaits_activation=True) == []


async def test_points_are_chosen_sorted_and_paged(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Points are listed oldest first, or by their dates; a page tells whether another one follows."""
    for start, expiry in ((3, 30), (1, 40), (2, None)):
        deployment.add_points(
            "customer-7",
            float(start),
            start_date=day(start),
            expiry_date=None if expiry is None else day(expiry),
            sub_ledger_id="odd" if start % 2 else "",
        )
    mine = talon.loyalty.profiles(1, "customer-7")

    async def amounts(**chosen: Any) -> list[float]:
        return [entry.amount async for entry in mine.points(status="pending", **chosen)]

    assert await amounts() == [3.0, 1.0, 2.0]
    assert await amounts(sort="startDate") == [1.0, 2.0, 3.0]
    assert await amounts(sort="-startDate") == [3.0, 2.0, 1.0]
    assert await amounts(sort="expiryDate", page_size=2) == [3.0, 1.0, 2.0]
    assert await amounts(sort="-expiryDate", page_size=1) == [2.0, 1.0, 3.0]
    assert await amounts(subledger_ids=["odd", "none"]) == [3.0, 1.0]
    assert await amounts(customer_session_ids=["cart-1"]) == []
    assert [entry async for entry in mine.points()] == []
    path = "/v1/loyalty_programs/1/profile/customer-7/points"
    pages = [
        (await http.get(path, params={"status": "pending", "pageSize": 2, "skip": n})).json() for n in (0, 1)
    ]
    assert [(len(page["data"]), page["hasMore"]) for page in pages] == [(2, True), (2, False)]
    refused = await http.get(path, params={"status": "gone"})
    assert (refused.status_code, refused.json()["errors"][0]["source"]) == (400, {"parameter": "status"})


async def test_points_can_await_an_action(talon: TalonClient, deployment: Deployment) -> None:
    """Points that a rule makes wait count from their activation on, and last from then."""
    deployment.add_campaign(earning(20.0, awaits_activation=True, validity_duration="30D"))
    deployment.add_campaign(earning(5.0, awaits_activation=True, expiry_date=day(3)))
    await close(talon, "one")
    await close(talon, "two")
    mine, program = talon.loyalty.profiles(1, "customer-7"), talon.loyalty.program(1)
    waiting = [entry async for entry in mine.transactions(awaits_activation=True)]
    assert [(entry.start_date, entry.validity_duration) for entry in waiting[-2:]] == [
        ("on_action", None),
        ("on_action", "30D"),
    ]
    assert points_of(deployment) == 0.0
    deployment.clock.advance(days=2)
    made = await program.activate_points(session_id="one")
    assert made.ledger_entries
    assert [(row.amount, row.start_date, row.expiry_date) for row in made.ledger_entries] == [
        (20.0, day(2), day(32)),
        (5.0, day(2), day(3)),
    ]
    assert points_of(deployment) == 25.0
    deployment.clock.advance(days=2)
    assert points_of(deployment) == 20.0
    (left,) = [entry async for entry in mine.transactions(awaits_activation=True)]
    assert left.amount == 20.0, "the others expired before anything happened"
    for known, missing in (
        (left.transaction_uuid, "nothing"),
        (left.transaction_uuid, waiting[-1].transaction_uuid),
    ):
        with pytest.raises(NotFoundError, match=missing):
            await program.activate_points(transaction_uuids=[known, missing])
    assert points_of(deployment) == 20.0
    await program.activate_points(transaction_uuids=[left.transaction_uuid])
    assert points_of(deployment) == 40.0
    with pytest.raises(NotFoundError, match="'one'"):
        await program.activate_points(session_id="one")


async def test_ledgers_are_emptied(talon: TalonClient, deployment: Deployment) -> None:
    """All ledgers or those that are named lose their transactions, and nothing is left to undo."""
    for name in ("", "one", "two"):
        deployment.add_campaign(earning(5.0, sub_ledger_id=name))
    await close(talon, "cart-1")
    mine = talon.loyalty.profiles(1, "customer-7")
    await mine.delete_transactions("SelectedSubledgers", subledger_ids=["", "one", "never"])
    assert [entry.subledger_id async for entry in mine.transactions()] == ["two"]
    await mine.delete_transactions("AllSubledgers")
    assert [entry async for entry in mine.transactions()] == []
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert answer.effects == []
    assert points_of(deployment) == 0.0


async def test_what_is_not_there_is_refused(talon: TalonClient, deployment: Deployment) -> None:
    """Unknown programs and customers are not found; a program for cards has no points of profiles."""
    add_program(deployment, LoyaltyProgram(id=2, name="cards", title="Cards", card_based=True))
    await close_order(talon)
    with pytest.raises(NotFoundError, match="loyalty program 9"):
        await talon.loyalty.profiles(9, "customer-7").balances()
    with pytest.raises(NotFoundError, match="'nobody'"):
        await talon.loyalty.profiles(1, "nobody").balances()
    with pytest.raises(BadRequestError, match="card-based"):
        await talon.loyalty.profiles(2, "customer-7").join()
    with pytest.raises(NotFoundError):
        await talon.loyalty.program(9).activate_points(session_id="cart-1")
