"""Answers that are meant to exhaust the client: each ends in an error of ours, in bounded memory."""

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
    answer,
    read,
    send,
    send_without_end,
    serving,
    stall,
)
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of

LAST: Final = {"Connection": "close"}
LIMIT: Final = 4_000_000
"""The `max_response_bytes`: more than what is compressed here, which is refused for what is in it."""
ROOM: Final = 24_000_000
"""How much memory a call may take beyond `max_response_bytes`."""


def bomb(size: int) -> bytes:
    """Compress that many megabytes of nothing, as the blocks of a deflate stream that has no end."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    megabyte = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return megabyte * size


def compressed(coding: str, body: bytes) -> Script:
    """Make a script that answers with a compressed body."""
    return [read, send(answer(body, fields={"Content-Encoding": coding, **LAST})), stall]


def endless(beginning: bytes, part: bytes) -> Script:
    """Make a script whose answer never ends."""
    return [read, send(beginning), send_without_end(part)]


GZIP: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
ZLIB: Final = b"\x78\x9c"
OK: Final = b"HTTP/1.1 200 OK\r\n"
CHUNKED: Final = answer(b"", fields={"Transfer-Encoding": "chunked"})
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
    "1 GB of deflate without a head": (compressed("deflate", bomb(1024)), "ResponseTooLargeError"),
    "1 GB in parts of gzip": (
        compressed("gzip", gzip.compress(bytes(1 << 20)) * 1024),
        "ResponseTooLargeError",
    ),
    "gzip in gzip": (compressed("gzip, gzip", gzip.compress(GZIP + bomb(1024))), "ResponseDecodeError"),
    "100,000 levels of JSON": (
        [read, send(answer(b"[" * 100_000 + b"]" * 100_000, fields=LAST))],
        "ResponseDecodeError",
    ),
    "header fields": (endless(OK, b"X: y\r\n" * 9000), "ServiceConnectionError"),
    "one header field": (endless(OK + b"X: ", b"y" * 65536), "ServiceConnectionError"),
    "the name of a header field": (endless(OK, b"y" * 65536), "ServiceConnectionError"),
    "a status line": (endless(b"HTTP/1.1 200 ", b"y" * 65536), "ServiceConnectionError"),
    "trailers": (endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 9000), "ServiceConnectionError"),
    "a chunk's extension": (endless(CHUNKED + b"1;", b"y" * 65536), "DeadlineExceededError"),
    "a chunk's size": (endless(CHUNKED, b"0" * 65536), "DeadlineExceededError"),
    "answers before the answer": (endless(b"", (EARLY + b"\r\n") * 2000), "ServiceConnectionError"),
    "large answers before it": (
        endless(b"", EARLY + b"X: yyyyyyyy\r\n" * 100 + b"\r\n"),
        "ServiceConnectionError",
    ),
    "empty lines": (endless(b"", b"\r\n" * 30_000), "ServiceConnectionError"),
}


@pytest.fixture(scope="module")
def ends() -> dict[str, tuple[str, int]]:
    """What came of reading each hostile answer, and the memory that it took."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("only Linux tells how much memory was in use at most")

    async def read_all() -> bytes:
        scripts = [script for script, _ in HOSTILE.values()]
        # Only what the deadline is to end has a short one: the rest ends by itself, on a busy machine too.
        deadlines = ["0.3" if end == "DeadlineExceededError" else "60" for _, end in HOSTILE.values()]
        async with serving([read, send(answer(fields=LAST))], *scripts) as server:
            reader = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error", "-m", "tests.security.reader"),
                *(server.url, str(LIMIT), *deadlines),
                stdout=asyncio.subprocess.PIPE,
            )
            told, _ = await reader.communicate()
        return told

    return dict(zip(HOSTILE, json.loads(asyncio.run(read_all())), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_in_bounded_memory(name: str, ends: dict[str, tuple[str, int]]) -> None:
    """What never ends, or unpacks to far more than it seems, is given up before it takes the memory."""
    end, memory = ends[name]
    assert end == HOSTILE[name][1]
    assert memory < LIMIT + ROOM


@pytest.mark.parametrize("depth", [200, 1000])
async def test_deep_json_that_can_be_read_is_kept(depth: int) -> None:
    """A deep value in an unknown field is no fault: it is there, as it came."""
    deep = b"[" * depth + b"]" * depth
    async with (
        serving([read, send(answer(SESSION_STATE[:-1] + b',"new":' + deep + b"}"))]) as server,
        client_of(server) as talon,
    ):
        state = await talon.sessions.update("cart-1", SESSION)
    assert state.extra is not None
    value, found = state.extra["new"], 1
    while value:
        (value,), found = value, found + 1
    assert found == depth


async def test_deep_json_in_an_error_is_told() -> None:
    """An error answer with a message of a thousand levels is still an error of ours."""
    deep = b'{"message":' + b"[" * 1000 + b"]" * 1000 + b"}"
    async with serving([read, send(answer(deep, status="400 No"))]) as server, client_of(server) as talon:
        with pytest.raises(BadRequestError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.body == deep
    assert caught.value.reason == deep[:200].decode()


@pytest.mark.parametrize("extra", [answer(b'{"effects":[7]}'), answer(status="500 No"), b"0\r\n\r\n"])
async def test_what_follows_an_answer_is_not_taken_for_the_next(extra: bytes) -> None:
    """Bytes that were not asked for answer no call: the connection is given up."""
    mine, next_one = answer(b'{"attributes":{"for":1}}'), answer(b'{"attributes":{"for":2}}')
    async with (
        serving([read, send(mine + extra), read, send(answer(b"{}"))], [read, send(next_one)]) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        await asyncio.gather(talon.sessions.get("cart-1"), return_exceptions=True)
        raw = await talon.with_raw_response(talon.sessions.get)("cart-2")
        assert raw.json == {"attributes": {"for": 2}}
        assert server.connections == 2
