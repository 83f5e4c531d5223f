"""A service with random faults and records: ``python -m tests.soak.service SEED RATE SLOWNESS``.

It prints its port, serves until its input has a line or ends, and then prints its records as JSON.

The ``X-Call`` header of a request, ``customer/number``, identifies its call. Requests are applied in the
order they are read, except for slow ones. A request whose ``Idempotency-Key`` was applied before gets a
response and is not applied again.
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
    """A request: its call, and its ``Idempotency-Key`` or an empty string."""

    customer: str
    number: int
    key: str


@attrs.define
class Records:
    """The records of the service.

    Attributes:
        applied: The numbers of the applied calls of each customer, in order.
        owners: The first call with each ``Idempotency-Key``.
        replays: The number of requests not applied because their key was applied before.
        foreign_keys: The number of requests with the key of another call.
        attempts: The number of attempts of each call.
        faults: How often each fault was injected.
    """

    applied: dict[str, list[int]] = attrs.field(factory=lambda: defaultdict(list))
    owners: dict[str, tuple[str, int]] = attrs.field(factory=dict)
    replays: int = 0
    foreign_keys: int = 0
    attempts: Counter[tuple[str, int]] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)

    def apply(self, request: Request) -> None:
        """Apply a request, at most once per key."""
        call = request.customer, request.number
        if request.key in self.owners:
            self.replays += 1
            self.foreign_keys += self.owners[request.key] != call
            return
        if request.key:
            self.owners[request.key] = call
        self.applied[request.customer].append(request.number)


class Service:
    """The service: records, faults, and a listener with outages.

    Args:
        seed: The seed of the faults, together with call and attempt.
        rate: The share of requests that meet a fault.
        slowness: The duration of a slow request, in seconds.
    """

    def __init__(self, seed: str, rate: float, slowness: float) -> None:
        self.records = Records()
        self.connections: set[Connection] = set()
        self.slow = 0
        self.port = 0
        self._seed = seed
        self._rate = rate
        self._slowness = slowness
        self._listener: asyncio.Server | None = None

    async def listen(self) -> None:
        """Start accepting connections."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Connection(self), "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    def handle(self, request: Request, connection: "Connection") -> None:
        """Apply a request and respond, or inject a random fault."""
        call = request.customer, request.number
        self.records.attempts[call] += 1
        chance = random.Random(f"{self._seed}/{call}/{self.records.attempts[call]}")  # noqa: S311  no secret
        if chance.random() < self._rate:
            fault = chance.choice(sorted(_FAULTS))
            self.records.faults[fault] += 1
            _FAULTS[fault](self, request, connection)
        else:
            self.records.apply(request)
            connection.write(http_response())

    def go_down(self) -> None:
        """Refuse new connections for a moment."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            asyncio.get_running_loop().call_later(_OUTAGE, lambda: asyncio.ensure_future(self.listen()))

    def apply_later(self, request: Request, connection: "Connection") -> None:
        """Apply a request after its caller has very likely timed out."""

        def apply() -> None:
            self.slow -= 1
            self.records.apply(request)
            connection.write(http_response())

        self.slow += 1
        asyncio.get_running_loop().call_later(self._slowness, apply)


class Connection(asyncio.Protocol):
    """A connection with one request in flight at a time."""

    transport: asyncio.Transport

    def __init__(self, service: Service) -> None:
        self._service = service
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Add the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._service.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  required by asyncio
        """Remove the connection."""
        self._service.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Handle the request once it is complete."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")[1:]
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if end and len(body) == int(fields.get("content-length", "0")):
            self._received = b""
            customer, _, number = fields["x-call"].partition("/")
            self._service.handle(Request(customer, int(number), fields.get("idempotency-key", "")), self)

    def write(self, data: bytes) -> None:
        """Respond, if the connection is still open."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def reset(self) -> None:
        """Reset the connection."""
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()

    def end_with(self, data: bytes) -> None:
        """Respond and close the connection."""
        self.write(data)
        self.transport.close()


Fault = Callable[[Service, Request, Connection], None]


def _after_applying(fault: Fault) -> Fault:
    def apply_and_fail(service: Service, request: Request, connection: Connection) -> None:
        service.records.apply(request)
        fault(service, request, connection)

    return apply_and_fail


def _reset(_service: Service, _request: Request, connection: Connection) -> None:
    connection.reset()


def _stall(_service: Service, _request: Request, _connection: Connection) -> None:
    """Neither apply the request nor respond."""


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
    "truncated response": _after_applying(_ending_with(http_response()[:-9])),
    "truncated headers": _after_applying(_ending_with(http_response()[:30])),
    "invalid JSON": _after_applying(_ending_with(http_response(SESSION_STATE[:-9]))),
    **{f"{status} before applying": fault for status, fault in _STATUS_FAULTS.items()},
    **{f"{status} after applying": _after_applying(fault) for status, fault in _STATUS_FAULTS.items()},
}


async def main(seed: str, rate: str, slowness: str) -> None:
    """Serve, then print the records."""
    service = Service(seed, float(rate), float(slowness))
    await service.listen()
    print(service.port, flush=True)  # the parent waits for it
    await asyncio.to_thread(sys.stdin.readline)
    for _ in range(200):
        if service.slow or service.connections:
            await asyncio.sleep(0.01)
    records = service.records
    summary = {
        "applied": records.applied,
        "faults": records.faults,
        "requests": records.attempts.total(),
        "replays": records.replays,
        "foreign_keys": records.foreign_keys,
        "connections": len(service.connections),
    }
    print(json.dumps(summary), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
