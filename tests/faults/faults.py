"""The faults, by name: what happens to a request, and what its caller must then be told."""

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
from tests.faults.server import Fault, FaultyServer, Reception, Repeats, right_answer
from tests.transport.server import Connection, Script, Step, answer, close, reset, send

CHUNKED: Final = {"Transfer-Encoding": "chunked"}
MEGABYTE: Final = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
HUNDRED_MEGABYTES: Final = 100 * len(MEGABYTE)
PAGE: Final = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
ONCE_MORE: Final = answer(b'{"effects":["of another call"]}')


async def hang(connection: Connection) -> None:
    """Do nothing until the client hangs up."""
    await connection.reader.read()


async def pour(connection: Connection) -> None:
    """Send 100 MB in chunks, as fast as the client takes them; whoever takes all of them is told so."""
    for _ in range(100):
        await send(MEGABYTE)(connection)
    connection.server.released.set()


async def explode(connection: Connection) -> None:
    """Send 100 MB, compressed."""
    await send(answer(compressed(), fields={"Content-Encoding": "gzip"}))(connection)


@functools.cache
def compressed() -> bytes:
    """100 MB of spaces; only the process that sends them takes the time to compress them."""
    return gzip.compress(b" " * 100_000_000)


async def succeed(connection: Connection) -> None:
    """Send the right answer."""
    assert isinstance(connection.server, FaultyServer)
    await send(right_answer(connection.server.operation_id))(connection)


def drip(seconds: float) -> Step:
    """Make a step that sends the right answer a byte at a time, with a pause before each."""

    async def step(connection: Connection) -> None:
        assert isinstance(connection.server, FaultyServer)
        for byte in right_answer(connection.server.operation_id):
            await anyio.sleep(seconds)
            await send(bytes([byte]))(connection)

    return step


def saying(status: str, text: str, **fields: str) -> Script:
    """Make the script of an error in the service's own words."""
    body = json.dumps({"message": text, "StatusCode": int(status[:3])}).encode()
    return [send(answer(body, status=status, fields=fields))]


def _connections() -> Iterator[tuple[str, Fault]]:
    """The connection is not made, or breaks before its request was read."""
    yield (
        "refused",
        Fault(error=ServiceConnectionError, repeats="always", reception="refused", moments=(False,)),
    )
    yield (
        "reset at accept",
        Fault(error=ServiceConnectionError, repeats="where safe", reception="reset", moments=(False,)),
    )


def _broken_answers() -> Iterator[tuple[str, Fault]]:
    """The connection breaks, or falls silent, once the request was read."""
    parts = {
        "before the status line": b"",
        "in the header fields": b"HTTP/1.1 200 OK\r\nContent-Type: appl",
        "in the body": answer(b'{"effects":[', fields={"Content-Length": "56"}),
        "in a chunk": answer(MEGABYTE[:1000], fields=CHUNKED),
    }
    breaks = {"reset": reset, "hung up": close}
    for place, part in parts.items():
        for how, step in breaks.items():
            steps = [send(part), step]
            yield (
                f"{how} {place}",
                Fault(error=ServiceConnectionError, repeats="where safe", steps=steps),
            )
        yield (
            f"stalled {place}",
            Fault(error=CallTimeoutError, repeats="where safe", steps=[send(part), hang]),
        )
    for how, step in breaks.items():
        yield (
            f"{how} on a kept connection",
            Fault(error=ServiceConnectionError, repeats="where safe", steps=[step], reuses=True),
        )
    yield "dripping past the deadline", Fault(error=DeadlineExceededError, steps=[drip(0.5), hang])


def _odd_answers() -> Iterator[tuple[str, Fault]]:
    """The answer is the right one, in an unusual way."""
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    for name, steps in {
        "byte by byte": [drip(0)],
        "after early hints": [send(hints), succeed],
        "with another behind it": [succeed, send(ONCE_MORE)],
    }.items():
        yield name, Fault(error=None, steps=steps, moments=(True,))


