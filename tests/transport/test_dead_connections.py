"""Kept connections that the server has closed, as it may at any time."""

import asyncio
import socket

import aiohttp.connector
import pytest

from talon_async import DeadlineExceededError, ServiceConnectionError, TalonClient
from tests.transport.server import (
    Connection,
    Step,
    close,
    http_response,
    read,
    reset,
    send,
    serving,
    stall,
)
from tests.transport.support import ONE_ATTEMPT, SESSION, FakeSleep, client_of, rewired, settled

OK = send(http_response())
END = pytest.mark.parametrize("end", [close, reset], ids=["closed", "reset"])


async def update(talon: TalonClient) -> int:
    """Update a session; returns how many attempts it took."""
    raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
    return raw.attempts


@END
async def test_a_dead_connection_costs_no_attempt(end: Step) -> None:
    """A retryable call that meets a dead connection is sent again on a new one, without a retry."""
    sleep = FakeSleep()
    async with (
        serving([read, OK, read, end], [read, OK]) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT), sleep=sleep) as talon,
    ):
        assert [await update(talon) for _ in range(2)] == [1, 1]
        assert server.connections == 2
    first, second = server.requests[1:]
    assert first == second
    assert sleep.delays == []


async def test_a_server_that_closes_after_each_response_fails_no_call() -> None:
    """However often a connection is dead, calls in sequence succeed with one attempt each."""
    calls = 50
    async with (
        serving(*[[read, OK, close]] * calls, [read, OK]) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT)) as talon,
    ):
        assert [await update(talon) for _ in range(calls)] == [1] * calls


async def test_other_dead_connections_are_not_tried() -> None:
    """After one dead connection the request goes out on a new one, whatever else is idle in the pool."""
    held = [read, stall, OK, read, close]
    async with (
        serving(held, held, held, [read, OK]) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT)) as talon,
    ):
        calls = [asyncio.ensure_future(talon.sessions.get(f"cart-{n}")) for n in range(3)]
        while len(server.requests) < 3:
            await settled()
        server.released.set()
        await asyncio.gather(*calls)
        assert await update(talon) == 1
        assert server.connections == 4
        assert len(server.requests) == 5


@END
async def test_a_new_connection_that_breaks_is_an_attempt(end: Step) -> None:
    """The request is sent again once: if the new connection breaks too, the attempt has failed."""
    async with (
        serving([read, OK, read, end], [read, end], [read, OK]) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT), sleep=FakeSleep()) as talon,
    ):
        await update(talon)
        with pytest.raises(ServiceConnectionError) as caught:
            await update(talon)
        assert (caught.value.sent, caught.value.attempts) == (True, 1)
        assert len(server.requests) == 3


async def test_a_dead_connection_before_a_refused_one_was_sent() -> None:
    """If no new connection can be opened, the request may still have been sent on the dead one."""
    listener = socket.create_server(("127.0.0.1", 0))

    async def leave(connection: Connection) -> None:
        listener.shutdown(socket.SHUT_RDWR)
        await close(connection)

    async with (
        serving([read, OK, read, leave], listener=listener) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT), sleep=FakeSleep()) as talon,
    ):
        await update(talon)
        with pytest.raises(ServiceConnectionError) as caught:
            await update(talon)
        assert caught.value.sent is True


@END
@pytest.mark.parametrize("part", [b"H", b"HTTP/1.1 200 OK\r\nContent-Type: appl"])
async def test_a_response_that_began_is_not_of_a_dead_connection(part: bytes, end: Step) -> None:
    """If a byte of a response came, the service was there: the broken attempt counts."""
    async with (
        serving([read, OK, read, send(part), end], [read, OK]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        assert [await update(talon) for _ in range(2)] == [1, 2]


async def test_a_silent_connection_is_not_dead() -> None:
    """A timeout on a kept connection is an attempt: the service may be at work."""
    async with (
        serving([read, OK, read, stall], [read, OK]) as server,
        client_of(server) as talon,
    ):
        await update(talon)
        with pytest.raises(DeadlineExceededError):
            await talon.with_options(deadline=0.05).sessions.update("cart-1", SESSION)
        assert server.connections == 1


async def test_a_write_that_may_not_be_retried_checks_its_connection() -> None:
    """A connection that was closed unnoticed while idle is not used for a write that could happen twice."""
    ended = asyncio.Event()

    async def hang_up(connection: Connection) -> None:
        connection.writer.close()
        await connection.writer.wait_closed()
        ended.set()

    async with serving([read, OK, hang_up], [read, OK]) as server, client_of(server) as talon:
        await update(talon)
        await ended.wait()  # and the client's side has had no turn of the loop to read the end
        await talon.audiences.delete(7)
        assert server.connections == 2


async def test_an_idle_connection_expires_before_a_server_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that was idle for more than 4 seconds is not used again: many servers close after 5."""
    now = 1000.0
    monkeypatch.setattr(aiohttp.connector, "monotonic", lambda: now)
    async with serving([read, OK, read, OK], [read, OK]) as server, client_of(server) as talon:
        await talon.audiences.delete(7)
        now += 3.9
        await talon.audiences.delete(7)
        assert server.connections == 1
        now += 4.1
        await talon.audiences.delete(7)
        assert server.connections == 2
