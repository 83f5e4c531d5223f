"""Answers: compressed, too large, redirecting, from gateways, and raw."""

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
    answer,
    read,
    reply_always,
    send,
    send_without_end,
    serving,
    stall,
)
from tests.transport.support import SESSION, Clock, Naps, client_of, mocked, rewired

OK = send(answer())
CHUNKED = {"Transfer-Encoding": "chunked"}


@pytest.mark.parametrize(
    ("coding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)], ids=["gzip", "deflate"]
)
async def test_compressed_answers_are_read(coding: str, compress: Callable[[bytes], bytes]) -> None:
    """A compressed answer gives the same model as a plain one, and its raw body is the plain one's."""
    reply = answer(compress(SESSION_STATE), fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
        assert raw.model.effects == []
        assert raw.body == SESSION_STATE
        assert raw.json == json.loads(SESSION_STATE)


async def test_an_answer_in_chunks_is_read() -> None:
    """An answer may come in chunks, cut anywhere."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, SESSION_STATE[n : n + 1]) for n in range(len(SESSION_STATE)))
    reply = answer(chunks + b"0\r\n\r\n", fields=CHUNKED)
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
        assert raw.body == SESSION_STATE


TOO_LARGE: dict[str, Script] = {
    "by its stated length": [read, send(answer(b"", fields={"Content-Length": "1000001"})), stall],
    "by its chunks": [
        read,
        send(answer(b"", fields=CHUNKED)),
        send_without_end(b"10000\r\n" + b" " * 0x10000 + b"\r\n"),
    ],
    "until the connection ends": [
        read,
        send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        send_without_end(b" " * 0x10000),
    ],
}


@pytest.mark.parametrize("script", TOO_LARGE.values(), ids=TOO_LARGE.keys())
async def test_an_answer_that_is_too_large_is_refused(script: Script) -> None:
    """No more than `max_response_bytes` are read, the request is not repeated, the connection not kept."""
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


@pytest.mark.parametrize(("room", "accepted"), [(0, True), (-1, False)])
async def test_the_size_accepted_is_exact(room: int, accepted: bool) -> None:
    """An answer of just `max_response_bytes` is read, one of a byte more is not."""
    async with (
        serving([read, OK]) as server,
        client_of(server, max_response_bytes=len(SESSION_STATE) + room) as talon,
    ):
        call = talon.sessions.update("cart-1", SESSION)
        if accepted:
            assert (await call).effects == []
        else:
            with pytest.raises(ResponseTooLargeError):
                await call


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "307 Temporary Redirect"])
@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "a user's client that follows"])
async def test_redirects_are_not_followed(status: str, own: bool) -> None:
    """The key goes to no other host: a redirect is an error, whoever's HTTP client it is."""
    async with serving([reply_always(answer())]) as other:
        reply = answer(b"", status=status, fields={"Location": f"{other.url}/v2/customer_sessions/cart-1"})
        async with serving([read, send(reply)]) as server, httpx.AsyncClient(follow_redirects=True) as http:
            async with client_of(server, http_client=http if own else None) as talon:
                with pytest.raises(StatusError) as caught:
                    await talon.sessions.update("cart-1", SESSION)
            assert caught.value.status == int(status[:3])
        assert other.connections == 0


async def test_a_gateway_error_is_told_in_its_own_words() -> None:
    """A 502 in HTML that stays is a `ServerError` that quotes the page."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
    reply = answer(page, status="502 Bad Gateway", fields={"Content-Type": "text/html", "Via": "edge-7"})
    async with serving([reply_always(reply)]) as server, rewired(client_of(server), sleep=Naps()) as talon:
        with pytest.raises(ServerError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.status == 502
        assert caught.value.reason == "502 Bad Gateway nginx"
        assert caught.value.body == page
        assert caught.value.headers["via"] == "edge-7"
        assert str(caught.value) == "updateCustomerSessionV2: HTTP 502: 502 Bad Gateway nginx"
        assert caught.value.attempts == len(server.requests) == 3


async def test_a_raw_answer_tells_all() -> None:
    """`with_raw_response` gives status, header fields, body, JSON, attempts and time beside the model."""
    reply = answer(fields={"X-Request-Id": "r-1"})
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


async def test_raw_answers_of_calls_at_once_do_not_mix() -> None:
    """Of calls side by side, each raw answer is its own call's."""

    async def one(name: str) -> str:
        raw = await talon.with_raw_response(talon.sessions.get)(name)
        return raw.headers["x-target"]

    async def echo(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # lets the other calls come between
        return httpx.Response(200, content=b"{}", headers={"X-Target": request.url.path})

    async with mocked(httpx.MockTransport(echo)) as talon:
        targets = await asyncio.gather(*(one(f"cart-{n}") for n in range(20)))
    assert targets == [f"/v2/customer_sessions/cart-{n}" for n in range(20)]


async def test_an_answer_without_a_body_has_no_json() -> None:
    """The raw answer of a silent event is 204, with an empty body and no JSON."""
    reply = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.events.track)(IntegrationEventV2Request(type="Seen"))
        assert raw.model is None
        assert (raw.status, raw.body, raw.json) == (204, b"", None)


async def test_only_methods_of_the_client_have_raw_responses() -> None:
    """A method of another client, or of anything else, is refused; one of a view of the client is not."""
    async with mocked() as talon, mocked() as other:
        raw = await talon.with_raw_response(talon.with_options(deadline=1).sessions.get)("cart-1")
        assert raw.status == 200
        strangers: list[Any] = [other.sessions.get, talon.aclose, asyncio.sleep]
        for method in strangers:
            with pytest.raises(ConfigurationError, match="method: expected an async method of this client"):
                talon.with_raw_response(method)


async def test_a_raw_response_changes_nothing_for_the_method() -> None:
    """The resource that the method was taken from returns models as before, also after a failed call."""
    async with mocked() as talon:
        get = talon.sessions.get
        raw = await talon.with_raw_response(get)("cart-1")
        assert raw.model == await get("cart-1")
        with pytest.raises(InvalidRequestError):
            await talon.with_raw_response(get)("")
