"""Closing and cancelling: wherever a call is, it ends at once, tells what is known, and leaves nothing."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import attrs
import httpx
import pytest

from talon_async import ClientClosedError, ClientStateError, CustomerProfileIntegrationRequestV2, TalonClient
from talon_async._transport.keyed_queue import KeyedQueue
from tests.transport.server import Script, Server, answer, close, read, send, serving, stall
from tests.transport.service import Call
from tests.transport.support import KEY, LARGE, SESSION, client_of, rewired, settled

OK = send(answer())
PROFILE: Final = CustomerProfileIntegrationRequestV2()


@attrs.frozen
class Point:
    """A point on the way of a call, and how to hold one there.

    Attributes:
        script: What the service does.
        sent: Whether the request may have reached the service.
        attempts: How many attempts were begun.
        calls: The call, after those that keep it from going on.
        scheme: The scheme of the service's address; with ``https`` its handshake gets no answer.
        settings: The client's settings.
    """

    script: Script
    sent: bool
    attempts: int = 1
    calls: tuple[Call, ...] = (lambda talon: talon.sessions.update("cart-1", SESSION),)
    scheme: str = "http"
    settings: Mapping[str, Any] = attrs.field(factory=dict[str, Any])


@pytest.fixture(autouse=True)
def _nothing_is_left_open() -> Iterator[None]:
    """Collect a test's garbage at its end: a socket left open warns then, and warnings are errors."""
    gc.freeze()  # a collection of everything the suite has loaded would take longer than the test
    yield
    gc.collect()
    gc.unfreeze()


async def update(talon: TalonClient) -> object:
    """Update a profile."""
    return await talon.profiles.update("customer-7", PROFILE)


async def get(talon: TalonClient) -> object:
    """Read a session."""
    return await talon.sessions.get("cart-1")


async def update_much(talon: TalonClient) -> object:
    """Send more than the buffers of the sockets hold."""
    return await talon.sessions.update("cart-1", LARGE)


PART: Final = send(answer(b'{"effects":[', fields={"Content-Length": "56"}))
POINTS: Final = {
    "in line": Point([read, stall], sent=False, attempts=0, calls=(update, update)),
    "waiting for a connection": Point(
        [read, stall], sent=False, calls=(update, get), settings={"max_connections": 1}
    ),
    "connecting": Point([stall], sent=False, scheme="https"),
    "sending": Point([stall], sent=True, calls=(update_much,)),
    "before the answer": Point([read, stall], sent=True),
    "in the body": Point([read, PART, stall], sent=True),
    "before a retry": Point([read, send(answer(status="503 Busy"))], sent=True),
    "before a retry, never sent": Point([close], sent=False, scheme="https"),
}
EACH = pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())


@attrs.frozen
class Held:
    """Calls that are held at a point.

    Attributes:
        talon: The client, to be closed by the test.
        server: The service.
        queue: The client's queue.
        calls: The calls; the last is at the point.
    """

    talon: TalonClient
    server: Server
    queue: KeyedQueue
    calls: list["asyncio.Task[object]"] = attrs.field(factory=list)


@asynccontextmanager
async def held(point: Point) -> AsyncGenerator[Held, None]:
    """Hold a call at a point; in the end no task, no connection and no place in line may be left."""
    tasks = asyncio.all_tasks()
    async with serving(point.script, receive_buffer=4096) as server:

        async def oversleep(_seconds: float) -> None:
            await stall_in(server)

        url = server.url.replace("http:", f"{point.scheme}:")
        queue = KeyedQueue()
        talon = rewired(TalonClient(url, api_key=KEY, **point.settings), sleep=oversleep, queue=queue)
        hold = Held(talon, server, queue)
        for call in point.calls:
            hold.calls.append(asyncio.create_task(_run(call, talon)))
            await server.stalled.wait()
            await settled()
        yield hold
        server.released.set()
        await server.all_closed()
    assert len(queue) == 0
    assert asyncio.all_tasks() == tasks


async def stall_in(server: Server) -> None:
    """Sleep until the test is over."""
    server.stalled.set()
    await server.released.wait()


async def _run(call: Call, talon: TalonClient) -> object:
    return await call(talon)


@EACH
async def test_closing_ends_a_call_wherever_it_is(point: Point) -> None:
    """`aclose` returns at once, all calls have ended by then, and each error tells whether it was sent."""
    async with held(point) as hold:
        async with asyncio.timeout(1):
            await hold.talon.aclose()
        assert all(call.done() for call in hold.calls)
        failures = [call.exception() for call in hold.calls]
        assert all(type(failure) is ClientClosedError for failure in failures)
        assert vars(failures[-1])["sent"] is point.sent
        assert vars(failures[-1])["attempts"] == point.attempts


@EACH
async def test_cancelling_ends_a_call_wherever_it_is(point: Point) -> None:
    """A caller that gives up meets its own cancellation, at once, and its place and connection are free."""
    async with held(point) as hold:
        for call in reversed(hold.calls):
            call.cancel("the customer left")
            await settled()
            assert call.done()
            with pytest.raises(asyncio.CancelledError, match="the customer left"):
                await call
        assert len(hold.queue) == 0
        await hold.talon.aclose()


