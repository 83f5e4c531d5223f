"""Timeouts: one per phase, and a deadline for the whole call."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import pytest

from talon_async import (
    CallTimeoutError,
    DeadlineExceededError,
    TalonClient,
    Timeout,
)
from tests.transport.server import http_response, read, send, send_without_end, serving, stall
from tests.transport.support import (
    KEY,
    LARGE,
    ONE_ATTEMPT,
    SESSION,
    FakeSleep,
    client_of,
    refusing,
    rewired,
    url_of,
)

OK = send(http_response())
SHORT = 0.05


@contextlib.contextmanager
def never_accepting() -> Generator[str, None, None]:
    """Bind a port whose backlog is full, so that opening a connection never ends."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            queued = stack.enter_context(socket.socket())
            queued.setblocking(False)
            queued.connect_ex(listener.getsockname())
        yield url_of(listener)


async def test_connect_limits_opening_a_connection() -> None:
    """A connection that does not open in time fails in the phase `connect`, unsent, and is retried."""
    fake_sleep = FakeSleep()
    with never_accepting() as url:
        talon = TalonClient(url, api_key=KEY, timeout=Timeout(connect=SHORT))
        async with rewired(talon, sleep=fake_sleep):
            with pytest.raises(CallTimeoutError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.phase == "connect"
    assert caught.value.sent is False
    assert caught.value.attempts == 3
    assert len(fake_sleep.delays) == 2


async def test_connect_limits_the_tls_handshake() -> None:
    """A server that never completes the handshake fails in the phase `connect`."""
    async with serving([stall]) as server:
        url = server.url.replace("http:", "https:")
        async with TalonClient(url, api_key=KEY, timeout=Timeout(connect=SHORT), retry=ONE_ATTEMPT) as talon:
            with pytest.raises(CallTimeoutError) as caught:
                await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "connect"
        assert caught.value.sent is False


@pytest.mark.parametrize(
    "part",
    [b"", b"HTTP/1.1 200 OK\r\n", http_response(b"{", fields={"Content-Length": "56"})],
    ids=["before the response", "in the headers", "in the body"],
)
async def test_read_limits_each_wait_for_the_response(part: bytes) -> None:
    """A server that stops sending fails in the phase `read`; without a key, no retry follows."""
    async with (
        serving([read, send(part), stall], [read, OK]) as server,
        client_of(server, timeout=Timeout(read=SHORT)) as talon,
    ):
        with pytest.raises(CallTimeoutError) as caught:
            await talon.audiences.delete(7)
        assert caught.value.phase == "read"
        assert caught.value.sent is True
        assert caught.value.attempts == 1
        assert len(server.requests) == 1
        assert server.connections == 1


async def test_write_limits_each_part_of_the_request() -> None:
    """A server that does not read a large request fails in the phase `write`, partly sent."""
    async with (
        serving([stall], receive_buffer=4096) as server,
        client_of(server, timeout=Timeout(write=SHORT), retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(CallTimeoutError) as caught:
            await talon.sessions.update("cart-1", LARGE)
        assert caught.value.phase == "write"
        assert caught.value.sent is True
        assert caught.value.attempts == 1
        assert server.connections == 1


async def test_a_large_request_arrives_complete() -> None:
    """A large request reaches a slow server complete and with its length."""
    async with serving([read, OK], receive_buffer=4096) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", LARGE)
        assert server.requests[0].all("content-length") == [str(len(server.requests[0].body))]
        assert len(server.requests[0].body) > 16_000_000


async def test_pool_limits_the_wait_for_a_connection() -> None:
    """A call that gets no connection in time fails in the phase `pool`, unsent."""
    async with (
        serving([read, stall, OK]) as server,
        client_of(server, max_connections=1, timeout=Timeout(pool=SHORT), retry=ONE_ATTEMPT) as talon,
    ):
        first = asyncio.ensure_future(talon.sessions.get("cart-1"))
        await server.stalled.wait()
        with pytest.raises(CallTimeoutError) as caught:
            await talon.sessions.get("cart-2")
        assert caught.value.phase == "pool"
        assert caught.value.sent is False
        server.released.set()
        await first
        assert len(server.requests) == 1


async def test_one_number_limits_every_phase() -> None:
    """A timeout given as a number applies to each phase."""
    settings = {"timeout": SHORT, "retry": ONE_ATTEMPT}
    async with serving([read, stall]) as server, client_of(server, **settings) as talon:
        with pytest.raises(CallTimeoutError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "read"


async def test_call_options_override_timeouts() -> None:
    """Timeouts and deadlines of `with_options` replace the client's for its calls."""
    async with serving([read, stall], [read, stall]) as server, client_of(server, deadline=1) as talon:
        with pytest.raises(CallTimeoutError) as caught:
            await talon.with_options(timeout=SHORT, retry=ONE_ATTEMPT).sessions.get("cart-1")
        assert caught.value.phase == "read"
        with pytest.raises(DeadlineExceededError):
            await talon.with_options(deadline=SHORT).sessions.get("cart-1")


async def test_the_deadline_ends_a_call_that_was_sent() -> None:
    """A call ends at its deadline even if no phase timed out, and the error has `sent`."""
    async with serving([read, stall]) as server, client_of(server, deadline=SHORT) as talon:
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "deadline"
        assert caught.value.sent is True
        assert caught.value.attempts == 1
        assert caught.value.last_status is None
        assert isinstance(caught.value, TimeoutError)


async def test_the_deadline_ends_an_endless_response() -> None:
    """A server that never stops sending cannot hold a call beyond its deadline."""
    head = http_response(b"", fields={"Transfer-Encoding": "chunked"})
    chunk = b"3e8\r\n" + b" " * 1000 + b"\r\n"
    async with (
        serving([read, send(head), send_without_end(chunk)]) as server,
        client_of(server, deadline=SHORT) as talon,
    ):
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is True


async def test_the_deadline_ends_the_wait_for_a_connection() -> None:
    """A call that waits for a connection at its deadline was not sent."""
    async with (
        serving([read, stall, OK]) as server,
        client_of(server, max_connections=1) as talon,
    ):
        first = asyncio.ensure_future(talon.sessions.get("cart-1"))
        await server.stalled.wait()
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.with_options(deadline=SHORT).sessions.get("cart-2")
        assert caught.value.sent is False
        server.released.set()
        await first
        assert len(server.requests) == 1


async def test_the_deadline_ends_the_opening_of_a_connection() -> None:
    """A call whose connection is opening at its deadline was not sent."""
    with never_accepting() as url:
        async with TalonClient(url, api_key=KEY, deadline=SHORT) as talon:
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False


async def test_the_deadline_ends_the_delay_before_a_retry() -> None:
    """Delays before retries count towards the deadline, and the error has the number of attempts."""
    fake_sleep = FakeSleep()

    async def oversleep(seconds: float) -> None:
        await fake_sleep(seconds)
        if len(fake_sleep.delays) == 2:
            await asyncio.Event().wait()

    with refusing() as held:
        talon = TalonClient(url_of(held), api_key=KEY, deadline=SHORT)
        async with rewired(talon, sleep=oversleep, random=lambda: 0.0):
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False
    assert caught.value.attempts == 2


async def test_cancellation_is_not_mistaken_for_the_deadline() -> None:
    """A caller's own timeout raises that timeout, not an error of the client."""
    async with serving([read, stall]) as server, client_of(server) as talon:
        call = asyncio.ensure_future(talon.sessions.update("cart-1", SESSION))
        await server.stalled.wait()
        call.cancel("the customer left")
        with pytest.raises(asyncio.CancelledError, match="the customer left"):
            await call
