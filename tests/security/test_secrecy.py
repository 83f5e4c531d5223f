"""No log, error or repr contains the key, however a call ends."""

import asyncio
import io
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from rich.console import Console

from talon_async import CircuitBreaker, NewCustomerSessionV2, TalonClient, Timeout
from tests.security.leaks import leakable_text, text_of, tracebacks_of
from tests.transport.server import Script, Server, close, http_response, read, send, serving, stall
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

Act = Callable[[TalonClient, Server], Awaitable[object]]

OK = send(http_response())


async def update(talon: TalonClient, _: Server) -> object:
    """Make a call."""
    return await talon.sessions.update("cart-1", SESSION)


async def update_large(talon: TalonClient, _: Server) -> object:
    """Make a call with a large body."""
    return await talon.sessions.update("cart-1", LARGE)


async def cancel(talon: TalonClient, server: Server) -> object:
    """Cancel a call in flight."""
    call = asyncio.ensure_future(update(talon, server))
    await server.stalled.wait()
    call.cancel()
    try:
        return await call
    except asyncio.CancelledError as cancelled:
        return cancelled  # `gather` would drop its traceback


async def close_client(talon: TalonClient, server: Server) -> object:
    """Close the client while a call is in flight."""
    call = asyncio.ensure_future(update(talon, server))
    await server.stalled.wait()
    await talon.aclose()
    return await call


async def call_again(talon: TalonClient, server: Server) -> object:
    """Make a call after a failed one."""
    await asyncio.gather(update(talon, server), return_exceptions=True)
    return await update(talon, server)


async def wait_in_the_queue(talon: TalonClient, server: Server) -> object:
    """Make a call that is queued behind another that never gets a response."""
    ahead = asyncio.ensure_future(update(talon, server))
    await server.stalled.wait()
    try:
        return await talon.with_options(deadline=0.02).sessions.update("cart-1", SESSION)
    finally:
        ahead.cancel()


async def wait_for_a_connection(talon: TalonClient, server: Server) -> object:
    """Make a call that waits for the connection of another that never gets a response."""
    ahead = asyncio.ensure_future(update(talon, server))
    await server.stalled.wait()
    try:
        return await talon.sessions.get("cart-2")
    finally:
        ahead.cancel()


async def make_an_invalid_request(talon: TalonClient, _: Server) -> object:
    """Make a call that is refused before it is sent."""
    return await talon.sessions.update("cart-1", NewCustomerSessionV2(state=7))  # type: ignore[arg-type]


async def fail_in_a_hook(_: httpx.Request) -> None:
    """Fail as a custom hook may."""
    raise LookupError("the hook failed")


STATUSES: dict[str, tuple[Script, dict[str, Any], Act]] = {
    f"HTTP {status}": (
        [read, send(http_response(b'{"message":"no"}', status=f"{status} No")), close],
        {},
        update,
    )
    for status in (302, 400, 401, 403, 404, 409, 429, 500, 503)
}
ENDINGS: dict[str, tuple[Script, dict[str, Any], Act]] = {
    "a success": ([read, OK], {}, update),
    "a bad request": ([], {}, make_an_invalid_request),
    **STATUSES,
    "a broken connection": ([read, close], {}, update),
    "a broken response": ([read, send(b"HTTP/1.1 200 OK\r\nX: y"), close], {}, update),
    "not HTTP": ([read, send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), close], {}, update),
    "not JSON": ([read, send(http_response(b"<html>"))], {}, update),
    "drift": ([read, send(http_response(b"{}"))], {"strict": True}, update),
    "a large response": ([read, OK], {"max_response_bytes": 10}, update),
    "a read timeout": ([read, stall], {"timeout": Timeout(read=0.02)}, update),
    "a write timeout": ([stall], {"timeout": Timeout(write=0.02)}, update_large),
    "a pool timeout": (
        [read, stall],
        {"timeout": Timeout(pool=0.02), "max_connections": 1},
        wait_for_a_connection,
    ),
    "the deadline": ([read, stall], {"deadline": 0.02}, update),
    "the deadline in the queue": ([read, stall], {}, wait_in_the_queue),
    "an open circuit": ([read, close], {"circuit_breaker": CircuitBreaker(failures=1)}, call_again),
    "a cancellation": ([read, stall], {}, cancel),
    "the closing of the client": ([read, stall], {}, close_client),
    "a failed handshake": ([close], {"ssl_context": ssl.create_default_context()}, update),
    "a hook of a custom client": (
        [],
        {"http_client": httpx.AsyncClient(event_hooks={"request": [fail_in_a_hook]})},
        update,
    ),
}


