"""The header of a response: as large as gateways make it, and no larger than 64 KiB."""

import pytest

from talon_async import ServiceConnectionError
from tests.transport.server import http_response, read, send, send_without_end, serving
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of

LIMIT = 64 * 1024
LARGE: dict[str, dict[str, str]] = {
    "one field of 9000 bytes": {"X-Trace": "t" * 9000},
    "one field of 60,000 bytes": {"X-Trace": "t" * 60_000},
    "150 fields": {f"X-Trace-{n}": "t" for n in range(150)},
    "60,000 bytes of fields": {f"X-Trace-{n}": "t" * 300 for n in range(190)},
}
TOO_LARGE: dict[str, dict[str, str]] = {
    "one field": {"X-Trace": "t" * LIMIT},
    "two fields": {"X-Trace": "t" * 40_000, "X-Span": "s" * 40_000},
    "many fields": {f"X-Trace-{n}": "t" * 1000 for n in range(100)},
}


@pytest.mark.parametrize("fields", LARGE.values(), ids=LARGE.keys())
async def test_the_headers_of_gateways_are_read(fields: dict[str, str]) -> None:
    """A call succeeds whatever a gateway adds to the header, up to 64 KiB in all."""
    reply = send(http_response(fields=fields))
    async with serving([read, reply, read, reply]) as server, client_of(server) as talon:
        for _ in range(2):
            raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
            assert {name: raw.headers[name] for name in fields} == fields
        assert server.connections == 1


async def test_a_large_body_in_the_same_packet_is_not_counted() -> None:
    """The limit is that of the header: a body of any size may follow immediately."""
    body = b'{"effects":[],"createdCoupons":[],"createdReferrals":[],"x":"' + b"x" * 200_000 + b'"}'
    async with serving([read, send(http_response(body))]) as server, client_of(server) as talon:
        raw = await talon.with_raw_response(talon.sessions.update)("cart-1", SESSION)
    assert raw.body == body


@pytest.mark.parametrize("fields", TOO_LARGE.values(), ids=TOO_LARGE.keys())
async def test_a_header_over_the_limit_is_refused(fields: dict[str, str]) -> None:
    """More than 64 KiB, in one field or in many, are a broken response, in one line."""
    async with (
        serving([read, send(http_response(fields=fields))]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        await server.all_closed()
    assert caught.value.sent is True
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", [b"X: y\r\n", b"X-Trace: " + b"t" * 60_000 + b"\r\n"])
async def test_a_header_without_end_is_refused(line: bytes) -> None:
    """A header that never ends is refused once it is too large."""
    async with (
        serving([read, send(b"HTTP/1.1 200 OK\r\n"), send_without_end(line)]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(ServiceConnectionError):
            await talon.sessions.update("cart-1", SESSION)


async def test_early_hints_count_as_header() -> None:
    """Interim responses do not reset what has been read of the header."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"l" * 30_000 + b"\r\n\r\n"
    async with serving([read, send(hints), send(http_response())]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
    async with (
        serving([read, send_without_end(hints)]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(ServiceConnectionError):
            await talon.sessions.update("cart-1", SESSION)
