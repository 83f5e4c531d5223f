"""The faults by name: what happens to a request, and the error its caller must get."""

import functools
import gzip
import json
from collections.abc import Iterator
from typing import Final

import anyio

from talon_async import (
    AuthenticationError,
    CallTimeoutError,
    CertificateError,
    ConflictError,
    DeadlineExceededError,
    RateLimitError,
    ResponseDecodeError,
    ResponseTooLargeError,
    ServerError,
    ServiceConnectionError,
    StatusError,
)
from tests.faults.server import Fault, FaultyServer, Reception, Retries, valid_response
from tests.transport.server import Connection, Script, Step, close, http_response, reset, send

CHUNKED: Final = {"Transfer-Encoding": "chunked"}
MEGABYTE: Final = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
HUNDRED_MEGABYTES: Final = 100 * len(MEGABYTE)
PAGE: Final = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
SECOND_RESPONSE: Final = http_response(b'{"effects":["of another call"]}')


async def hang(connection: Connection) -> None:
    """Wait until the client disconnects."""
    await connection.reader.read()


async def pour(connection: Connection) -> None:
    """Send 100 MB in chunks, as fast as the client reads them; set `released` if it reads all of them."""
    for _ in range(100):
        await send(MEGABYTE)(connection)
    connection.server.released.set()


async def explode(connection: Connection) -> None:
    """Send 100 MB, compressed."""
    await send(http_response(compressed(), fields={"Content-Encoding": "gzip"}))(connection)


@functools.cache
def compressed() -> bytes:
    """100 MB of spaces, compressed once per process."""
    return gzip.compress(b" " * 100_000_000)


async def succeed(connection: Connection) -> None:
    """Send a valid response."""
    assert isinstance(connection.server, FaultyServer)
    await send(valid_response(connection.server.operation_id))(connection)


def drip(seconds: float) -> Step:
    """Make a step that sends a valid response a byte at a time, with a delay before each."""

    async def step(connection: Connection) -> None:
        assert isinstance(connection.server, FaultyServer)
        for byte in valid_response(connection.server.operation_id):
            await anyio.sleep(seconds)
            await send(bytes([byte]))(connection)

    return step


def service_error(status: str, text: str, **fields: str) -> Script:
    """Make the script of an error in the service's format."""
    body = json.dumps({"message": text, "StatusCode": int(status[:3])}).encode()
    return [send(http_response(body, status=status, fields=fields))]


def _connections() -> Iterator[tuple[str, Fault]]:
    """Yield the faults in which no connection opens, or it breaks before the request was read."""
    yield (
        "refused",
        Fault(error=ServiceConnectionError, retried="always", reception="refused", applied=(False,)),
    )
    yield (
        "reset at accept",
        Fault(error=ServiceConnectionError, retried="where safe", reception="reset", applied=(False,)),
    )


def _broken_responses() -> Iterator[tuple[str, Fault]]:
    """Yield the faults in which the connection breaks or stalls after the request was read."""
    parts = {
        "before the status line": b"",
        "in the headers": b"HTTP/1.1 200 OK\r\nContent-Type: appl",
        "in the body": http_response(b'{"effects":[', fields={"Content-Length": "56"}),
        "in a chunk": http_response(MEGABYTE[:1000], fields=CHUNKED),
    }
    breaks = {"reset": reset, "closed": close}
    for place, part in parts.items():
        for how, step in breaks.items():
            steps = [send(part), step]
            yield (
                f"{how} {place}",
                Fault(error=ServiceConnectionError, retried="where safe", steps=steps),
            )
        yield (
            f"stalled {place}",
            Fault(error=CallTimeoutError, retried="where safe", steps=[send(part), hang]),
        )
    for how, step in breaks.items():
        yield (
            f"{how} on a reused connection",
            Fault(error=ServiceConnectionError, retried="where safe", steps=[step], reuses=True),
        )
    yield "dripping past the deadline", Fault(error=DeadlineExceededError, steps=[drip(0.5), hang])


