"""A deployment in this process: the app behind an httpx transport, without a socket."""

import asyncio
import gc
import os
import subprocess
import sys
import tracemalloc

import httpx
import pytest

from talon_async import TalonClient
from talon_async._transport.in_process import InProcessTransport
from talon_async.sandbox import Deployment, Fault, RecordedCall, create_app
from talon_async.sandbox._deployment.request_log import MAX_CALLS
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import plain_http, shoes_and_socks, types


@pytest.mark.parametrize("transport", [httpx.ASGITransport, InProcessTransport])
async def test_a_client_works_without_a_socket(transport: type[httpx.ASGITransport]) -> None:
    """The client works on the app through `InProcessTransport` and `httpx.ASGITransport`."""
    deployment = checked_deployment()
    app = create_app(deployment)
    async with TalonClient(
        "http://localhost", api_key=deployment.api_key, strict=True, transport=transport(app)
    ) as talon:
        response = await talon.sessions.update("a/b", shoes_and_socks(coupon_codes=["WELCOME10"]))
    assert types(response.effects) == ["acceptCoupon", "setDiscount"]
    assert list(deployment.sessions) == ["a/b"]
    assert deployment.url == ""


async def test_other_tasks_run_between_calls_in_process() -> None:
    """A loop of calls lets the other tasks of the event loop run once per call."""
    deployment = checked_deployment()
    turns: list[int] = []

    async def count_turns() -> None:
        while True:
            turns.append(len(deployment.sessions))
            await asyncio.sleep(0)

    async with TalonClient(
        "http://localhost", api_key=deployment.api_key, transport=InProcessTransport(create_app(deployment))
    ) as talon:
        counting = asyncio.create_task(count_turns())
        for number in range(3):
            await talon.sessions.update(f"cart-{number}", shoes_and_socks())
        counting.cancel()
    assert turns == [0, 1, 2]


async def test_a_dropped_connection_is_an_httpx_error() -> None:
    """`InProcessTransport` raises `httpx.ReadError` for a dropped connection."""
    deployment = checked_deployment()
    deployment.faults.add(Fault(reset="before"))
    async with plain_http(deployment) as http:
        with pytest.raises(httpx.ReadError, match="dropped") as failed:
            await http.get("/v2/customer_sessions/cart-1")
    assert failed.value.request.url.path == "/v2/customer_sessions/cart-1"


async def test_calls_are_recorded_and_observed() -> None:
    """Each call is recorded and observed with its request, response and duration, without the key."""
    deployment = checked_deployment(api_key="my-secret")
    observed: list[RecordedCall] = []
    deployment.observers.append(observed.append)
    deployment.faults.add(Fault(operation="trackEventV2", reset="after"))
    async with plain_http(deployment) as http:
        response = await http.put("/v2/customer_sessions/a%2Fb?dry=true", json={"customerSession": {}})
        await http.get("/nowhere")
        await http.get("/v2/customer_sessions/cart-1", headers={"authorization": "wrong"})
        with pytest.raises(httpx.ReadError):
            await http.post("/v2/events", json={"type": "shared", "profileId": "customer-7"})
    update, missing, forbidden, lost = deployment.calls
    assert [update, missing, forbidden, lost] == observed
    assert (update.method, update.target) == ("PUT", "/v2/customer_sessions/a%2Fb?dry=true")
    assert (update.operation, update.status) == ("updateCustomerSessionV2", 200)
    assert update.request == b'{"customerSession":{}}'
    assert update.response == response.content
    assert 0 < update.seconds < 5
    assert update.moment <= deployment.clock.now()
    assert (missing.operation, missing.status) == (None, 404)
    assert (forbidden.operation, forbidden.status) == (None, 401)
    assert (lost.operation, lost.status, lost.response) == ("trackEventV2", None, b"")
    assert "my-secret" not in repr(observed)
    deployment.reset()
    assert not deployment.calls


