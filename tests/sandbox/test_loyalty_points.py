"""Loyalty points: earning, spending, pending and expired points, and joining a program."""

import random
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from talon_async import (
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    CartItem,
    DeductLoyaltyPointsEffectProps,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async.models import (
    ExtendLoyaltyPointsExpiryDateEffectProps,
    SetLoyaltyPointsExpiryDateEffectProps,
)
from talon_async.models.base import UNSET, Unset
from talon_async.sandbox import Campaign, Deployment, LoyaltyProgram
from talon_async.sandbox._domain.loyalty.ledger import Balance, Ledger
from tests.sandbox.loyalty import NOON, close, day, earning, spending
from tests.sandbox.support import (
    add_program,
    close_order,
    granting,
    points_of,
    props,
    remove_campaign,
    shoes_and_socks,
)


async def test_points_that_expire_first_are_spent_first(talon: TalonClient, deployment: Deployment) -> None:
    """Points are spent by expiry date, then by age. Points without expiry come last."""
    for points, expiry in ((10.0, None), (20.0, day(9)), (30.0, day(5)), (40.0, None)):
        deployment.add_points("customer-7", points, expiry_date=expiry)
    deployment.add_points("customer-7", 50.0, start_date=day(2))
    deployment.add_campaign(spending(55.0))
    customer = talon.loyalty.profiles(1, "customer-7")
    await close(talon, "spend-1")
    assert [entry.amount async for entry in customer.points()] == [5.0, 40.0]
    balance = (await customer.balances()).balance
    assert balance
    assert (balance.active_points, balance.pending_points, balance.spent_points) == (45.0, 50.0, 55.0)
    assert (balance.expired_points, balance.negative_points) == (0.0, 0.0)


async def test_points_start_and_expire(talon: TalonClient, deployment: Deployment) -> None:
    """Pending points become active at their start date, and the rest expires."""
    deployment.add_points("customer-7", 30.0, start_date=day(2), expiry_date=day(10))
    deployment.add_campaign(spending(12.0))
    customer = talon.loyalty.profiles(1, "customer-7")

    async def balances(end_date: datetime | Unset = UNSET) -> tuple[Any, ...]:
        balance = (await customer.balances(end_date=end_date)).balance
        assert balance
        return balance.pending_points, balance.active_points, balance.spent_points, balance.expired_points

    assert await balances() == (30.0, 0.0, 0.0, 0.0)
    assert await balances(day(2)) == (0.0, 30.0, 0.0, 0.0)
    deployment.clock.advance(days=3)
    assert await balances() == (0.0, 30.0, 0.0, 0.0)
    await close(talon, "spend-1")
    assert await balances() == (0.0, 18.0, 12.0, 0.0)
    assert await balances(day(10)) == (0.0, 0.0, 12.0, 18.0)
    deployment.clock.advance(days=8)
    assert await balances() == (0.0, 0.0, 12.0, 18.0)
    assert await balances(day(2.5)) == (0.0, 30.0, 0.0, 0.0), "past balances do not change"
    assert await balances(day(-1)) == (0.0, 0.0, 0.0, 0.0)
    (expired,) = [entry async for entry in customer.points(status="expired")]
    assert (expired.amount, expired.start_date, expired.expiry_date) == (
        18.0,
        "2026-05-03T12:00:00Z",
        "2026-05-11T12:00:00Z",
    )


async def test_a_program_sets_default_start_and_expiry(talon: TalonClient, deployment: Deployment) -> None:
    """Without dates in the effect, the program's defaults apply, also in the tentative balance."""
    add_program(
        deployment,
        LoyaltyProgram(id=1, name="points", title="Points", default_pending="14D", default_validity="1Y"),
    )
    opened = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    assert opened.loyalty
    assert opened.loyalty.programs["points"].ledger.tentative_pending_balance == 0.0
    deployment.add_campaign(earning(5.0))
    opened = await talon.sessions.update("cart-1", NewCustomerSessionV2(), response_content=["loyalty"])
    assert opened.loyalty
    ledger = opened.loyalty.programs["points"].ledger
    assert (ledger.tentative_current_balance, ledger.tentative_pending_balance) == (0.0, 5.0)
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["loyalty"]
    )
    earned = props(closed.effects)[0]
    assert isinstance(earned, AddLoyaltyPointsEffectProps)
    assert (earned.start_date, earned.expiry_date) == (day(14), day(14 + 365))
    assert closed.loyalty
    assert closed.loyalty.programs["points"].ledger.pending_balance == 105.0
    deployment.clock.advance(days=14)
    assert points_of(deployment) == 105.0


async def test_points_create_subledgers(talon: TalonClient, deployment: Deployment) -> None:
    """Points create their subledger. Balances list it separately, and sessions omit it when empty."""
    deployment.add_campaign(earning(8.0, sub_ledger_id="bonus"))
    deployment.add_campaign(spending(8.0, sub_ledger_id="bonus"))
    await close_order(talon)
    customer = talon.loyalty.profiles(1, "customer-7")
    balances = await customer.balances()
    assert balances.balance
    assert balances.subledger_balances
    assert (balances.balance.active_points, balances.subledger_balances["bonus"].active_points) == (
        100.0,
        8.0,
    )
    subledger = await customer.balances(subledger_id="bonus")
    assert subledger.balance is None
    assert subledger.subledger_balances == balances.subledger_balances
    main = await customer.balances(subledger_id="")
    assert (main.balance, main.subledger_balances) == (balances.balance, {})
    remove_campaign(deployment, 3)
    response = await talon.sessions.update(
        "spend-1",
        NewCustomerSessionV2(profile_id="customer-7", state="closed"),
        response_content=["loyalty"],
    )
    assert response.loyalty
    assert response.loyalty.programs["points"].sub_ledgers == {}