def _false_answers() -> Iterator[tuple[str, Fault]]:
    """The answer has an end, but is no right one."""
    for name, body in {
        "truncated JSON": b'{"effects":[',
        "no JSON": b"All is well.",
        "JSON of another kind": b'"done"',
    }.items():
        yield name, Fault(error=ResponseDecodeError, steps=[send(answer(body))], moments=(True,))
    for name, data in {
        "two lengths": answer(b"{}", fields={"Content-Length": "2\r\nContent-Length: 1"}),
        "a length and chunks": answer(b"2\r\n{}\r\n0\r\n\r\n", fields={**CHUNKED, "Content-Length": "2"}),
        "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "a header field of 1 MB": answer(fields={"X-Field": "x" * 1_000_000}),
    }.items():
        yield name, Fault(error=ServiceConnectionError, repeats="where safe", steps=[send(data), hang])
    plain: Script = [send(answer(b"{}", fields={"Content-Encoding": "gzip"}))]
    yield "no gzip", Fault(error=ServiceConnectionError, repeats="where safe", steps=plain)
    large: dict[str, Script] = {
        "100 MB, as stated": [send(answer(b"", fields={"Content-Length": "100000000"})), hang],
        "100 MB, in chunks": [send(answer(b"", fields=CHUNKED)), pour, hang],
        "100 MB, compressed": [explode],
    }
    for name, steps in large.items():
        yield name, Fault(error=ResponseTooLargeError, steps=steps)


def _statuses() -> Iterator[tuple[str, Fault]]:
    """The answer tells of an error."""
    page = answer(PAGE, status="502 Bad Gateway", fields={"Content-Type": "text/html"})
    yield "502 in HTML", Fault(error=ServerError, status=502, repeats="where safe", steps=[send(page)])
    for status in ("500 Internal Server Error", "503 Service Unavailable"):
        steps = saying(status, "Sorry")
        yield status, Fault(error=ServerError, status=int(status[:3]), repeats="where safe", steps=steps)
    asked: dict[str, tuple[Repeats, float, dict[str, str]]] = {
        "429": ("where safe", 0, {}),
        "429 for 3 seconds": ("where safe", 3, {"Retry-After": "3"}),
        "429 for an hour": ("never", 0, {"Retry-After": "3600"}),
    }
    for name, (repeats, delay, fields) in asked.items():
        steps = saying("429 Too Many Requests", "Slow down", **fields)
        yield (
            name,
            Fault(
                error=RateLimitError, status=429, repeats=repeats, delay=delay, steps=steps, moments=(False,)
            ),
        )
    conflicts: dict[str, tuple[Repeats, str]] = {
        "409 for contention": (
            "on contention",
            "Too many requests are updating this session at the same time",
        ),
        "409 for what exists": ("on any conflict", "This one exists already"),
    }
    for name, (repeats, text) in conflicts.items():
        steps = saying("409 Conflict", text)
        yield name, Fault(error=ConflictError, status=409, repeats=repeats, steps=steps, moments=(False,))
    steps = saying("401 Unauthorized", "Invalid API key")
    yield "401", Fault(error=AuthenticationError, status=401, steps=steps, moments=(False,))
    steps = saying("307 Temporary Redirect", "Elsewhere", Location="http://127.0.0.2:9/taken")
    yield "307 to another host", Fault(error=StatusError, status=307, steps=steps, moments=(False,))


FAULTS: Final[dict[str, Fault]] = {
    **dict(_connections()),
    **dict(_broken_answers()),
    **dict(_odd_answers()),
    **dict(_false_answers()),
    **dict(_statuses()),
}
"""What can go wrong over any connection."""


def _handshakes() -> Iterator[tuple[str, Fault]]:
    certificates: list[Reception] = [
        "by an unknown authority",
        "under another host's name",
        "with an expired certificate",
    ]
    for reception in certificates:
        yield (
            f"received {reception}",
            Fault(error=CertificateError, repeats="unsent", reception=reception, moments=(False,)),
        )
    receptions: list[Reception] = ["in clear text", "reset"]
    for reception in receptions:
        yield (
            f"received {reception}",
            Fault(error=ServiceConnectionError, repeats="always", reception=reception, moments=(False,)),
        )
    yield (
        "received in silence",
        Fault(error=CallTimeoutError, repeats="always", reception="silent", moments=(False,)),
    )


HANDSHAKES: Final[dict[str, Fault]] = dict(_handshakes())
"""What can go wrong before a secure connection stands."""