@EACH
async def test_a_drain_that_is_over_ends_the_rest(point: Point) -> None:
    """Calls that did not end by themselves within `drain` seconds end as they do without it."""
    async with held(point) as hold:
        await hold.talon.aclose(drain=0.01)
        with pytest.raises(ClientClosedError) as caught:
            await hold.calls[-1]
        assert (caught.value.sent, caught.value.attempts) == (point.sent, point.attempts)
        await asyncio.gather(*hold.calls, return_exceptions=True)


@EACH
@pytest.mark.parametrize("how", ["cancelled", "closed again"])
async def test_a_drain_can_be_cut_short(point: Point, how: str) -> None:
    """Whoever gives up on a drain, or closes without one meanwhile, ends the calls under way at once."""
    async with held(point) as hold:
        drain = asyncio.create_task(hold.talon.aclose(drain=60))
        await settled()
        if how == "cancelled":
            drain.cancel()
        else:
            await hold.talon.aclose()
        await asyncio.wait([drain], timeout=1)
        assert drain.done()
        assert drain.cancelled() == (how == "cancelled")
        await settled()
        assert all(call.done() for call in hold.calls)
        await asyncio.gather(*hold.calls, return_exceptions=True)
        with pytest.raises(ClientClosedError):
            await hold.calls[-1]


async def test_a_drain_lets_calls_end() -> None:
    """Calls under way, those in line and between attempts too, have their time; new ones are refused."""
    busy = send(answer(status="503 Busy"))
    async with serving([read, stall, busy, read, OK, read, OK]) as server:

        async def nap(_seconds: float) -> None:
            await asyncio.sleep(0)

        talon = rewired(client_of(server, max_connections=1), sleep=nap)
        calls = [asyncio.create_task(update(talon)) for _ in range(2)]
        await server.stalled.wait()
        closing = asyncio.create_task(talon.aclose(drain=60))
        await settled()
        assert not closing.done()
        with pytest.raises(ClientStateError, match="closed"):
            await get(talon)
        server.released.set()
        async with asyncio.timeout(5):
            await closing
        assert [call.done() for call in calls] == [True, True]
        await asyncio.gather(*calls)
        assert len(server.requests) == 3
        await server.all_closed()


async def test_a_drain_of_nothing_takes_no_time() -> None:
    """With no call under way there is nothing to wait for."""
    async with serving([read, OK]) as server:
        talon = client_of(server)
        await get(talon)
        async with asyncio.timeout(1):
            await talon.aclose(drain=60)
        await server.all_closed()


async def test_closing_leaves_nothing() -> None:
    """After `aclose`, the service sees every connection closed, and the loop holds no task of the client."""
    tasks = asyncio.all_tasks()
    script = [read, stall, OK]
    async with serving(script, script, script) as server:
        talon = client_of(server)
        before = asyncio.all_tasks()
        calls = [asyncio.create_task(get(talon)) for _ in range(3)]
        await server.stalled.wait()
        server.released.set()
        await asyncio.gather(*calls)
        assert server.open == 3
        plays = asyncio.all_tasks() - before
        await talon.aclose()
        await server.all_closed()
        assert asyncio.all_tasks() - before - plays == set()
    assert asyncio.all_tasks() == tasks


async def test_closing_leaves_a_users_client_open() -> None:
    """Calls through the user's own HTTP client end too; that client goes on."""
    async with serving([read, stall], [read, OK]) as server, httpx.AsyncClient() as http:
        talon = client_of(server, http_client=http)
        call = asyncio.create_task(get(talon))
        await server.stalled.wait()
        await talon.aclose()
        with pytest.raises(ClientClosedError) as caught:
            await call
        assert caught.value.sent is True
        assert (await http.get(server.url)).status_code == 200


async def test_an_exception_within_closes_as_well() -> None:
    """Leaving ``async with`` by an exception ends the calls of other tasks, and the exception goes on."""
    async with serving([read, stall]) as server:
        talon = client_of(server)

        async def fail() -> None:
            async with talon:
                await server.stalled.wait()
                raise LookupError

        call = asyncio.create_task(get(talon))
        with pytest.raises(LookupError):
            await fail()
        assert isinstance(call.exception(), ClientClosedError)


async def test_a_closed_client_makes_no_calls() -> None:
    """A call after `aclose` fails at once, and closing twice does no harm."""
    async with serving([read, OK]) as server:
        talon = client_of(server)
        await get(talon)
        await talon.aclose()
        await talon.aclose(drain=1)
        with pytest.raises(ClientStateError, match="closed"):
            await get(talon)
        assert len(server.requests) == 1


async def test_a_client_that_was_never_used_closes() -> None:
    """Opening and closing a client connects nowhere."""
    async with serving() as server:
        async with client_of(server):
            pass
        assert server.connections == 0