@pytest.mark.parametrize(("script", "settings", "act"), ENDINGS.values(), ids=ENDINGS.keys())
async def test_no_outcome_of_a_call_leaks_the_key(
    script: Script, settings: dict[str, Any], act: Act, caplog: pytest.LogCaptureFixture
) -> None:
    """However a call ends, no log, report, or text, traceback, pickle or copy of its error, has the key."""
    reported: list[Any] = []
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    async with serving(*[script] * 3) as server:
        url = server.url.replace("http:", "https:") if "ssl_context" in settings else server.url
        hooks: dict[str, Any] = {"on_attempt": reported.append, "on_call": reported.append}
        client = TalonClient(url, api_key=KEY, retry=ONE_ATTEMPT, **hooks, **settings)
        async with rewired(client, sleep=FakeSleep()) as talon:
            (end,) = await asyncio.gather(act(talon, server), return_exceptions=True)
    assert isinstance(end, BaseException) == (act is not update or script != [read, OK] or bool(settings))
    assert KEY not in (leakable_text(end) if isinstance(end, BaseException) else repr(end))
    for report in reported:
        assert KEY not in f"{report} {report!r}"
        assert report.error is None or KEY not in leakable_text(report.error)
    for record in caplog.records:
        assert KEY not in logging.Formatter().format(record)
        assert KEY not in repr(vars(record))


def test_a_key_in_a_variable_is_detected() -> None:
    """A key that only a variable of a frame contains is found in each form of the traceback."""

    def fail(_headers: dict[str, list[str]]) -> None:
        raise LookupError

    with pytest.raises(LookupError) as caught:
        fail({"authorization": [KEY]})
    assert KEY not in text_of(caught.value)
    assert tracebacks_of(caught.value).count(KEY) == 3


async def test_a_refused_connection_does_not_leak_the_key() -> None:
    """The error of a refused connection has the address, and not the key."""
    with refusing() as held:
        async with TalonClient(url_of(held), api_key=KEY, retry=ONE_ATTEMPT) as talon:
            (end,) = await asyncio.gather(talon.sessions.get("cart-1"), return_exceptions=True)
    assert isinstance(end, BaseException)
    assert KEY not in leakable_text(end)


async def test_the_logs_of_other_libraries_do_not_leak_the_key(caplog: pytest.LogCaptureFixture) -> None:
    """With a custom HTTP client, the logs of its libraries do not have the key either."""
    caplog.set_level(logging.DEBUG)
    async with (
        serving([read, OK]) as server,
        httpx.AsyncClient() as http,
        client_of(server, http_client=http) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
    assert any(record.name.startswith("httpcore") for record in caplog.records)
    for record in caplog.records:
        assert KEY not in f"{record.getMessage()} {vars(record)!r}"


async def test_no_repr_has_the_key() -> None:
    """The client, its parts and a raw response show neither the key nor a proxy's password."""
    proxy = "http://user:passw0rd@proxy.invalid"
    async with serving([read, OK]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.get)("cart-1")
        proxied = TalonClient("https://shop.invalid", api_key=KEY, proxy=proxy)
        terminal = Console(file=io.StringIO(), width=1000)
        with terminal.capture() as output:
            for shown in (raw, talon, talon.sessions, vars(talon), proxied, vars(proxied)):
                terminal.print(shown, repr(shown), str(shown))
    assert "https://shop.invalid" in output.get()
    assert KEY not in output.get()
    assert "passw0rd" not in output.get()
