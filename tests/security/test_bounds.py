"""Hostile responses: each raises a `TalonError` within bounded memory."""

import asyncio
import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Final

import pytest

from talon_async import BadRequestError
from tests.transport.server import (
    SESSION_STATE,
    Script,
    http_response,
    read,
    send,
    send_without_end,
    serving,
    stall,
)
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of

CLOSE: Final = {"Connection": "close"}
LIMIT: Final = 4_000_000
"""The `max_response_bytes`, above the compressed sizes here: the decompressed size is what is rejected."""
ALLOWANCE: Final = 24_000_000
"""The memory that a call may use beyond `max_response_bytes`, in bytes."""


def bomb(size: int) -> bytes:
    """Compress that many megabytes of zeros, as the blocks of a deflate stream without an end."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return megabyte * size


def compressed(coding: str, body: bytes) -> Script:
    """Make a script that sends a compressed body."""
    return [read, send(http_response(body, fields={"Content-Encoding": coding, **CLOSE})), stall]


def endless(beginning: bytes, part: bytes) -> Script:
    """Make a script whose response never outcomes."""
    return [read, send(beginning), send_without_end(part)]


GZIP: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
ZLIB: Final = b"\x78\x9c"
OK: Final = b"HTTP/1.1 200 OK\r\n"
CHUNKED: Final = http_response(b"", fields={"Transfer-Encoding": "chunked"})
EARLY: Final = b"HTTP/1.1 103 Early Hints\r\n"
HOSTILE: dict[str, tuple[Script, str]] = {
    "a stated length": (
        [read, send(OK + b"Content-Length: 99999999999\r\n\r\n"), stall],
        "ResponseTooLargeError",
    ),
    "chunks": (endless(CHUNKED, b"10000\r\n" + bytes(65536) + b"\r\n"), "ResponseTooLargeError"),
    "tiny chunks": (endless(CHUNKED, (b"40\r\n" + b" " * 64 + b"\r\n") * 1000), "ResponseTooLargeError"),
    "a body up to the end": (
        endless(OK + b"Connection: close\r\n\r\n", bytes(65536)),
        "ResponseTooLargeError",
    ),
    "1 GB of gzip": (compressed("gzip", GZIP + bomb(1024)), "ResponseTooLargeError"),
    "1 GB of deflate": (compressed("deflate", ZLIB + bomb(1024)), "ResponseTooLargeError"),
    "1 GB of deflate without a header": (compressed("deflate", bomb(1024)), "ResponseTooLargeError"),
    "1 GB in gzip members": (
        compressed("gzip", gzip.compress(bytes(1 << 20)) * 1024),
        "ResponseTooLargeError",
    ),
    "gzip in gzip": (compressed("gzip, gzip", gzip.compress(GZIP + bomb(1024))), "ResponseDecodeError"),
    "100,000 levels of JSON": (
        [read, send(http_response(b"[" * 100_000 + b"]" * 100_000, fields=CLOSE))],
        "ResponseDecodeError",
    ),
    "headers": (endless(OK, b"X: y\r\n" * 9000), "ServiceConnectionError"),
    "one header": (endless(OK + b"X: ", b"y" * 65536), "ServiceConnectionError"),
    "a header name": (endless(OK, b"y" * 65536), "ServiceConnectionError"),
    "a status line": (endless(b"HTTP/1.1 200 ", b"y" * 65536), "ServiceConnectionError"),
    "trailers": (endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 9000), "ServiceConnectionError"),
    "a chunk's extension": (endless(CHUNKED + b"1;", b"y" * 65536), "DeadlineExceededError"),
    "a chunk's size": (endless(CHUNKED, b"0" * 65536), "DeadlineExceededError"),
    "interim responses": (endless(b"", (EARLY + b"\r\n") * 2000), "ServiceConnectionError"),
    "large interim responses": (
        endless(b"", EARLY + b"X: yyyyyyyy\r\n" * 100 + b"\r\n"),
        "ServiceConnectionError",
    ),
    "empty lines": (endless(b"", b"\r\n" * 30_000), "ServiceConnectionError"),
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, int]]:
    """The outcome of each hostile response, and its peak memory growth."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux reports peak memory")

    async def read_all() -> bytes:
        scripts = [script for script, _ in HOSTILE.values()]
        # Only responses that the deadline must end have a short one: others may be slow on a busy machine.
        deadlines = ["0.3" if end == "DeadlineExceededError" else "60" for _, end in HOSTILE.values()]
        async with serving([read, send(http_response(fields=CLOSE))], *scripts) as server:
            reader = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error", "-m", "tests.security.read_responses"),
                *(server.url, str(LIMIT), *deadlines),
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await reader.communicate()
        return output

    return dict(zip(HOSTILE, json.loads(asyncio.run(read_all())), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_response_ends_in_bounded_memory(name: str, outcomes: dict[str, tuple[str, int]]) -> None:
    """An endless response, or one that decompresses to far more, is rejected before it uses the memory."""
    end, memory = outcomes[name]
    assert end == HOSTILE[name][1]
    assert memory < LIMIT + ALLOWANCE


@pytest.mark.parametrize("depth", [200, 1000])
async def test_deep_json_is_preserved(depth: int) -> None:
    """A deeply nested value in an unknown field is preserved."""
    deep = b"[" * depth + b"]" * depth
    async with (
        serving([read, send(http_response(SESSION_STATE[:-1] + b',"new":' + deep + b"}"))]) as server,
        client_of(server) as talon,
    ):
        state = await talon.sessions.update("cart-1", SESSION)
    assert state.extra is not None
    value, found = state.extra["new"], 1
    while value:
        (value,), found = value, found + 1
    assert found == depth


async def test_deep_json_in_an_error_response_raises_its_error() -> None:
    """An error response whose message has a thousand levels raises the error of its status."""
    deep = b'{"message":' + b"[" * 1000 + b"]" * 1000 + b"}"
    async with (
        serving([read, send(http_response(deep, status="400 No"))]) as server,
        client_of(server) as talon,
    ):
        with pytest.raises(BadRequestError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.body == deep
    assert caught.value.reason == deep[:200].decode()


@pytest.mark.parametrize(
    "extra", [http_response(b'{"effects":[7]}'), http_response(status="500 No"), b"0\r\n\r\n"]
)
async def test_surplus_bytes_are_not_the_next_response(extra: bytes) -> None:
    """Surplus bytes after a response close the connection and are not used for the next call."""
    mine, next_one = http_response(b'{"attributes":{"for":1}}'), http_response(b'{"attributes":{"for":2}}')
    async with (
        serving(
            [read, send(mine + extra), read, send(http_response(b"{}"))], [read, send(next_one)]
        ) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        await asyncio.gather(talon.sessions.get("cart-1"), return_exceptions=True)
        raw = await talon.with_raw_response(talon.sessions.get)("cart-2")
        assert raw.json == {"attributes": {"for": 2}}
        assert server.connections == 2