async def test_customers_join(talon: TalonClient) -> None:
    """A customer joins once, which creates the profile. Sessions have the join date."""
    await talon.loyalty.profiles(1, "customer-7").join()
    with pytest.raises(BadRequestError, match="'customer-7' has joined"):
        await talon.loyalty.profiles(1, "customer-7").join()
    response = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    assert response.loyalty
    assert response.loyalty.programs["points"].join_date == NOON


@pytest.mark.parametrize(
    ("policy", "joined"), [("not_join", None), ("points_earned", day(0)), ("points_activated", day(2))]
)
async def test_points_join_customers_by_policy(
    talon: TalonClient, deployment: Deployment, policy: Any, joined: datetime | None
) -> None:
    """The join policy decides whether customers join with their first points, active points, or neither."""
    add_program(deployment, LoyaltyProgram(id=1, name="points", title="Points", join_policy=policy))
    deployment.add_points("customer-7", 5.0, start_date=day(2))
    deployment.clock.advance(days=4)
    response = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    assert response.loyalty
    assert response.loyalty.programs["points"].join_date == joined


async def test_expiry_dates_are_extended_and_set(talon: TalonClient, deployment: Deployment) -> None:
    """Rules can extend the expiry of points or set one date. The effect lists the changes."""
    deployment.add_points("customer-7", 10.0, expiry_date=day(5))
    deployment.add_points("customer-7", 20.0)
    deployment.add_points("customer-7", 40.0, expiry_date=day(1))
    deployment.clock.advance(days=2)
    extend = granting(
        ExtendLoyaltyPointsExpiryDateEffectProps(program_id=1, sub_ledger_id="", extension_duration="10D")
    )
    deployment.add_campaign(extend)
    (extended,) = await close(talon, "one")
    assert isinstance(extended, ExtendLoyaltyPointsExpiryDateEffectProps)
    assert extended.affected_transactions
    (change,) = extended.affected_transactions
    assert (change.previous_expiry_date, change.new_expiry_date) == (day(5), day(15))
    remove_campaign(deployment, max(deployment.campaigns))
    deployment.clock.advance(days=10)
    assert points_of(deployment) == 30.0
    deployment.add_campaign(
        granting(
            SetLoyaltyPointsExpiryDateEffectProps(program_id=1, sub_ledger_id="", new_expiry_date=day(13))
        )
    )
    (changed,) = await close(talon, "two")
    assert isinstance(changed, SetLoyaltyPointsExpiryDateEffectProps)
    assert changed.affected_transactions
    assert len(changed.affected_transactions) == 2
    deployment.clock.advance(days=2)
    assert points_of(deployment) == 0.0


async def test_points_are_conserved(talon: TalonClient, deployment: Deployment) -> None:
    """Balances, also past ones, add up to the added minus the deducted points."""
    rng = random.Random(7)  # noqa: S311  the same sequence in each run
    deployment.add_campaign(
        Campaign(
            name="spends some",
            rule=lambda context: (
                [
                    DeductLoyaltyPointsEffectProps(
                        rule_title="spend",
                        program_id=1,
                        sub_ledger_id="",
                        value=round(rng.uniform(1, 60), 2),
                        transaction_uuid=context.new_uuid(),
                        name="spend",
                    )
                ]
                if context.closing and rng.random() < 0.5
                else []
            ),
        )
    )
    ledger, balance = Ledger(), Balance()
    seen: dict[datetime, Balance] = {}
    for number in range(120):
        session = f"cart-{number}"
        price = round(rng.uniform(1, 50), 2)
        item = CartItem(sku="A", quantity=2, price=price)
        await talon.sessions.update(session, shoes_and_socks(cart_items=[item], state="closed"))
        deployment.add_points(
            "customer-7", 3.3, start_date=deployment.clock.now() + timedelta(days=rng.choice([-1, 2])),
            expiry_date=deployment.clock.now() + timedelta(days=rng.choice([1, 4, 90])),
        )  # fmt: skip
        rolled_back = f"cart-{rng.randrange(number + 1)}"
        if deployment.sessions[rolled_back].session.state == "closed":
            if rng.random() < 0.5:
                await talon.sessions.reopen(rolled_back)
            else:
                await talon.sessions.update(rolled_back, NewCustomerSessionV2(state="cancelled"))
        deployment.clock.advance(hours=1 + rng.randrange(48))
        now = deployment.clock.now()
        ledger = (
            deployment.view()
            .current_account(deployment.application.loyalty_programs[1], "customer-7")
            .ledgers[""]
        )
        entries = ledger.entries.values()
        added = sum(entry.points for entry in entries if entry.type == "addition")
        deducted = sum(entry.points for entry in entries if entry.type == "subtraction")
        balance = ledger.balance(now)
        total = balance.active + balance.pending + balance.expired + balance.negative
        assert total == pytest.approx(added - deducted, abs=1e-4)
        seen[now] = balance
        deployment.clock.advance(hours=1)
    for moment, before in seen.items():
        assert attrs.astuple(ledger.balance(moment)) == pytest.approx(attrs.astuple(before), abs=1e-4)
    assert balance.spent > 0
    assert balance.expired > 0
