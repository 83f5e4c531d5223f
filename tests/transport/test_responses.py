"""Responses: compressed, too large, redirects, gateway errors, and raw."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from talon_async import (
    ConfigurationError,
    IntegrationEventV2Request,
    InvalidRequestError,
    ResponseTooLargeError,
    ServerError,
    StatusError,
)
from tests.transport.server import (
    SESSION_STATE,
    Connection,
    Script,
    http_response,
    read,
    reply_always,
    send,
    send_without_end,
    serving,
    stall,
)
from tests.transport.support import SESSION, Clock, FakeSleep, client_of, mocked, rewired

OK = send(http_response())
CHUNKED = {"Transfer-Encoding": "chunked"}


@pytest.mark.parametrize(
    ("coding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)], ids=["gzip", "deflate"]
)
async def test_compressed_responses_are_decoded(coding: str, compress: Callable[[bytes], bytes]) -> None:
    """A compressed response decodes to the same model and raw body as a plain one."""
    reply = http_response(compress(SESSION_STATE), fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
        assert raw.model.effects == []
        assert raw.body == SESSION_STATE
        assert raw.json == json.loads(SESSION_STATE)


async def test_a_chunked_response_is_decoded() -> None:
    """A response can arrive in chunks, split anywhere."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, SESSION_STATE[n : n + 1]) for n in range(len(SESSION_STATE)))
    reply = http_response(chunks + b"0\r\n\r\n", fields=CHUNKED)
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
        assert raw.body == SESSION_STATE


TOO_LARGE: dict[str, Script] = {
    "by its stated length": [read, send(http_response(b"", fields={"Content-Length": "1000001"})), stall],
    "by its chunks": [
        read,
        send(http_response(b"", fields=CHUNKED)),
        send_without_end(b"10000\r\n" + b" " * 0x10000 + b"\r\n"),
    ],
    "until the connection ends": [
        read,
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        send_without_end(b" " * 0x10000),
    ],
}


@pytest.mark.parametrize("script", TOO_LARGE.values(), ids=TOO_LARGE.keys())
async def test_a_response_that_is_too_large_is_rejected(script: Script) -> None:
    """At most `max_response_bytes` are read; the request is not retried, the connection not reused."""
    async with (
        serving(script, [read, OK]) as server,
        client_of(server, max_response_bytes=1_000_000, max_connections=1) as talon,
    ):
        with pytest.raises(ResponseTooLargeError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.limit == 1_000_000
        assert caught.value.sent is True
        assert caught.value.attempts == 1
        assert len(server.requests) == 1
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 2


@pytest.mark.parametrize(("difference", "accepted"), [(0, True), (-1, False)])
async def test_the_size_limit_is_exact(difference: int, accepted: bool) -> None:
    """A response of `max_response_bytes` is accepted; one byte more is not."""
    async with (
        serving([read, OK]) as server,
        client_of(server, max_response_bytes=len(SESSION_STATE) + difference) as talon,
    ):
        call = talon.sessions.update("cart-1", SESSION)
        if accepted:
            assert (await call).effects == []
        else:
            with pytest.raises(ResponseTooLargeError):
                await call


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
@pytest.mark.parametrize(
    "custom", [False, True], ids=["the client's transport", "a custom client that follows redirects"]
)
async def test_redirects_are_not_followed(status: str, custom: bool) -> None:
    """A redirect is an error with any HTTP client, so the key goes to no other host."""
    async with serving([reply_always(http_response())]) as other:
        reply = http_response(
            b"", status=status, fields={"Location": f"{other.url}/v2/customer_sessions/cart-1"}
        )
        async with serving([read, send(reply)]) as server, httpx.AsyncClient(follow_redirects=True) as http:
            async with client_of(server, http_client=http if custom else None) as talon:
                with pytest.raises(StatusError) as caught:
                    await talon.sessions.update("cart-1", SESSION)
            assert caught.value.status == int(status[:3])
        assert other.connections == 0


async def test_a_gateway_error_quotes_the_response() -> None:
    """A 502 in HTML is a `ServerError` that quotes the page."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
    reply = http_response(
        page, status="502 Bad Gateway", fields={"Content-Type": "text/html", "Via": "edge-7"}
    )
    async with (
        serving([reply_always(reply)]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServerError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.status == 502
        assert caught.value.reason == "502 Bad Gateway nginx"
        assert caught.value.body == page
        assert caught.value.headers["via"] == "edge-7"
        assert str(caught.value) == "updateCustomerSessionV2: HTTP 502: 502 Bad Gateway nginx"
        assert caught.value.attempts == len(server.requests) == 3


async def test_a_raw_response_has_every_detail() -> None:
    """`with_raw_response` returns status, headers, body, JSON, attempts, time and the model."""
    reply = http_response(fields={"X-Request-Id": "r-1"})
    clock = Clock()

    async def think(_: Connection) -> None:
        clock.move(0.25)

    async with (
        serving([read, think, send(reply)]) as server,
        rewired(client_of(server), clock=clock) as talon,
    ):
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION, dry=True)
        assert raw.model.created_coupons == []
        assert raw.status == 200
        assert raw.headers["x-request-id"] == "r-1"
        assert raw.headers["content-type"] == "application/json"
        assert raw.body == SESSION_STATE
        assert raw.json == json.loads(SESSION_STATE)
        assert raw.attempts == 1
        assert raw.elapsed == 0.25


async def test_raw_responses_of_concurrent_calls_do_not_mix() -> None:
    """Each of several concurrent calls gets its custom raw response."""

    async def one(name: str) -> str:
        raw = await talon.with_raw_response(talon.sessions.get)(name)
        return raw.headers["x-target"]

    async def echo(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # lets the other calls run
        return httpx.Response(200, content=b"{}", headers={"X-Target": request.url.path})

    async with mocked(httpx.MockTransport(echo)) as talon:
        targets = await asyncio.gather(*(one(f"cart-{n}") for n in range(20)))
    assert targets == [f"/v2/customer_sessions/cart-{n}" for n in range(20)]


async def test_a_response_without_a_body_has_no_json() -> None:
    """The raw response of a silent event is 204, with an empty body and `None` as JSON."""
    reply = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.events.track)(IntegrationEventV2Request(type="Seen"))
        assert raw.model is None
        assert (raw.status, raw.body, raw.json) == (204, b"", None)


async def test_only_methods_of_the_client_have_raw_responses() -> None:
    """A method of another client or of another object is refused; one of a view is accepted."""
    async with mocked() as talon, mocked() as other:
        raw = await talon.with_raw_response(talon.with_options(deadline=1).sessions.get)("cart-1")
        assert raw.status == 200
        others: list[Any] = [other.sessions.get, talon.aclose, asyncio.sleep]
        for method in others:
            with pytest.raises(ConfigurationError, match="method: expected an async method of this client"):
                talon.with_raw_response(method)


async def test_a_raw_response_does_not_affect_the_method() -> None:
    """The resource that the method was taken from still returns models, also after a failed call."""
    async with mocked() as talon:
        get = talon.sessions.get
        raw = await talon.with_raw_response(get)("cart-1")
        assert raw.model == await get("cart-1")
        with pytest.raises(InvalidRequestError):
            await talon.with_raw_response(get)("")
