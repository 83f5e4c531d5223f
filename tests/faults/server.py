"""A service over real TCP and TLS that fails as it is told, and keeps a ledger of what it did."""

import asyncio
import contextlib
import functools
import json
import socket
import ssl
import struct
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

import attrs
import trustme

from talon_async import CallError
from tests.contract import response_of
from tests.instances import barest
from tests.transport.server import Connection, Received, Script, Server, answer, read, send

Reception: TypeAlias = Literal[
    "ordinary",
    "refused",
    "reset",
    "silent",
    "in clear text",
    "by an unknown authority",
    "under another host's name",
    "with an expired certificate",
]
"""How a connection is received."""

Repeats: TypeAlias = Literal["always", "where safe", "on contention", "on any conflict", "never", "unsent"]
"""When the client is to try again after a fault."""


@attrs.frozen(kw_only=True)
class Fault:
    """A way in which an attempt goes wrong.

    Attributes:
        error: What the caller is told; `None` if the call is to succeed all the same.
        status: The HTTP status that the error bears.
        repeats: When the client is to try again.
        steps: What the server does once it has read the request.
        reception: How the server receives the connection.
        delay: How many seconds there must be at least before the next attempt.
        reuses: Whether the fault meets a connection that has served a call before.
        moments: Whether the service has applied the request when the fault strikes: both, or only one of
            them where the other makes no sense.
    """

    error: type[CallError] | None
    status: int | None = None
    repeats: Repeats = "never"
    steps: Script = ()
    reception: Reception = "ordinary"
    delay: float = 0.0
    reuses: bool = False
    moments: tuple[bool, ...] = (False, True)


EXISTS: Final = answer(b'{"message":"This event exists already","StatusCode":409}', status="409 Conflict")


@functools.cache
def right_answer(operation_id: str) -> bytes:
    """What the service answers to a call of an operation that succeeds, as barely as it may."""
    schema = response_of(operation_id)
    if schema is None:
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    return answer(json.dumps(barest(schema)).encode())


@attrs.define(kw_only=True)
class FaultyServer(Server):
    """A service of one operation, which fails.

    Attributes:
        operation_id: The operation.
        fault: How it fails.
        applies: Whether it has applied a request when the fault strikes.
        tls: Whether it speaks TLS.
        faulty: Whether it fails at present.
        ledger: How often each request was applied, by its ``Idempotency-Key`` or else by what it says.
        listener: Where connections come in.
        listening: Is set once they are not refused.
    """

    operation_id: str
    fault: Fault
    applies: bool
    tls: bool
    faulty: bool = True
    ledger: Counter[str] = attrs.field(factory=Counter[str])
    # Of a socket that does not say it is TCP, the event loop does not take delays off.
    listener: socket.socket = attrs.field(factory=lambda: socket.socket(proto=socket.IPPROTO_TCP))
    listening: asyncio.Event = attrs.field(factory=asyncio.Event)

    def open_door(self) -> None:
        """Refuse no connections."""
        self.listener.listen()
        self.listening.set()

    def forget(self) -> None:
        """Begin anew, as if there had been no request yet."""
        self.requests.clear()
        self.ledger.clear()

    def heal(self) -> None:
        """Fail no more."""
        self.faulty = False
        self.open_door()

    def apply(self, request: Received) -> bytes:
        """Do what a request asks for and give the answer; what was done under a key is not done again."""
        keys = request.all("idempotency-key")
        name = keys[0] if keys else f"{request.method} {request.target} {request.body!r}"
        if self.ledger[name] and self.operation_id == "trackEventV3":
            return EXISTS
        if not (self.ledger[name] and keys):
            self.ledger[name] += 1
        return right_answer(self.operation_id)

    async def receive(self, accepted: socket.socket) -> None:
        """Take a connection, or treat it as the fault says."""
        loop = asyncio.get_running_loop()
        reception = self.fault.reception if self.faulty else "ordinary"
        if reception in ("reset", "silent", "in clear text"):
            await _rebuff(accepted, reception)
            return
        reader = asyncio.StreamReader()
        try:
            transport, protocol = await loop.connect_accepted_socket(
                lambda: asyncio.StreamReaderProtocol(reader),
                accepted,
                ssl=server_side(reception) if self.tls else None,
            )
        except OSError:
            return  # the client broke the handshake off
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        await self.play([self._converse], Connection(reader, writer, self))

    async def _converse(self, connection: Connection) -> None:
        while True:
            await read(connection)
            await self._reply(self.requests[-1], connection)

    async def _reply(self, request: Received, connection: Connection) -> None:
        if not self.faulty:
            await send(self.apply(request))(connection)
            return
        if self.applies:
            self.apply(request)
        for step in self.fault.steps:
            await step(connection)


async def _rebuff(accepted: socket.socket, reception: Reception) -> None:
    loop = asyncio.get_running_loop()
    with accepted, contextlib.suppress(OSError):
        # Once its first bytes are there, the client has connected for certain.
        await loop.sock_recv(accepted, 1)
        if reception == "reset":
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if reception == "in clear text":
            await loop.sock_sendall(accepted, answer(b"", status="400 Bad Request"))
        while await loop.sock_recv(accepted, 4096):
            pass


@contextlib.asynccontextmanager
async def failing_server(operation_id: str, fault: Fault, **how: Any) -> AsyncGenerator[FaultyServer, None]:
    """Serve on loopback; in the end all connections must be gone, or go within two seconds.

    Args:
        operation_id: The operation that fails.
        fault: How it fails.
        **how: `applies` and `tls`.
    """
    server = FaultyServer(operation_id=operation_id, fault=fault, **how)
    received: list[asyncio.Task[None]] = []

    async def accept() -> None:
        loop = asyncio.get_running_loop()
        await server.listening.wait()
        while True:
            connection, _ = await loop.sock_accept(server.listener)
            connection.setblocking(False)
            received.append(asyncio.create_task(server.receive(connection)))

    with server.listener as listener:
        listener.setblocking(False)
        listener.bind(("127.0.0.1", 0))
        server.url = f"http{'s' if server.tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
        if fault.reception != "refused":
            server.open_door()
        door = asyncio.create_task(accept())
        try:
            yield server
            async with asyncio.timeout(2):
                await asyncio.gather(*received)
        finally:
            for task in (door, *received):
                task.cancel()
            await asyncio.gather(door, *received, return_exceptions=True)


@functools.cache
def _authorities() -> tuple[trustme.CA, trustme.CA]:
    return trustme.CA(), trustme.CA()


@functools.cache
def client_side() -> ssl.SSLContext:
    """The client's side of TLS, which trusts one authority."""
    trusted, _ = _authorities()
    return ssl.create_default_context(cadata=trusted.cert_pem.bytes().decode())


@functools.cache
def server_side(reception: Reception) -> ssl.SSLContext:
    """The server's side of TLS, with the right certificate or the wrong one that the reception calls for."""
    trusted, unknown = _authorities()
    authority = unknown if reception == "by an unknown authority" else trusted
    certificate = authority.issue_cert(
        "shop.example" if reception == "under another host's name" else "127.0.0.1",
        not_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_after=datetime(2021, 1, 1, tzinfo=UTC) if reception == "with an expired certificate" else None,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with certificate.private_key_and_cert_chain_pem.tempfile() as path:
        context.load_cert_chain(path)
    return context
