"""The idempotency key: what is sent twice under one key happens once."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from talon_async import (
    BadRequestError,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Clock, Deployment, EvaluationContext, Fault
from talon_async.sandbox._deployment.idempotency import MAX_RESPONSES, StoredResponse, store_response
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import Gate, plain_http, session_of, shoes_and_socks
from tests.transport.support import rewired

CART = "/v2/customer_sessions/cart-1"
KEY = {"idempotency-key": "key-1"}


def keyed(talon: TalonClient, key: str = "key-1") -> TalonClient:
    """A client whose calls all send the same key, which no client of a user can do."""
    return rewired(talon.with_options(), new_key=lambda: key)


async def put(http: httpx.AsyncClient, path: str = CART, **fields: Any) -> httpx.Response:
    """Update a session under the key."""
    return await http.put(path, json={"customerSession": fields}, headers=KEY)


async def test_a_key_gets_its_first_answer_again(talon: TalonClient, deployment: Deployment) -> None:
    """A repeated call is answered as it was before, even if it says something else, and changes nothing."""
    first = await keyed(talon).sessions.update("cart-1", shoes_and_socks(), response_content=["event"])
    again = await keyed(talon).sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert again == first
    assert deployment.sessions["cart-1"].session.state == "open"
    assert len(deployment.events) == 1
    other = await keyed(talon, "key-2").sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert other != first
    assert deployment.sessions["cart-1"].session.update_count == 2


async def test_points_come_once(talon: TalonClient, deployment: Deployment) -> None:
    """Closing a session twice under one key redeems its coupon and gives its points once."""
    cart = shoes_and_socks(coupon_codes=["WELCOME10"], state="closed")
    for _ in range(3):
        await keyed(talon).sessions.update("cart-1", cart)
    assert deployment.store.points.balance("customer-7", deployment.clock.now()).active == 100.0
    assert deployment.coupons["WELCOME10"].redemptions == {"customer-7": 1}


async def test_a_key_belongs_to_one_operation_and_path(talon: TalonClient, deployment: Deployment) -> None:
    """The same key means something else for another session, another operation, and for events."""
    client = keyed(talon)
    for name in ("cart-1", "cart-2"):
        await client.sessions.update(name, shoes_and_socks(state="closed"))
    for name in ("cart-1", "cart-2"):
        await client.sessions.reopen(name)
        await client.sessions.reopen(name)
    await client.profiles.update(
        "customer-7", CustomerProfileIntegrationRequestV2(attributes={"Name": "Zoe"})
    )
    for _ in range(2):
        await client.events.track(IntegrationEventV2Request(profile_id="customer-7", type="shared"))
    assert [record.session.state for record in deployment.sessions.values()] == ["open", "open"]
    assert [event.type for event in deployment.events].count("shared") == 1
    assert deployment.profiles["customer-7"].profile.attributes == {"Name": "Zoe"}


async def test_an_answer_is_kept_for_a_day(talon: TalonClient, deployment: Deployment) -> None:
    """After 24 hours by the deployment's clock, a key is as good as new."""
    for hours, count in ((0, 1), (23.9, 1), (0.1, 2)):
        deployment.clock.advance(hours=hours)
        await keyed(talon).sessions.update("cart-1", shoes_and_socks())
        assert deployment.sessions["cart-1"].session.update_count == count
    assert len(deployment.store.stored_responses) == 1


async def test_a_refusal_is_kept_too(talon: TalonClient, deployment: Deployment) -> None:
    """What was refused under a key stays refused under it, though another key would do."""
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    refused: list[BadRequestError] = []
    for _ in range(2):
        with pytest.raises(BadRequestError) as caught:
            await keyed(talon).sessions.update("cart-1", shoes_and_socks())
        refused.append(caught.value)
        if len(refused) == 1:
            await talon.sessions.reopen("cart-1")
    assert refused[0].body == refused[1].body
    await keyed(talon, "key-2").sessions.update("cart-1", shoes_and_socks())
    assert deployment.sessions["cart-1"].session.update_count == 2


@pytest.mark.parametrize(("length", "status"), [(255, 200), (256, 400)])
async def test_keys_have_a_limit(http: httpx.AsyncClient, length: int, status: int) -> None:
    """A key has at most 255 characters; a longer one is refused by its name, where keys are known."""
    key = {"idempotency-key": "k" * length}
    answer = await http.put(CART, json={"customerSession": {}}, headers=key)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["source"] == {"parameter": "Idempotency-Key"}
        ignored = await http.get("/v1/integration/campaigns", headers=key)
        assert ignored.status_code != 400


async def test_dry_calls_are_answered_anew(talon: TalonClient, deployment: Deployment) -> None:
    """A dry call leaves nothing under its key, so that the real call under it takes place."""
    for _ in range(2):
        await keyed(talon).sessions.update("cart-1", shoes_and_socks(), dry=True)
    assert not deployment.store.stored_responses
    answer = await keyed(talon).sessions.update(
        "cart-1", shoes_and_socks(), response_content=["customerSession"]
    )
    assert session_of(answer).update_count == 1


async def test_of_two_calls_at_once_one_does_the_work() -> None:
    """A call that repeats one which is still under way waits for it, and gets its answer."""
    gate = Gate()
    deployment = checked_deployment(clock=Clock(sleep=gate.sleep))
    deployment.faults.add(Fault(latency=1))
    async with plain_http(deployment) as http:
        calls = [asyncio.ensure_future(put(http)) for _ in range(2)]
        await asyncio.wait(calls, timeout=0)
        gate.open()
        first, second = await asyncio.gather(*calls)
    assert first.content == second.content
    assert deployment.sessions["cart-1"].session.update_count == 1


async def test_failures_are_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    """A rule that fails answers 500, and the same key has another try."""
    failures = [ValueError("the rule is broken")]

    def rule(_occasion: EvaluationContext) -> Iterator[EffectProps]:
        if failures:
            raise failures.pop()
        return iter(())

    deployment = checked_deployment(campaigns=[Campaign(name="broken at first", rule=rule)])
    async with plain_http(deployment) as http:
        assert [(await put(http)).status_code for _ in range(3)] == [500, 200, 200]
    assert deployment.sessions["cart-1"].session.update_count == 1
    assert "updateCustomerSessionV2 failed" in caplog.text


def test_the_oldest_answers_give_way() -> None:
    """Beyond 10,000 answers the oldest is forgotten, so that memory stays bounded under load."""
    deployment = checked_deployment()
    answers, now = deployment.store.stored_responses, deployment.clock.now()
    for number in range(MAX_RESPONSES + 5):
        store_response(answers, str(number), 200, b"{}", now)
    assert len(answers) == MAX_RESPONSES
    assert next(iter(answers)) == "5"
    assert isinstance(answers["5"], StoredResponse)
