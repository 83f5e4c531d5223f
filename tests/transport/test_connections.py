"""Connections: reused, refused, broken and freed."""

import asyncio
import contextlib

import pytest

from talon_async import (
    CallTimeoutError,
    RetryPolicy,
    ServiceConnectionError,
    TalonClient,
    Timeout,
)
from tests.transport.server import (
    Step,
    close,
    http_response,
    read,
    reply_always,
    reset,
    send,
    serving,
    stall,
)
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, FakeSleep, client_of, refusing, rewired, url_of

OK = send(http_response())


async def test_a_connection_is_reused() -> None:
    """Consecutive calls use one connection."""
    async with serving([read, OK, read, OK]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
        await talon.sessions.get("cart-1")
        assert server.connections == 1
        assert [request.method for request in server.requests] == ["PUT", "GET"]


async def test_concurrent_calls_use_separate_connections() -> None:
    """Each call in flight uses its own connection, up to `max_connections`."""
    held = [read, stall, OK, reply_always(http_response())]
    async with serving(held, held, held) as server, client_of(server, max_connections=2) as talon:
        calls = [asyncio.ensure_future(talon.sessions.get(f"cart-{n}")) for n in range(6)]
        await server.stalled.wait()
        server.released.set()
        await asyncio.gather(*calls)
        assert server.connections == 2
        assert len(server.requests) == 6


async def test_a_connection_closed_while_idle_is_replaced() -> None:
    """A call after the server closed an idle connection opens a new one and succeeds."""
    async with serving([read, OK, close], [read, OK]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
        await server.all_closed()
        await asyncio.sleep(0)  # one iteration of the loop, in which the end of the connection is read
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


async def test_a_refused_connection_is_retried_up_to_the_policys_limit() -> None:
    """An unsent request is retried after random delays below a limit that doubles."""
    fake_sleep = FakeSleep()
    policy = RetryPolicy(attempts=5, first_delay=0.1, max_delay=0.3)
    with refusing() as held:
        talon = TalonClient(url_of(held), api_key=KEY, retry=policy)
        async with rewired(talon, sleep=fake_sleep, random=lambda: 0.5):
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False
    assert caught.value.attempts == 5
    assert caught.value.operation == "updateCustomerSessionV2"
    assert fake_sleep.delays == pytest.approx([0.05, 0.1, 0.15, 0.15])


async def test_a_call_that_connects_eventually_succeeds() -> None:
    """A call succeeds once a connection opens, and the raw response has the number of attempts."""
    with refusing() as held:
        async with contextlib.AsyncExitStack() as stack:
            fake_sleep = FakeSleep()

            async def on_sleep(seconds: float) -> None:
                await fake_sleep(seconds)
                if len(fake_sleep.delays) == 2:
                    await stack.enter_async_context(serving([read, OK], listener=held))

            talon = await stack.enter_async_context(
                rewired(TalonClient(url_of(held), api_key=KEY), sleep=on_sleep)
            )
            raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
            assert raw.attempts == 3


async def test_one_attempt_disables_retries() -> None:
    """`RetryPolicy(attempts=1)` disables retries."""
    fake_sleep = FakeSleep()
    with refusing() as held:
        async with rewired(
            TalonClient(url_of(held), api_key=KEY, retry=ONE_ATTEMPT), sleep=fake_sleep
        ) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.attempts == 1
    assert fake_sleep.delays == []


BREAKS: dict[str, bytes] = {
    "before the status line": b"",
    "in the status line": b"HTTP/1.1 20",
    "in the headers": b"HTTP/1.1 200 OK\r\nContent-Type: appl",
    "before the body": http_response(b"", fields={"Content-Length": "56"}),
    "in the body": http_response(b'{"effects":[', fields={"Content-Length": "56"}),
    "in a chunk": http_response(b'38\r\n{"effects":[', fields={"Transfer-Encoding": "chunked"}),
    "between chunks": http_response(b'c\r\n{"effects":[\r\n', fields={"Transfer-Encoding": "chunked"}),
}


@pytest.mark.parametrize("end", [close, reset], ids=["closed", "reset"])
@pytest.mark.parametrize("part", BREAKS.values(), ids=BREAKS.keys())
async def test_a_write_is_retried_after_a_broken_response_only_if_safe(part: bytes, end: Step) -> None:
    """A write whose response breaks off is sent once, or retried with the same key; the error has `sent`."""
    async with (
        serving(*[[read, send(part), end]] * 2, [read, OK]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert (caught.value.sent, caught.value.attempts) == (True, 1)
        assert server.connections == len(server.requests) == 1
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == len(server.requests) == 3
    (first,), (second,) = (request.all("idempotency-key") for request in server.requests[1:])
    assert first == second


@pytest.mark.parametrize("end", [close, reset], ids=["closed", "reset"])
async def test_an_unsafe_write_is_not_resent_when_a_reused_connection_breaks(end: Step) -> None:
    """A DELETE is sent once even if its reused connection breaks."""
    async with (
        serving([read, OK, read, end], [read, OK], [read, OK]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert not isinstance(caught.value, TimeoutError)
        assert caught.value.sent is True
        assert len(server.requests) == 2
        assert server.connections == 1
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


async def test_a_response_that_is_not_http_is_a_connection_error() -> None:
    """A response that is not HTTP raises `ServiceConnectionError`."""
    async with serving([read, send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")]) as server, client_of(server) as talon:
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert caught.value.sent is True
        assert server.connections == 1


async def test_a_cancelled_call_frees_its_connection() -> None:
    """With one connection, a call succeeds after another was cancelled in flight."""
    async with serving([read, stall], [read, OK]) as server, client_of(server, max_connections=1) as talon:
        call = asyncio.ensure_future(talon.sessions.update("cart-1", SESSION))
        await server.stalled.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


async def test_a_call_cancelled_while_waiting_for_a_connection_leaves_the_queue() -> None:
    """A call cancelled while it waits for a connection does not block the calls behind it."""
    async with (
        serving([read, stall, OK, read, OK]) as server,
        client_of(server, max_connections=1) as talon,
    ):
        first, second, third = (asyncio.ensure_future(talon.sessions.get(f"cart-{n}")) for n in range(3))
        await server.stalled.wait()
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        server.released.set()
        await asyncio.gather(first, third)
        assert [request.target for request in server.requests] == [
            "/v2/customer_sessions/cart-0",
            "/v2/customer_sessions/cart-2",
        ]


async def test_a_failed_call_frees_its_connection() -> None:
    """With one connection, a call succeeds after a timeout or a broken response."""
    scripts = [read, stall], [read, send(BREAKS["in the body"]), close], [read, OK]
    async with (
        serving(*scripts) as server,
        client_of(
            server, max_connections=1, timeout=Timeout(read=0.05, pool=0.05), retry=ONE_ATTEMPT
        ) as talon,
    ):
        with pytest.raises(CallTimeoutError):
            await talon.sessions.update("cart-1", SESSION)
        with pytest.raises(ServiceConnectionError):
            await talon.sessions.update("cart-1", SESSION)
        await talon.sessions.update("cart-1", SESSION)
