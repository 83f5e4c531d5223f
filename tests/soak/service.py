"""A deployment that fails on purpose and keeps books: ``python -m tests.soak.service SEED RATE SLOWNESS``.

It prints its port, serves until a line comes in or its input ends, and then prints its books as JSON.

A request is named by its ``X-Call`` field, ``customer/number``. It is applied when it was read, in the order
of reading, but for the slow ones; one whose ``Idempotency-Key`` was applied already is answered and not
applied again.
"""

import asyncio
import json
import random
import socket
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from tests.transport.server import SESSION_STATE, http_response

STATUSES: Final = {
    "409": http_response(b'{"message":"Too many requests are updating this profile"}', status="409 Conflict"),
    "429": http_response(b"{}", status="429 Too Many Requests", fields={"Retry-After": "0"}),
    "500": http_response(b"{}", status="500 Internal Server Error"),
    "503": http_response(b"<html>busy</html>", status="503 Service Unavailable"),
}
_OUTAGE: Final = 0.02


@attrs.frozen
class Request:
    """What matters of a request: whose call it is, and its ``Idempotency-Key`` if it has one."""

    customer: str
    number: int
    key: str


@attrs.define
class Books:
    """What the service did.

    Attributes:
        applied: The numbers of the calls that were applied for each customer, in their order.
        owners: The call that each ``Idempotency-Key`` came with first.
        replays: How many requests were not applied because their key was.
        strangers: How many requests came with the key of another call.
        attempts: How often each call came.
        faults: How often each fault was made.
    """

    applied: dict[str, list[int]] = attrs.field(factory=lambda: defaultdict(list))
    owners: dict[str, tuple[str, int]] = attrs.field(factory=dict)
    replays: int = 0
    strangers: int = 0
    attempts: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)

    def apply(self, request: Request) -> None:
        """Do what a request asks for, once for each key."""
        call = request.customer, request.number
        if request.key in self.owners:
            self.replays += 1
            self.strangers += self.owners[request.key] != call
            return
        if request.key:
            self.owners[request.key] = call
        self.applied[request.customer].append(request.number)


class Service:
    """The service: books, faults, and a listener that can be away for a while.

    Args:
        seed: What the faults are drawn from, by call and attempt.
        rate: The share of requests that meet a fault.
        slowness: How many seconds a slow request takes.
    """

    def __init__(self, seed: str, rate: float, slowness: float) -> None:
        self.books = Books()
        self.connections: set[Connection] = set()
        self.slow = 0
        self.port = 0
        self._seed = seed
        self._rate = rate
        self._slowness = slowness
        self._listener: asyncio.Server | None = None

    async def listen(self) -> None:
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Connection(self), "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    def take(self, request: Request, connection: "Connection") -> None:
        """Apply and answer a request, or do to it what chance has in store."""
        call = request.customer, request.number
        self.books.attempts[call] += 1
        chance = random.Random(f"{self._seed}/{call}/{self.books.attempts[call]}")  # noqa: S311  no secret
        if chance.random() < self._rate:
            fault = chance.choice(sorted(_FAULTS))
            self.books.faults[fault] += 1
            _FAULTS[fault](self, request, connection)
        else:
            self.books.apply(request)
            connection.write(http_response())

    def go_down(self) -> None:
        """Refuse new connections for a moment."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            asyncio.get_running_loop().call_later(_OUTAGE, lambda: asyncio.ensure_future(self.listen()))

    def apply_later(self, request: Request, connection: "Connection") -> None:
        """Apply a request once its caller has very likely given up."""

        def apply() -> None:
            self.slow -= 1
            self.books.apply(request)
            connection.write(http_response())

        self.slow += 1
        asyncio.get_running_loop().call_later(self._slowness, apply)


class Connection(asyncio.Protocol):
    """A connection, on which one request is under way at a time."""

    transport: asyncio.Transport

    def __init__(self, service: Service) -> None:
        self._service = service
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._service.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio names it
        """Forget the connection."""
        self._service.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take the request once all of it is there."""
        self._came += data
        head, end, body = self._came.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")[1:]
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if end and len(body) == int(fields.get("content-length", "0")):
            self._came = b""
            customer, _, number = fields["x-call"].partition("/")
            self._service.take(Request(customer, int(number), fields.get("idempotency-key", "")), self)

    def write(self, data: bytes) -> None:
        """Answer, if the caller is still there."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def reset(self) -> None:
        """Break the connection off, so that the caller's side fails rather than ends."""
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()

    def end_with(self, data: bytes) -> None:
        """Answer, and hang up."""
        self.write(data)
        self.transport.close()


Fault = Callable[[Service, Request, Connection], None]


def _after_applying(fault: Fault) -> Fault:
    def apply_and_fail(service: Service, request: Request, connection: Connection) -> None:
        service.books.apply(request)
        fault(service, request, connection)

    return apply_and_fail


def _reset(_service: Service, _request: Request, connection: Connection) -> None:
    connection.reset()


def _stall(_service: Service, _request: Request, _connection: Connection) -> None:
    """Neither apply nor answer."""


def _go_down(service: Service, _request: Request, connection: Connection) -> None:
    connection.reset()
    service.go_down()


def _ending_with(data: bytes) -> Fault:
    return lambda _service, _request, connection: connection.end_with(data)


_STATUS_FAULTS: Final = {status: _ending_with(data) for status, data in STATUSES.items()}
_FAULTS: Final[Mapping[str, Fault]] = {
    "reset before applying": _reset,
    "reset after applying": _after_applying(_reset),
    "stalled": _stall,
    "stalled after applying": _after_applying(_stall),
    "applied late": Service.apply_later,
    "down for a moment": _go_down,
    "answer broken off": _after_applying(_ending_with(http_response()[:-9])),
    "head broken off": _after_applying(_ending_with(http_response()[:30])),
    "no JSON": _after_applying(_ending_with(http_response(SESSION_STATE[:-9]))),
    **{f"{status} before applying": fault for status, fault in _STATUS_FAULTS.items()},
    **{f"{status} after applying": _after_applying(fault) for status, fault in _STATUS_FAULTS.items()},
}


async def main(seed: str, rate: str, slowness: str) -> None:
    """Serve, then tell."""
    service = Service(seed, float(rate), float(slowness))
    await service.listen()
    print(service.port, flush=True)  # the parent waits for it
    await asyncio.to_thread(sys.stdin.readline)
    for _ in range(200):
        if service.slow or service.connections:
            await asyncio.sleep(0.01)
    books = service.books
    told = {
        "applied": books.applied,
        "faults": books.faults,
        "requests": books.attempts.total(),
        "replays": books.replays,
        "strangers": books.strangers,
        "connections": len(service.connections),
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
