"""Idempotency keys: a repeated request with the same key takes effect once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
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
from talon_async.sandbox._deployment.idempotency import MAX_BYTES, MAX_RESPONSES, StoredResponses
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import Gate, plain_http, session_of, shoes_and_socks
from tests.transport.support import rewired

CART = "/v2/customer_sessions/cart-1"
KEY = {"idempotency-key": "key-1"}


def keyed(talon: TalonClient, key: str = "key-1") -> TalonClient:
    """A client that sends the same key with every call, unlike a real one."""
    return rewired(talon.with_options(), new_key=lambda: key)


async def put(http: httpx.AsyncClient, path: str = CART, **fields: Any) -> httpx.Response:
    """Update a session with the key."""
    return await http.put(path, json={"customerSession": fields}, headers=KEY)


async def test_a_repeated_key_gets_the_stored_response(talon: TalonClient, deployment: Deployment) -> None:
    """A repeated key returns the first response, even for another body, and changes nothing."""
    first = await keyed(talon).sessions.update("cart-1", shoes_and_socks(), response_content=["event"])
    again = await keyed(talon).sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert again == first
    assert deployment.sessions["cart-1"].session.state == "open"
    assert len(deployment.events) == 1
    other = await keyed(talon, "key-2").sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert other != first
    assert deployment.sessions["cart-1"].session.update_count == 2


async def test_points_are_added_once(talon: TalonClient, deployment: Deployment) -> None:
    """Closing a session repeatedly with one key redeems its coupon and adds its points once."""
    cart = shoes_and_socks(coupon_codes=["WELCOME10"], state="closed")
    for _ in range(3):
        await keyed(talon).sessions.update("cart-1", cart)
    assert deployment.store.points.balance("customer-7", deployment.clock.now()).active == 100.0
    assert deployment.coupons["WELCOME10"].redemptions == {"customer-7": 1}


async def test_a_key_is_scoped_to_operation_and_path(talon: TalonClient, deployment: Deployment) -> None:
    """The same key is independent for other sessions, operations and events."""
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


async def test_a_response_is_stored_for_24_hours(talon: TalonClient, deployment: Deployment) -> None:
    """After 24 hours by the deployment's clock, a key can be used again."""
    for hours, count in ((0, 1), (23.9, 1), (0.1, 2)):
        deployment.clock.advance(hours=hours)
        await keyed(talon).sessions.update("cart-1", shoes_and_socks())
        assert deployment.sessions["cart-1"].session.update_count == count
    assert len(deployment.store.stored_responses) == 1


async def test_an_error_response_is_stored(talon: TalonClient, deployment: Deployment) -> None:
    """A refused request stays refused with its key, and succeeds with another one."""
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
async def test_keys_have_a_maximum_length(http: httpx.AsyncClient, length: int, status: int) -> None:
    """A key longer than 255 characters is refused by operations that support keys."""
    key = {"idempotency-key": "k" * length}
    response = await http.put(CART, json={"customerSession": {}}, headers=key)
    assert response.status_code == status
    if status == 400:
        assert response.json()["errors"][0]["source"] == {"parameter": "Idempotency-Key"}
        ignored = await http.get("/v1/integration/campaigns", headers=key)
        assert ignored.status_code != 400


async def test_dry_runs_are_not_stored(talon: TalonClient, deployment: Deployment) -> None:
    """A dry run stores no response, so the real request with the same key runs."""
    for _ in range(2):
        await keyed(talon).sessions.update("cart-1", shoes_and_socks(), dry=True)
    assert not deployment.store.stored_responses
    response = await keyed(talon).sessions.update(
        "cart-1", shoes_and_socks(), response_content=["customerSession"]
    )
    assert session_of(response).update_count == 1


async def test_concurrent_requests_with_one_key_run_once() -> None:
    """A request whose key is in flight waits, and gets the response of the first one."""
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


async def test_server_errors_are_not_stored(caplog: pytest.LogCaptureFixture) -> None:
    """A failing rule gives 500, and a retry with the same key runs again."""
    failures = [ValueError("the rule is broken")]

    def rule(_context: EvaluationContext) -> Iterator[EffectProps]:
        if failures:
            raise failures.pop()
        return iter(())

    deployment = checked_deployment(campaigns=[Campaign(name="fails once", rule=rule)])
    async with plain_http(deployment) as http:
        assert [(await put(http)).status_code for _ in range(3)] == [500, 200, 200]
    assert deployment.sessions["cart-1"].session.update_count == 1
    assert "updateCustomerSessionV2 failed" in caplog.text


def test_the_oldest_responses_are_evicted() -> None:
    """Beyond 10,000 stored responses, the oldest is evicted, so memory is bounded."""
    responses, now = StoredResponses(), Clock().now()
    for number in range(MAX_RESPONSES + 5):
        responses.store(str(number), 200, b"{}", now)
    assert len(responses) == MAX_RESPONSES
    assert next(iter(responses.by_request)) == "5"
    assert responses.find("4", now) is None
    assert responses.find("5", now)


def test_stored_responses_are_bounded_in_bytes() -> None:
    """Beyond 64 MiB of stored responses, the oldest are evicted first; expired ones no longer count."""
    responses, now = StoredResponses(), Clock().now()
    body = b" " * (MAX_BYTES // 4)
    for number in range(6):
        responses.store(str(number), 200, body, now)
    assert list(responses.by_request) == ["3", "4", "5"]
    later = now + timedelta(hours=24)
    assert responses.find("3", later) is None
    for number in range(3):
        responses.store(str(number), 200, body, later)
    assert list(responses.by_request) == ["0", "1", "2"]
    responses.store("large", 200, b" " * (MAX_BYTES + 1), later)
    assert not responses.by_request
    responses.store("small", 200, b"{}", later)
    assert responses.find("small", later)