async def test_recorded_calls_are_bounded_in_bytes() -> None:
    """Beyond 64 MiB of bodies the oldest calls are dropped, so large calls cannot use up the memory."""
    deployment = checked_deployment()
    body = b" " * 15 * 2**20
    async with plain_http(deployment) as http:
        for _ in range(2):
            for _ in range(6):
                await http.put("/v2/customer_sessions/cart-1", content=body)
            assert [len(call.request) for call in deployment.calls] == [len(body)] * 4
            assert deployment.calls[-1].number % 6 == 0
            deployment.calls.clear()


async def test_only_the_latest_calls_are_recorded() -> None:
    """The deployment records only the latest 1000 calls, so memory is bounded."""
    deployment = checked_deployment()
    async with plain_http(deployment) as http:
        for number in range(MAX_CALLS + 2):
            await http.get(f"/{number}")
    assert len(deployment.calls) == MAX_CALLS
    assert deployment.calls[0].target == "/2"


async def test_an_observer_that_fails_changes_no_response(caplog: pytest.LogCaptureFixture) -> None:
    """A stored update stays a success, later observers see the call, and the error is logged."""
    told: list[RecordedCall] = []

    def fail(_call: RecordedCall) -> None:
        raise RuntimeError("broken observer")

    deployment = Deployment(observers=[fail, told.append])
    async with plain_http(deployment) as http:
        response = await http.put("/v2/customer_sessions/cart-1", json={"customerSession": {}})
    assert response.status_code == 200
    assert len(told) == len(deployment.calls) == len(deployment.sessions) == 1
    assert "broken observer" in caplog.text


def test_a_new_process_starts_fast() -> None:
    """A new process takes at most 1.5 s of CPU time until its first response over a socket."""
    script = """
import asyncio, time
from talon_async.sandbox import Sandbox
async def main():
    async with Sandbox() as deployment:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(deployment.url.rpartition(":")[2]))
        writer.write(b"GET /v2 HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
        writer.close()
    print(time.process_time())
asyncio.run(main())
"""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    process = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env
    )
    assert float(process.stdout) < 1.5


async def test_sessions_share_the_values_that_they_have_in_common() -> None:
    """Sessions store common texts, zero costs and no returns once, so that many sessions fit in memory."""
    deployment = checked_deployment()
    async with TalonClient(
        "http://localhost", api_key=deployment.api_key, transport=InProcessTransport(create_app(deployment))
    ) as talon:
        for name in ("cart-1", "cart-2"):
            session = shoes_and_socks(profile_id="customer-7", coupon_codes=["WELCOME10"])
            await talon.sessions.update(name, session)
    first, second = deployment.sessions.values()
    assert first.returns is second.returns
    one, other = first.session, second.session
    assert one.cart_item_additional_cost_total == 0.0
    assert one.cart_item_additional_cost_total is other.cart_item_additional_cost_total
    assert one.additional_cost_total is other.additional_cost_total
    assert [item.sku for item in one.cart_items] == ["SHOES", "SOCKS"]
    for item, twin in zip(one.cart_items, other.cart_items, strict=True):
        assert item is not twin
        assert item.sku is twin.sku
        assert item.name is twin.name
    assert one.profile_id is other.profile_id
    assert one.coupon_codes is not other.coupon_codes
    assert (one.coupon_codes or [])[0] is (other.coupon_codes or [])[0]


async def test_a_recorded_call_takes_the_memory_of_its_texts() -> None:
    """The log of calls and the stored responses keep no encoder's buffers, only the texts."""
    deployment = Deployment(campaigns=[])
    async with TalonClient(
        "http://localhost", api_key=deployment.api_key, transport=InProcessTransport(create_app(deployment))
    ) as talon:
        await talon.sessions.update("cart", shoes_and_socks())
        tracemalloc.start()
        try:
            for number in range(50):
                await talon.sessions.update(f"cart-{number}", shoes_and_socks())
            gc.collect()
            traced = tracemalloc.take_snapshot()
        finally:
            tracemalloc.stop()
    encoder = tracemalloc.Filter(inclusive=True, filename_pattern="*_codec/json.py")
    by_encoder = sum(entry.size for entry in traced.filter_traces([encoder]).statistics("filename"))
    assert by_encoder < 50 * 500
