"""Event loops: a client belongs to the asyncio event loop of its first call."""

import asyncio
import contextlib
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from talon_async import ClientStateError, InvalidRequestError, TalonClient
from tests.transport.server import http_response, read, send, serving, stall
from tests.transport.support import SESSION, client_of, mocked, settled

OK = send(http_response())


@pytest.fixture
def loops() -> Iterator[tuple[asyncio.Runner, asyncio.Runner]]:
    """Two event loops."""
    with asyncio.Runner() as first, asyncio.Runner() as second:
        yield first, second


async def _get(talon: TalonClient) -> None:
    await talon.sessions.get("cart-1")


def test_a_client_stays_on_its_event_loop(loops: tuple[asyncio.Runner, asyncio.Runner]) -> None:
    """A call or `aclose` on a second loop fails immediately; the first loop still closes the client."""
    first, second = loops
    stack = contextlib.AsyncExitStack()
    server = first.run(stack.enter_async_context(serving([read, OK, read, OK])))
    talon = first.run(stack.enter_async_context(client_of(server)))
    first.run(_get(talon))
    with pytest.raises(ClientStateError, match="another event loop"):
        second.run(_get(talon))
    with pytest.raises(ClientStateError, match="another event loop"):
        second.run(talon.aclose())
    first.run(_get(talon))
    assert len(server.requests) == 2
    first.run(stack.aclose())


def test_another_event_loop_is_noticed_before_queueing(
    loops: tuple[asyncio.Runner, asyncio.Runner],
) -> None:
    """A call on a second loop does not wait for the calls of the first one for the same customer."""
    first, second = loops
    stack = contextlib.AsyncExitStack()
    server = first.run(stack.enter_async_context(serving([read, stall, OK])))
    talon = first.run(stack.enter_async_context(client_of(server)))
    call = first.run(_start(talon, server.stalled))

    async def refused() -> None:
        update = asyncio.ensure_future(talon.sessions.update("cart-1", SESSION))
        await settled()
        assert update.done()
        with pytest.raises(ClientStateError, match="another event loop"):
            await update

    second.run(refused())
    server.released.set()
    first.run(asyncio.wait_for(call, 5))
    first.run(stack.aclose())


async def _start(talon: TalonClient, stalled: asyncio.Event) -> "asyncio.Task[object]":
    call: asyncio.Task[object] = asyncio.create_task(talon.sessions.update("cart-1", SESSION))
    await stalled.wait()
    return call


def test_a_refused_request_binds_no_client(loops: tuple[asyncio.Runner, asyncio.Runner]) -> None:
    """A client belongs to the loop of the first call that is made, not of one that was refused before."""
    first, second = loops
    talon = mocked()
    with pytest.raises(InvalidRequestError):
        first.run(talon.sessions.get(""))
    second.run(_get(talon))
    second.run(talon.aclose())
    first.run(talon.aclose())


def _drive(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine without asyncio, as trio does."""
    with contextlib.suppress(StopIteration):
        coroutine.send(None)
    coroutine.close()


def test_a_call_without_asyncio_says_what_it_needs() -> None:
    """Under trio, or without any event loop, a call fails with an error that names asyncio."""
    talon = mocked()
    with pytest.raises(ClientStateError, match="needs asyncio"):
        _drive(talon.sessions.update("cart-1", SESSION))
