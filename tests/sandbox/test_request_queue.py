"""Concurrent requests for one session or profile: one runs, two wait, the rest get 409."""

import asyncio
from typing import Any

import httpx
import pytest

from talon_async.sandbox import Clock, Fault
from talon_async.sandbox._deployment.request_queue import RequestQueue
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import Gate, plain_http

MESSAGE = "Too many requests are updating this {} at the same time"

EMPTY: dict[str, Any] = {"customerSession": {}}


class BlockedDeployment:
    """A deployment that blocks all requests until the test releases them."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.deployment = checked_deployment(clock=Clock(sleep=self.gate.sleep))
        self.deployment.faults.add(Fault(latency=1))
        self.http = plain_http(self.deployment)
        self.calls: list[asyncio.Task[httpx.Response]] = []

    async def send(self, method: str, path: str, **body: Any) -> None:
        """Send a request, and let it reach the gate or its response."""
        call = asyncio.ensure_future(self.http.request(method, path, json=body))
        self.calls.append(call)
        for _ in range(20):
            await asyncio.sleep(0)

    async def put(self, session: str, **fields: Any) -> None:
        """Send a session update."""
        await self.send("PUT", f"/v2/customer_sessions/{session}", customerSession=fields)

    def responses(self) -> list[tuple[int, int, str]]:
        """The requests that have a response: index, status and message."""
        return [
            (index, call.result().status_code, call.result().json()["message"])
            for index, call in enumerate(self.calls)
            if call.done()
        ]

    async def release(self) -> list[int]:
        """Release all requests, and return their statuses."""
        self.gate.open()
        responses = await asyncio.wait_for(asyncio.gather(*self.calls), 5)
        await self.http.aclose()
        return [response.status_code for response in responses]


async def test_one_runs_two_wait_the_rest_get_409() -> None:
    """Of concurrent requests for a session, three run in order, and the others get 409 immediately."""
    blocked = BlockedDeployment()
    for count in range(5):
        await blocked.put("cart-1", attributes={"count": count})
    assert blocked.responses() == [(3, 409, MESSAGE.format("session")), (4, 409, MESSAGE.format("session"))]
    assert len(blocked.gate.asked) == 1, "only the first one runs"
    assert await blocked.release() == [200, 200, 200, 409, 409]
    assert blocked.deployment.sessions["cart-1"].session.attributes == {"count": 2}
    assert blocked.deployment.sessions["cart-1"].session.update_count == 3


async def test_transports_of_a_deployment_share_its_queues() -> None:
    """Requests through two in-process apps of one deployment count together."""
    blocked = BlockedDeployment()
    other = plain_http(blocked.deployment)
    for http in (blocked.http, other, blocked.http, other):
        blocked.calls.append(asyncio.ensure_future(http.put("/v2/customer_sessions/cart-1", json=EMPTY)))
        for _ in range(20):
            await asyncio.sleep(0)
    assert blocked.responses() == [(3, 409, MESSAGE.format("session"))]
    assert len(blocked.gate.asked) == 1, "only the first one runs"
    assert await blocked.release() == [200, 200, 200, 409]
    await other.aclose()


async def test_the_message_names_session_or_profile() -> None:
    """Sessions, events and profile updates of one customer share the customer's queue."""
    blocked = BlockedDeployment()
    await blocked.put("cart-1", profileId="customer-7")
    await blocked.put("cart-2", profileId="customer-7")
    await blocked.send("POST", "/v2/events", profileId="customer-7", type="shared")
    await blocked.send("PUT", "/v2/customer_profiles/customer-7")
    await blocked.put("cart-3", profileId="customer-7")
    await blocked.put("cart-1", profileId="customer-8")
    assert blocked.responses() == [(3, 409, MESSAGE.format("profile")), (4, 409, MESSAGE.format("profile"))]
    assert await blocked.release() == [200, 200, 204, 409, 409, 200]


async def test_other_requests_do_not_wait() -> None:
    """Other sessions and profiles, reads, and operations without a queue run immediately."""
    blocked = BlockedDeployment()
    for count in range(3):
        await blocked.put("cart-1", profileId="customer-7")
        await blocked.put(f"cart-2{count}", profileId=f"customer-{count}")
    await blocked.send("GET", "/v2/customer_sessions/cart-1")
    await blocked.send("PUT", "/v2/customer_sessions/cart-1/reopen")
    assert not blocked.responses()
    assert len(blocked.gate.asked) == 1 + 3 + 2
    assert set(await blocked.release()) == {200, 400}, "the session does not exist yet"


async def test_a_cancelled_request_leaves_the_queue() -> None:
    """When a client disconnects, the next request moves up, whether the first one ran or waited."""
    blocked = BlockedDeployment()
    for _ in range(3):
        await blocked.put("cart-1")
    for index in (1, 0):
        blocked.calls[index].cancel()
        await asyncio.wait([blocked.calls[index]])
    blocked.calls = blocked.calls[2:]
    await blocked.put("cart-1")
    await blocked.put("cart-1")
    assert not blocked.responses()
    assert len(blocked.gate.asked) == 2
    assert await blocked.release() == [200, 200, 200]


async def test_empty_queues_are_removed() -> None:
    """A queue exists only while requests use it, also when they lock keys in different order."""
    queue = RequestQueue()
    order: list[str] = []

    async def call(name: str, *keys: str) -> None:
        async with queue.turn(keys):
            order.append(name)
            await asyncio.sleep(0)

    calls = call("1", "session a", "profile b"), call("2", "profile b", "session a"), call("3", "session a")
    await asyncio.wait_for(asyncio.gather(*calls), 1)
    assert order == ["1", "2", "3"]
    assert len(queue) == 0
    with pytest.raises(ZeroDivisionError):
        async with queue.turn(["session a"]):
            raise ZeroDivisionError
    assert len(queue) == 0
