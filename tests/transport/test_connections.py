"""Connections: kept, refused, broken and freed."""

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
    answer,
    close,
    read,
    reply_always,
    reset,
    send,
    serving,
    stall,
)
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, Naps, client_of, refusing, rewired, url_of

OK = send(answer())


async def test_a_connection_is_kept() -> None:
    """Calls one after another use one connection."""
    async with serving([read, OK, read, OK]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
        await talon.sessions.get("cart-1")
        assert server.connections == 1
        assert [request.method for request in server.requests] == ["PUT", "GET"]


async def test_calls_at_once_use_connections_of_their_own() -> None:
    """As many connections are open as calls are in flight, and no more than `max_connections`."""
    held = [read, stall, OK, reply_always(answer())]
    async with serving(held, held, held) as server, client_of(server, max_connections=2) as talon:
        calls = [asyncio.ensure_future(talon.sessions.get(f"cart-{n}")) for n in range(6)]
        await server.stalled.wait()
        server.released.set()
        await asyncio.gather(*calls)
        assert server.connections == 2
        assert len(server.requests) == 6


async def test_a_connection_that_ended_while_idle_is_replaced() -> None:
    """A call after the server hung up on an idle connection opens a new one and succeeds."""
    async with serving([read, OK, close], [read, OK]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
        await server.all_closed()
        await asyncio.sleep(0)  # one turn of the loop, in which the end of the connection is read
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


async def test_a_refused_connection_is_retried_as_often_as_the_policy_says() -> None:
    """A request that was never sent is tried again, after random waits below a bound that doubles."""
    naps = Naps()
    policy = RetryPolicy(attempts=5, first_delay=0.1, max_delay=0.3)
    with refusing() as held:
        talon = TalonClient(url_of(held), api_key=KEY, retry=policy)
        async with rewired(talon, sleep=naps, random=lambda: 0.5):
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False
    assert caught.value.attempts == 5
    assert caught.value.operation == "updateCustomerSessionV2"
    assert naps.taken == pytest.approx([0.05, 0.1, 0.15, 0.15])


async def test_a_call_that_connects_at_last_succeeds() -> None:
    """Refused connections are forgotten once one is made; the raw answer tells how many attempts it took."""
    with refusing() as held:
        async with contextlib.AsyncExitStack() as stack:
            naps = Naps()

            async def nap(seconds: float) -> None:
                await naps(seconds)
                if len(naps.taken) == 2:
                    await stack.enter_async_context(serving([read, OK], listener=held))

            talon = await stack.enter_async_context(
                rewired(TalonClient(url_of(held), api_key=KEY), sleep=nap)
            )
            raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
            assert raw.attempts == 3


async def test_one_attempt_is_one_attempt() -> None:
    """`RetryPolicy(attempts=1)` switches retries off."""
    naps = Naps()
    with refusing() as held:
        async with rewired(TalonClient(url_of(held), api_key=KEY, retry=ONE_ATTEMPT), sleep=naps) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.attempts == 1
    assert naps.taken == []


BREAKS: dict[str, bytes] = {
    "before the status line": b"",
    "in the status line": b"HTTP/1.1 20",
    "in the header fields": b"HTTP/1.1 200 OK\r\nContent-Type: appl",
    "before the body": answer(b"", fields={"Content-Length": "56"}),
    "in the body": answer(b'{"effects":[', fields={"Content-Length": "56"}),
    "in a chunk": answer(b'38\r\n{"effects":[', fields={"Transfer-Encoding": "chunked"}),
    "between chunks": answer(b'c\r\n{"effects":[\r\n', fields={"Transfer-Encoding": "chunked"}),
}


@pytest.mark.parametrize("end", [close, reset], ids=["closed", "reset"])
@pytest.mark.parametrize("part", BREAKS.values(), ids=BREAKS.keys())
async def test_what_broke_after_it_was_sent_is_sent_again_only_where_that_is_safe(
    part: bytes, end: Step
) -> None:
    """A write whose answer breaks off goes out once, or again under the same key; the error says `sent`."""
    async with (
        serving(*[[read, send(part), end]] * 2, [read, OK]) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
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
async def test_a_kept_connection_that_breaks_on_reuse_is_no_reason_to_send_again(end: Step) -> None:
    """A DELETE goes out once even if its kept connection breaks, which HTTP libraries like to repeat."""
    async with (
        serving([read, OK, read, end], [read, OK], [read, OK]) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
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


async def test_an_answer_that_is_no_http_is_a_broken_connection() -> None:
    """Whatever else answers at the port, the error is one of ours."""
    async with serving([read, send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")]) as server, client_of(server) as talon:
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert caught.value.sent is True
        assert server.connections == 1


async def test_a_cancelled_call_frees_its_connection() -> None:
    """With room for one connection, the next call goes through after one was cancelled in flight."""
    async with serving([read, stall], [read, OK]) as server, client_of(server, max_connections=1) as talon:
        call = asyncio.ensure_future(talon.sessions.update("cart-1", SESSION))
        await server.stalled.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


async def test_a_call_cancelled_in_line_gives_up_its_place() -> None:
    """A call cancelled while it waited for a connection leaves the line to those behind it."""
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
    """With room for one connection, the next call goes through after a timeout or a broken answer."""
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
