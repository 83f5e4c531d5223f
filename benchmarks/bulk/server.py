"""A server that keeps books: ``python -m benchmarks.bulk.server``.

It takes requests of profiles and of events. Each row has its number as an attribute. When its delay is over,
give or take 30 %, a request is applied, once per idempotency key, and the books count each row of it. So they
show what was lost, applied twice, or applied out of order, whatever the client believes.

``PUT /control`` begins new books, ``GET /books`` reads them.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
from typing import Any, Final

import orjson

from benchmarks.machine import SERVER_CORE, pin

_HEAD_END: Final = b"\r\n\r\n"
_NO_CONTENT: Final = b"HTTP/1.1 204 No Content\r\n\r\n"
_LIST: Final = "customerProfiles"


class Books:
    """What was applied, and how the server is to respond.

    Args:
        rows: The number of rows that the client will send.
        delay: The mean delay of a response, in seconds.
        pointers: Whether a refusal names the row by a pointer.
        victim: A process to kill.
        after: With which request it is killed, counted from 1.
    """

    def __init__(
        self, rows: int = 0, delay: float = 0.0, *, pointers: bool = True, victim: int = 0, after: int = 0
    ) -> None:
        self.delay = delay
        self.pointers = pointers
        self.spread = random.Random(13)
        self.counts = bytearray(rows)
        self.last: dict[str, int] = {}
        self.keys: set[bytes] = set()
        self.requests = self.replays = self.out_of_order = 0
        self.aim(victim, after)

    def aim(self, victim: int, after: int) -> None:
        """Kill a process at some moment of a request, counted from now."""
        self.victim, self.after = victim, self.requests + after

    def receive(self) -> float:
        """Count a request; return the delay of its response."""
        self.requests += 1
        delay = self.delay * self.spread.uniform(0.7, 1.3)
        if self.victim and self.requests == self.after:
            moment = self.spread.uniform(0.0, 1.2) * delay
            asyncio.get_running_loop().call_later(moment, _kill, self.victim)
        return delay

    def apply(self, target: bytes, key: bytes, body: bytes) -> bytes:
        """Apply a request; return the response."""
        document = orjson.loads(body)
        if b"/customer_profiles" in target:
            rows, customer = document[_LIST], "integrationId"
            bad = next((index for index, row in enumerate(rows) if "Bad" in row["attributes"]), None)
            if bad is not None:
                return self._refusal(bad)
        else:
            rows, customer = [document], "profileId"
        if key in self.keys:
            self.replays += 1
            return _NO_CONTENT
        self.keys.add(key)
        for row in rows:
            name, number = row[customer], row["attributes"]["Number"]
            self.counts[number] = min(self.counts[number] + 1, 255)
            if self.last.get(name, -1) > number:
                self.out_of_order += 1
            self.last[name] = number
        return _NO_CONTENT

    def totals(self) -> dict[str, int]:
        """The figures so far."""
        lost = self.counts.count(0)
        return {
            "requests": self.requests,
            "replays": self.replays,
            "lost": lost,
            "doubled": len(self.counts) - lost - self.counts.count(1),
            "out_of_order": self.out_of_order,
        }

    def _refusal(self, index: int) -> bytes:
        error = {"title": "invalid attribute"}
        place = {"source": {"pointer": f"/{_LIST}/{index}/attributes/Bad"}} if self.pointers else {}
        return _response(400, {"message": "invalid", "errors": [error | place]})


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.kill(process, signal.SIGKILL)


def _response(status: int, document: object) -> bytes:
    body = orjson.dumps(document)
    head = b"HTTP/1.1 %d \r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


class _Server:
    def __init__(self) -> None:
        self.books = Books()

    def connection(self) -> asyncio.Protocol:
        return _Connection(self)

    def control(self, target: bytes, body: bytes) -> bytes:
        if target == b"/control":
            given: dict[str, Any] = orjson.loads(body)
            self.books = Books(**given)
        elif target == b"/aim":
            self.books.aim(**orjson.loads(body))
        return _response(200, self.books.totals())


class _Connection(asyncio.Protocol):
    def __init__(self, server: _Server) -> None:
        self._server = server
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (head_end := self._buffer.find(_HEAD_END)) >= 0:
            head = bytes(self._buffer[: head_end + 2])
            lowered = head.lower()
            end = head_end + len(_HEAD_END) + int(_header(lowered, b"content-length") or 0)
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[head_end + len(_HEAD_END) : end])
            del self._buffer[:end]
            target = head.split(b" ", 2)[1]
            if not target.startswith(b"/v"):
                self._send(self._server.control(target, body))
                continue
            books = self._server.books
            delay, key = books.receive(), _header(lowered, b"idempotency-key")
            if delay:
                loop = asyncio.get_running_loop()
                loop.call_later(delay, self._respond, books, target, key, body)
            else:
                self._respond(books, target, key, body)

    def _respond(self, books: Books, target: bytes, key: bytes, body: bytes) -> None:
        self._send(books.apply(target, key, body))

    def _send(self, response: bytes) -> None:
        assert self._transport is not None
        if not self._transport.is_closing():
            self._transport.write(response)


def _header(head: bytes, name: bytes) -> bytes:
    start = head.find(b"\r\n%b:" % name)
    return head[start + len(name) + 3 :].split(b"\r\n", 1)[0].strip() if start >= 0 else b""


async def _serve() -> None:
    pin(SERVER_CORE)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Server().connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    # It ends with its parent process, which has the other end of the standard input.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