def _unusual_responses() -> Iterator[tuple[str, Fault]]:
    """Yield unusual but valid responses."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    for name, steps in {
        "byte by byte": [drip(0)],
        "after early hints": [send(hints), succeed],
        "with another behind it": [succeed, send(SECOND_RESPONSE)],
    }.items():
        yield name, Fault(error=None, steps=steps, applied=(True,))


def _invalid_responses() -> Iterator[tuple[str, Fault]]:
    """Yield complete but invalid responses."""
    for name, body in {
        "truncated JSON": b'{"effects":[',
        "not JSON": b"All is well.",
        "JSON of another type": b'"done"',
    }.items():
        yield name, Fault(error=ResponseDecodeError, steps=[send(http_response(body))], applied=(True,))
    for name, data in {
        "two lengths": http_response(b"{}", fields={"Content-Length": "2\r\nContent-Length: 1"}),
        "a length and chunks": http_response(
            b"2\r\n{}\r\n0\r\n\r\n", fields={**CHUNKED, "Content-Length": "2"}
        ),
        "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "a header field of 1 MB": http_response(fields={"X-Field": "x" * 1_000_000}),
    }.items():
        yield name, Fault(error=ServiceConnectionError, retried="where safe", steps=[send(data), hang])
    plain: Script = [send(http_response(b"{}", fields={"Content-Encoding": "gzip"}))]
    yield "not gzip", Fault(error=ServiceConnectionError, retried="where safe", steps=plain)
    large: dict[str, Script] = {
        "100 MB, as stated": [send(http_response(b"", fields={"Content-Length": "100000000"})), hang],
        "100 MB, in chunks": [send(http_response(b"", fields=CHUNKED)), pour, hang],
        "100 MB, compressed": [explode],
    }
    for name, steps in large.items():
        yield name, Fault(error=ResponseTooLargeError, steps=steps)


def _statuses() -> Iterator[tuple[str, Fault]]:
    """Yield error statuses."""
    page = http_response(PAGE, status="502 Bad Gateway", fields={"Content-Type": "text/html"})
    yield "502 in HTML", Fault(error=ServerError, status=502, retried="where safe", steps=[send(page)])
    for status in ("500 Internal Server Error", "503 Service Unavailable"):
        steps = service_error(status, "Sorry")
        yield status, Fault(error=ServerError, status=int(status[:3]), retried="where safe", steps=steps)
    limits: dict[str, tuple[Retries, float, dict[str, str]]] = {
        "429": ("where safe", 0, {}),
        "429 for 3 seconds": ("where safe", 3, {"Retry-After": "3"}),
        "429 for an hour": ("never", 0, {"Retry-After": "3600"}),
    }
    for name, (retried, delay, fields) in limits.items():
        steps = service_error("429 Too Many Requests", "Slow down", **fields)
        yield (
            name,
            Fault(
                error=RateLimitError, status=429, retried=retried, delay=delay, steps=steps, applied=(False,)
            ),
        )
    conflicts: dict[str, tuple[Retries, str]] = {
        "409 for concurrent requests": (
            "if concurrent",
            "Too many requests are updating this session at the same time",
        ),
        "409 for an existing object": ("on any conflict", "This one exists already"),
    }
    for name, (retried, text) in conflicts.items():
        steps = service_error("409 Conflict", text)
        yield name, Fault(error=ConflictError, status=409, retried=retried, steps=steps, applied=(False,))
    steps = service_error("401 Unauthorized", "Invalid API key")
    yield "401", Fault(error=AuthenticationError, status=401, steps=steps, applied=(False,))
    steps = service_error("307 Temporary Redirect", "Elsewhere", Location="http://127.0.0.2:9/taken")
    yield "307 to another host", Fault(error=StatusError, status=307, steps=steps, applied=(False,))


FAULTS: Final[dict[str, Fault]] = {
    **dict(_connections()),
    **dict(_broken_responses()),
    **dict(_unusual_responses()),
    **dict(_invalid_responses()),
    **dict(_statuses()),
}
"""The faults of any connection."""


def _handshakes() -> Iterator[tuple[str, Fault]]:
    certificates: list[Reception] = [
        "by an unknown authority",
        "under another host's name",
        "with an expired certificate",
    ]
    for reception in certificates:
        yield (
            f"received {reception}",
            Fault(error=CertificateError, retried="unsent", reception=reception, applied=(False,)),
        )
    receptions: list[Reception] = ["in clear text", "reset"]
    for reception in receptions:
        yield (
            f"received {reception}",
            Fault(error=ServiceConnectionError, retried="always", reception=reception, applied=(False,)),
        )
    yield (
        "received in silence",
        Fault(error=CallTimeoutError, retried="always", reception="silent", applied=(False,)),
    )


HANDSHAKES: Final[dict[str, Fault]] = dict(_handshakes())
"""The faults of a TLS handshake."""
