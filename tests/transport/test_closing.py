"""Closing and cancelling: a call ends immediately in any state and leaves nothing behind."""

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
from tests.transport.server import Script, Server, close, http_response, read, send, serving, stall
from tests.transport.service import Call
from tests.transport.support import KEY, LARGE, SESSION, client_of, rewired, settled

OK = send(http_response())
PROFILE: Final = CustomerProfileIntegrationRequestV2()


@attrs.frozen
class State:
    """A state of a call, and how to hold a call in it.

    Attributes:
        script: The service's script.
        sent: Whether the request may have reached the service.
        attempts: The number of attempts started.
        calls: The calls that block the last one, and the last one.
        scheme: The scheme of the service's URL; with ``https`` the handshake gets no response.
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
    """Collect garbage after each test: an unclosed socket warns then, and warnings are errors."""
    gc.freeze()  # collecting everything the suite has loaded would take longer than the test
    yield
    gc.collect()
    gc.unfreeze()


async def update(talon: TalonClient) -> object:
    """Update a profile."""
    return await talon.profiles.update("customer-7", PROFILE)


async def get(talon: TalonClient) -> object:
    """Read a session."""
    return await talon.sessions.get("cart-1")


async def update_large(talon: TalonClient) -> object:
    """Send more than the socket buffers hold."""
    return await talon.sessions.update("cart-1", LARGE)


PART: Final = send(http_response(b'{"effects":[', fields={"Content-Length": "56"}))
STATES: Final = {
    "queued": State([read, stall], sent=False, attempts=0, calls=(update, update)),
    "waiting for a connection": State(
        [read, stall], sent=False, calls=(update, get), settings={"max_connections": 1}
    ),
    "connecting": State([stall], sent=False, scheme="https"),
    "sending": State([stall], sent=True, calls=(update_large,)),
    "before the response": State([read, stall], sent=True),
    "in the body": State([read, PART, stall], sent=True),
    "before a retry": State([read, send(http_response(status="503 Busy"))], sent=True),
    "before a retry, never sent": State([close], sent=False, scheme="https"),
}
EACH = pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())


@attrs.frozen
class Held:
    """Calls that are held in a state.

    Attributes:
        talon: The client, to be closed by the test.
        server: The service.
        queue: The client's queue.
        calls: The calls; the last one is in the state.
    """

    talon: TalonClient
    server: Server
    queue: KeyedQueue
    calls: list["asyncio.Task[object]"] = attrs.field(factory=list)


@asynccontextmanager
async def held(state: State) -> AsyncGenerator[Held, None]:
    """Hold a call in a state; at the end, no task, connection or queue entry may be left."""
    tasks = asyncio.all_tasks()
    async with serving(state.script, receive_buffer=4096) as server:

        async def oversleep(_seconds: float) -> None:
            await stall_in(server)

        url = server.url.replace("http:", f"{state.scheme}:")
        queue = KeyedQueue()
        talon = rewired(TalonClient(url, api_key=KEY, **state.settings), sleep=oversleep, queue=queue)
        hold = Held(talon, server, queue)
        for call in state.calls:
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
async def test_closing_ends_a_call_in_any_state(state: State) -> None:
    """`aclose` returns immediately, all calls have ended by then, and each error has `sent`."""
    async with held(state) as hold:
        async with asyncio.timeout(1):
            await hold.talon.aclose()
        assert all(call.done() for call in hold.calls)
        failures = [call.exception() for call in hold.calls]
        assert all(type(failure) is ClientClosedError for failure in failures)
        assert vars(failures[-1])["sent"] is state.sent
        assert vars(failures[-1])["attempts"] == state.attempts


@EACH
async def test_cancelling_ends_a_call_in_any_state(state: State) -> None:
    """Cancellation ends a call immediately and frees its queue entry and connection."""
    async with held(state) as hold:
        for call in reversed(hold.calls):
            call.cancel("the customer left")
            await settled()
            assert call.done()
            with pytest.raises(asyncio.CancelledError, match="the customer left"):
                await call
        assert len(hold.queue) == 0
        await hold.talon.aclose()


@EACH
async def test_a_drain_that_times_out_ends_the_remaining_calls(state: State) -> None:
    """Calls that do not complete within `drain` seconds end as without a drain."""
    async with held(state) as hold:
        await hold.talon.aclose(drain=0.01)
        with pytest.raises(ClientClosedError) as caught:
            await hold.calls[-1]
        assert (caught.value.sent, caught.value.attempts) == (state.sent, state.attempts)
        await asyncio.gather(*hold.calls, return_exceptions=True)


@EACH
@pytest.mark.parametrize("how", ["cancelled", "closed again"])
async def test_a_drain_can_be_ended_early(state: State, how: str) -> None:
    """Cancelling a drain, or closing without one meanwhile, ends the calls in flight immediately."""
    async with held(state) as hold:
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


async def test_a_drain_lets_calls_complete() -> None:
    """Calls in flight, queued or between attempts complete during a drain; new calls are refused."""
    busy = send(http_response(status="503 Busy"))
    async with serving([read, stall, busy, read, OK, read, OK]) as server:

        async def on_sleep(_seconds: float) -> None:
            await asyncio.sleep(0)

        talon = rewired(client_of(server, max_connections=1), sleep=on_sleep)
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


async def test_a_drain_without_calls_returns_immediately() -> None:
    """Without a call in flight, a drain returns immediately."""
    async with serving([read, OK]) as server:
        talon = client_of(server)
        await get(talon)
        async with asyncio.timeout(1):
            await talon.aclose(drain=60)
        await server.all_closed()


async def test_closing_leaves_no_connection_or_task() -> None:
    """After `aclose`, every connection is closed and no task of the client is left."""
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


async def test_closing_leaves_a_custom_client_open() -> None:
    """Calls through a custom HTTP client end; the HTTP client stays open."""
    async with serving([read, stall], [read, OK]) as server, httpx.AsyncClient() as http:
        talon = client_of(server, http_client=http)
        call = asyncio.create_task(get(talon))
        await server.stalled.wait()
        await talon.aclose()
        with pytest.raises(ClientClosedError) as caught:
            await call
        assert caught.value.sent is True
        assert (await http.get(server.url)).status_code == 200


async def test_an_exception_closes_the_client() -> None:
    """Leaving ``async with`` with an exception ends the calls of other tasks and propagates the exception."""
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
    """A call after `aclose` fails immediately, and closing twice is allowed."""
    async with serving([read, OK]) as server:
        talon = client_of(server)
        await get(talon)
        await talon.aclose()
        await talon.aclose(drain=1)
        with pytest.raises(ClientStateError, match="closed"):
            await get(talon)
        assert len(server.requests) == 1


async def test_an_unused_client_closes() -> None:
    """Opening and closing a client opens no connection."""
    async with serving() as server:
        async with client_of(server):
            pass
        assert server.connections == 0
