"""Content codings: what is compressed is read, and what cannot be read says why in one line."""

import gzip
import zlib

import httpx
import pytest

from talon_async import (
    AuthenticationError,
    ResponseDecodeError,
    ResponseTooLargeError,
    ServiceConnectionError,
)
from talon_async._transport.content_coding import BodyTooLarge, decompress
from tests.transport.server import SESSION_STATE, http_response, read, send, serving
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of

RAW_DEFLATE = zlib.compress(SESSION_STATE, wbits=-zlib.MAX_WBITS)
READABLE: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(SESSION_STATE)),
    "x-gzip": ("x-gzip", gzip.compress(SESSION_STATE)),
    "in another case": ("GZip", gzip.compress(SESSION_STATE)),
    "gzip in two members": ("gzip", gzip.compress(SESSION_STATE[:9]) + gzip.compress(SESSION_STATE[9:])),
    "gzip before padding": ("gzip", gzip.compress(SESSION_STATE) + bytes(9)),
    "deflate": ("deflate", zlib.compress(SESSION_STATE)),
    "deflate without a header": ("deflate", RAW_DEFLATE),
    "identity": ("identity", SESSION_STATE),
    "no coding at all": ("utf-8", SESSION_STATE),
}
UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "no gzip": ("gzip", SESSION_STATE, "the body of the response is not valid gzip"),
    "no x-gzip": ("x-gzip", SESSION_STATE, "the body of the response is not valid x-gzip"),
    "a part of gzip": (
        "gzip",
        gzip.compress(SESSION_STATE)[:-9],
        "the body of the response is not valid gzip",
    ),
    "100,000 members of gzip": (
        "gzip",
        gzip.compress(b"") * 100_000,  # each of which would cost a copy of those behind it
        "the body of the response is not valid gzip",
    ),
    "no deflate": ("deflate", b"\x00\x01\x02", "the body of the response is not valid deflate"),
    "br": ("br", b"\x0b", "encoded with br, which was not requested; configure the gateway"),
    "zstd": ("zstd", b"\x28\xb5", "encoded with zstd, which was not requested; configure the gateway"),
}


@pytest.mark.parametrize(("coding", "body"), READABLE.values(), ids=READABLE.keys())
async def test_a_body_in_a_known_coding_is_read(coding: str, body: bytes) -> None:
    """Every spelling of gzip and deflate is decompressed; a coding that is none leaves the body as it is."""
    reply = http_response(body, fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
    assert raw.body == SESSION_STATE


@pytest.mark.parametrize(("coding", "body", "text"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_success_that_cannot_be_read_says_why(coding: str, body: bytes, text: str) -> None:
    """The error says in one line what is wrong with the body, and claims no status that was not sent."""
    reply = http_response(body, fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(ServiceConnectionError, match=text) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert "\n" not in str(caught.value)
    assert "400" not in str(caught.value)
    assert caught.value.sent is True


@pytest.mark.parametrize(("coding", "body", "_text"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_an_error_that_cannot_be_read_keeps_its_status(coding: str, body: bytes, _text: str) -> None:
    """An error response raises the error of its status, whatever its body."""
    reply = http_response(body, status="401 Unauthorized", fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        with pytest.raises(AuthenticationError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert caught.value.body == body


async def test_an_error_in_a_coding_that_was_not_requested_names_it() -> None:
    """Where the body of an error is no text, the coding is named instead of an excerpt."""
    reply = http_response(b"\x8b\xff\x80", status="401 Unauthorized", fields={"Content-Encoding": "br"})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        with pytest.raises(AuthenticationError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert caught.value.reason == "a body that cannot be read, encoded with br"


async def test_a_body_that_is_too_large_decompressed_is_refused() -> None:
    """No more than `max_response_bytes` are decompressed; the connection, whose response is read, is kept."""
    bomb = send(http_response(gzip.compress(bytes(10_000_000)), fields={"Content-Encoding": "gzip"}))
    async with (
        serving([read, bomb, read, send(http_response())]) as server,
        client_of(server, max_response_bytes=1_000_000) as talon,
    ):
        with pytest.raises(ResponseTooLargeError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert (caught.value.limit, caught.value.sent, caught.value.attempts) == (1_000_000, True, 1)
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_an_empty_body_is_empty_in_every_coding(coding: str) -> None:
    """Some gateways name a coding on empty responses too."""
    reply = http_response(b"", fields={"Content-Encoding": coding})
    async with serving([read, send(reply)]) as server, client_of(server) as talon:
        with pytest.raises(ResponseDecodeError, match="the response has no body"):
            await talon.sessions.update("cart-1", SESSION)


@pytest.mark.parametrize("members", [1, 2, 5])
def test_the_limit_holds_for_all_members_together(members: int) -> None:
    """The size accepted is exact, and spans the members of a gzip body."""
    body = gzip.compress(bytes(100)) * members
    assert decompress(body, "gzip", 100 * members) == bytes(100 * members)
    with pytest.raises(BodyTooLarge):
        decompress(body, "gzip", 100 * members - 1)


def test_a_truncated_member_is_not_the_end() -> None:
    """A body that ends inside a later member is not valid either."""
    with pytest.raises(httpx.DecodingError):
        decompress(gzip.compress(b"a") + gzip.compress(b"b")[:-1], "gzip", 100)
