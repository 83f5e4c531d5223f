"""Timeouts: each phase has its own, and the call as a whole has a deadline."""

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
from tests.transport.server import answer, read, send, send_without_end, serving, stall
from tests.transport.support import (
    KEY,
    LARGE,
    ONE_ATTEMPT,
    SESSION,
    Naps,
    client_of,
    refusing,
    rewired,
    url_of,
)

OK = send(answer())
SHORT = 0.05


@contextlib.contextmanager
def never_accepting() -> Generator[str, None, None]:
    """Hold a port whose queue of connections is full, so that opening one more never ends."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            queued = stack.enter_context(socket.socket())
            queued.setblocking(False)
            queued.connect_ex(listener.getsockname())
        yield url_of(listener)


async def test_connect_bounds_the_opening_of_a_connection() -> None:
    """A connection that does not open in time is the phase `connect`: nothing was sent, so it is retried."""
    naps = Naps()
    with never_accepting() as url:
        talon = TalonClient(url, api_key=KEY, timeout=Timeout(connect=SHORT))
        async with rewired(talon, sleep=naps):
            with pytest.raises(CallTimeoutError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.phase == "connect"
    assert caught.value.sent is False
    assert caught.value.attempts == 3
    assert len(naps.taken) == 2


async def test_connect_bounds_the_tls_handshake() -> None:
    """A server that takes the connection and never answers the handshake is the phase `connect` too."""
    async with serving([stall]) as server:
        url = server.url.replace("http:", "https:")
        async with TalonClient(url, api_key=KEY, timeout=Timeout(connect=SHORT), retry=ONE_ATTEMPT) as talon:
            with pytest.raises(CallTimeoutError) as caught:
                await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "connect"
        assert caught.value.sent is False


@pytest.mark.parametrize(
    "part",
    [b"", b"HTTP/1.1 200 OK\r\n", answer(b"{", fields={"Content-Length": "56"})],
    ids=["before the answer", "in the header fields", "in the body"],
)
async def test_read_bounds_each_wait_for_the_answer(part: bytes) -> None:
    """A server that falls silent is the phase `read`; the request was sent, and, with no key, not again."""
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


async def test_write_bounds_each_part_of_the_request() -> None:
    """A server that does not take a large request in is the phase `write`; a part of it was sent."""
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


async def test_a_large_request_arrives_whole() -> None:
    """A request of many parts reaches a server that takes its time, in one piece and with its length."""
    async with serving([read, OK], receive_buffer=4096) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", LARGE)
        assert server.requests[0].all("content-length") == [str(len(server.requests[0].body))]
        assert len(server.requests[0].body) > 16_000_000


async def test_pool_bounds_the_wait_for_a_free_connection() -> None:
    """A call that gets no connection in time is the phase `pool`: nothing was sent."""
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


async def test_one_number_bounds_every_phase() -> None:
    """A timeout given as a number holds for each phase."""
    settings = {"timeout": SHORT, "retry": ONE_ATTEMPT}
    async with serving([read, stall]) as server, client_of(server, **settings) as talon:
        with pytest.raises(CallTimeoutError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "read"


async def test_options_of_a_call_bound_that_call() -> None:
    """Timeouts and deadlines of `with_options` hold for its calls, in place of the client's own."""
    async with serving([read, stall], [read, stall]) as server, client_of(server, deadline=1) as talon:
        with pytest.raises(CallTimeoutError) as caught:
            await talon.with_options(timeout=SHORT, retry=ONE_ATTEMPT).sessions.get("cart-1")
        assert caught.value.phase == "read"
        with pytest.raises(DeadlineExceededError):
            await talon.with_options(deadline=SHORT).sessions.get("cart-1")


async def test_the_deadline_ends_a_call_that_was_sent() -> None:
    """A call ends by its deadline even if no phase took too long; it was sent, and the error says so."""
    async with serving([read, stall]) as server, client_of(server, deadline=SHORT) as talon:
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.phase == "deadline"
        assert caught.value.sent is True
        assert caught.value.attempts == 1
        assert caught.value.last_status is None
        assert isinstance(caught.value, TimeoutError)


async def test_the_deadline_ends_an_answer_that_never_stops() -> None:
    """A server that always has more to say, and so is never silent, holds no call beyond its deadline."""
    head = answer(b"", fields={"Transfer-Encoding": "chunked"})
    chunk = b"3e8\r\n" + b" " * 1000 + b"\r\n"
    async with (
        serving([read, send(head), send_without_end(chunk)]) as server,
        client_of(server, deadline=SHORT) as talon,
    ):
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is True


async def test_the_deadline_ends_the_wait_for_a_connection() -> None:
    """A call that waits for a connection at its deadline was certainly not sent."""
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
    """A call whose connection is being opened at its deadline was certainly not sent."""
    with never_accepting() as url:
        async with TalonClient(url, api_key=KEY, deadline=SHORT) as talon:
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False


async def test_the_deadline_ends_the_wait_before_a_retry() -> None:
    """The waits between attempts count as well, and the error tells how many attempts there were."""
    naps = Naps()

    async def oversleep(seconds: float) -> None:
        await naps(seconds)
        if len(naps.taken) == 2:
            await asyncio.Event().wait()

    with refusing() as held:
        talon = TalonClient(url_of(held), api_key=KEY, deadline=SHORT)
        async with rewired(talon, sleep=oversleep, random=lambda: 0.0):
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False
    assert caught.value.attempts == 2


async def test_cancellation_is_not_mistaken_for_the_deadline() -> None:
    """A caller that gives up meets its own timeout, not an error of the client."""
    async with serving([read, stall]) as server, client_of(server) as talon:
        call = asyncio.ensure_future(talon.sessions.update("cart-1", SESSION))
        await server.stalled.wait()
        call.cancel("the customer left")
        with pytest.raises(asyncio.CancelledError, match="the customer left"):
            await call
