"""Calls for one session or profile at the same time: three at most, one after another."""

import asyncio
from typing import Any

import httpx
import pytest

from talon_async.sandbox import Clock, Fault
from talon_async.sandbox._http.request_queue import RequestQueue
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import Gate, plain_http

MESSAGE = "Too many requests are updating this {} at the same time"


class Held:
    """A deployment that holds up all calls until the test lets them go."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.deployment = checked_deployment(clock=Clock(sleep=self.gate.sleep))
        self.deployment.faults.add(Fault(latency=1))
        self.http = plain_http(self.deployment)
        self.calls: list[asyncio.Task[httpx.Response]] = []

    async def send(self, method: str, path: str, **body: Any) -> None:
        """Send a call, and see it come to rest."""
        call = asyncio.ensure_future(self.http.request(method, path, json=body))
        self.calls.append(call)
        for _ in range(20):
            await asyncio.sleep(0)

    async def put(self, session: str, **fields: Any) -> None:
        """Send a session update."""
        await self.send("PUT", f"/v2/customer_sessions/{session}", customerSession=fields)

    def refused(self) -> list[tuple[int, int, str]]:
        """The calls that were answered already: their places, statuses and messages."""
        return [
            (place, call.result().status_code, call.result().json()["message"])
            for place, call in enumerate(self.calls)
            if call.done()
        ]

    async def let_go(self) -> list[int]:
        """Let all calls go, and give their statuses."""
        self.gate.open()
        answers = await asyncio.wait_for(asyncio.gather(*self.calls), 5)
        await self.http.aclose()
        return [answer.status_code for answer in answers]


async def test_one_is_carried_out_two_wait_the_rest_are_refused() -> None:
    """The fourth call for a session is refused at once; the other three take place in their order."""
    held = Held()
    for count in range(5):
        await held.put("cart-1", attributes={"count": count})
    assert held.refused() == [(3, 409, MESSAGE.format("session")), (4, 409, MESSAGE.format("session"))]
    assert len(held.gate.asked) == 1, "only the first is under way"
    assert await held.let_go() == [200, 200, 200, 409, 409]
    assert held.deployment.sessions["cart-1"].session.attributes == {"count": 2}
    assert held.deployment.sessions["cart-1"].session.update_count == 3


async def test_a_refusal_says_which_session_or_profile() -> None:
    """Sessions of one customer share the customer's line; events and profile updates stand in it too."""
    held = Held()
    await held.put("cart-1", profileId="customer-7")
    await held.put("cart-2", profileId="customer-7")
    await held.send("POST", "/v2/events", profileId="customer-7", type="shared")
    await held.send("PUT", "/v2/customer_profiles/customer-7")
    await held.put("cart-3", profileId="customer-7")
    await held.put("cart-1", profileId="customer-8")
    assert held.refused() == [(3, 409, MESSAGE.format("profile")), (4, 409, MESSAGE.format("profile"))]
    assert await held.let_go() == [200, 200, 204, 409, 409, 200]


async def test_others_do_not_wait() -> None:
    """Other sessions, other profiles, reads, and operations without a limit go their way."""
    held = Held()
    for count in range(3):
        await held.put("cart-1", profileId="customer-7")
        await held.put(f"cart-2{count}", profileId=f"customer-{count}")
    await held.send("GET", "/v2/customer_sessions/cart-1")
    await held.send("PUT", "/v2/customer_sessions/cart-1/reopen")
    assert not held.refused()
    assert len(held.gate.asked) == 1 + 3 + 2
    assert set(await held.let_go()) == {200, 400}, "there is no session yet to be read"


async def test_a_call_that_is_given_up_leaves_its_place() -> None:
    """Where a client gives up, those behind move up, whether it was under way or waiting."""
    held = Held()
    for _ in range(3):
        await held.put("cart-1")
    for place in (1, 0):
        held.calls[place].cancel()
        await asyncio.wait([held.calls[place]])
    held.calls = held.calls[2:]
    await held.put("cart-1")
    await held.put("cart-1")
    assert not held.refused()
    assert len(held.gate.asked) == 2
    assert await held.let_go() == [200, 200, 200]


async def test_nothing_is_left_of_a_line() -> None:
    """A line exists while calls stand in it, also if they take their turns crosswise."""
    lines = RequestQueue()
    order: list[str] = []

    async def call(name: str, *touched: str) -> None:
        async with lines.turn(touched):
            order.append(name)
            await asyncio.sleep(0)

    calls = call("1", "session a", "profile b"), call("2", "profile b", "session a"), call("3", "session a")
    await asyncio.wait_for(asyncio.gather(*calls), 1)
    assert order == ["1", "2", "3"]
    assert len(lines) == 0
    with pytest.raises(ZeroDivisionError):
        async with lines.turn(["session a"]):
            raise ZeroDivisionError
    assert len(lines) == 0
