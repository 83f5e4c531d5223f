"""Listings of loyalty points and transactions, activation, and deletion."""

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


async def test_transactions_are_filtered_and_listed_latest_first(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Each filter narrows the list, and every entry names its origin."""
    deployment.add_points("customer-7", 7.0, sub_ledger_id="bonus", name="welcome")
    deployment.clock.advance(days=1)
    deployment.add_campaign(spending(130.0))
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed", store_integration_id="store-1"))
    deployment.clock.advance(days=1)
    await close(talon, "spend-1")
    customer = talon.loyalty.profiles(1, "customer-7")

    async def names(**filters: Any) -> list[str]:
        return [entry.name async for entry in customer.transactions(**filters)]

    spent, earned, welcome = [entry async for entry in customer.transactions()]
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


async def test_points_are_filtered_sorted_and_paged(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Points are listed oldest first, or by a date. `hasMore` says whether another page follows."""
    for start, expiry in ((3, 30), (1, 40), (2, None)):
        deployment.add_points(
            "customer-7",
            float(start),
            start_date=day(start),
            expiry_date=None if expiry is None else day(expiry),
            sub_ledger_id="odd" if start % 2 else "",
        )
    customer = talon.loyalty.profiles(1, "customer-7")

    async def amounts(**filters: Any) -> list[float]:
        return [entry.amount async for entry in customer.points(status="pending", **filters)]

    assert await amounts() == [3.0, 1.0, 2.0]
    assert await amounts(sort="startDate") == [1.0, 2.0, 3.0]
    assert await amounts(sort="-startDate") == [3.0, 2.0, 1.0]
    assert await amounts(sort="expiryDate", page_size=2) == [3.0, 1.0, 2.0]
    assert await amounts(sort="-expiryDate", page_size=1) == [2.0, 1.0, 3.0]
    assert await amounts(subledger_ids=["odd", "none"]) == [3.0, 1.0]
    assert await amounts(customer_session_ids=["cart-1"]) == []
    assert [entry async for entry in customer.points()] == []
    path = "/v1/loyalty_programs/1/profile/customer-7/points"
    pages = [
        (await http.get(path, params={"status": "pending", "pageSize": 2, "skip": n})).json() for n in (0, 1)
    ]
    assert [(len(page["data"]), page["hasMore"]) for page in pages] == [(2, True), (2, False)]
    refused = await http.get(path, params={"status": "gone"})
    assert (refused.status_code, refused.json()["errors"][0]["source"]) == (400, {"parameter": "status"})


async def test_points_can_await_activation(talon: TalonClient, deployment: Deployment) -> None:
    """Points that await activation count, and their validity starts, when they are activated."""
    deployment.add_campaign(earning(20.0, awaits_activation=True, validity_duration="30D"))
    deployment.add_campaign(earning(5.0, awaits_activation=True, expiry_date=day(3)))
    await close(talon, "one")
    await close(talon, "two")
    customer, program = talon.loyalty.profiles(1, "customer-7"), talon.loyalty.program(1)
    waiting = [entry async for entry in customer.transactions(awaits_activation=True)]
    assert [(entry.start_date, entry.validity_duration) for entry in waiting[-2:]] == [
        ("on_action", None),
        ("on_action", "30D"),
    ]
    assert points_of(deployment) == 0.0
    deployment.clock.advance(days=2)
    activated = await program.activate_points(session_id="one")
    assert activated.ledger_entries
    assert [(row.amount, row.start_date, row.expiry_date) for row in activated.ledger_entries] == [
        (20.0, day(2), day(32)),
        (5.0, day(2), day(3)),
    ]
    assert points_of(deployment) == 25.0
    deployment.clock.advance(days=2)
    assert points_of(deployment) == 20.0
    (remaining,) = [entry async for entry in customer.transactions(awaits_activation=True)]
    assert remaining.amount == 20.0, "the other points expired before their activation"
    for existing, missing in (
        (remaining.transaction_uuid, "nothing"),
        (remaining.transaction_uuid, waiting[-1].transaction_uuid),
    ):
        with pytest.raises(NotFoundError, match=missing):
            await program.activate_points(transaction_uuids=[existing, missing])
    assert points_of(deployment) == 20.0
    await program.activate_points(transaction_uuids=[remaining.transaction_uuid])
    assert points_of(deployment) == 40.0
    with pytest.raises(NotFoundError, match="'one'"):
        await program.activate_points(session_id="one")


async def test_transactions_are_deleted(talon: TalonClient, deployment: Deployment) -> None:
    """All or the given ledgers lose their transactions, and cancelling rolls nothing back."""
    for name in ("", "one", "two"):
        deployment.add_campaign(earning(5.0, sub_ledger_id=name))
    await close(talon, "cart-1")
    customer = talon.loyalty.profiles(1, "customer-7")
    await customer.delete_transactions("SelectedSubledgers", subledger_ids=["", "one", "never"])
    assert [entry.subledger_id async for entry in customer.transactions()] == ["two"]
    await customer.delete_transactions("AllSubledgers")
    assert [entry async for entry in customer.transactions()] == []
    response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert response.effects == []
    assert points_of(deployment) == 0.0


async def test_unknown_programs_and_customers_are_refused(talon: TalonClient, deployment: Deployment) -> None:
    """Unknown programs and customers give 404. A card-based program has no profile ledgers."""
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
