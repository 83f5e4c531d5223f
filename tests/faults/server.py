"""A service over real TCP and TLS with a configurable fault and a ledger of applied requests."""

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
from tests.transport.server import Connection, Received, Script, Server, http_response, read, send

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
"""How the server accepts a connection."""

Retries: TypeAlias = Literal["always", "where safe", "if concurrent", "on any conflict", "never", "unsent"]
"""When the client must retry after a fault."""


@attrs.frozen(kw_only=True)
class Fault:
    """A way in which an attempt fails.

    Attributes:
        error: The error that the caller must get; `None` if the call must succeed.
        status: The error's HTTP status.
        retried: When the client must retry.
        steps: What the server does once it has read the request.
        reception: How the server accepts the connection.
        delay: The minimum delay before the next attempt, in seconds.
        reuses: Whether the fault occurs on a reused connection.
        applied: Whether the service has applied the request when the fault occurs: both values, or only
            the possible one.
    """

    error: type[CallError] | None
    status: int | None = None
    retried: Retries = "never"
    steps: Script = ()
    reception: Reception = "ordinary"
    delay: float = 0.0
    reuses: bool = False
    applied: tuple[bool, ...] = (False, True)


EXISTS: Final = http_response(
    b'{"message":"This event exists already","StatusCode":409}', status="409 Conflict"
)


@functools.cache
def valid_response(operation_id: str) -> bytes:
    """The smallest response to a successful call of an operation."""
    schema = response_of(operation_id)
    if schema is None:
        return b"HTTP/1.1 204 No Content\r\n\r\n"
    return http_response(json.dumps(barest(schema)).encode())


@attrs.define(kw_only=True)
class FaultyServer(Server):
    """A service of one operation with a fault.

    Attributes:
        operation_id: The operation.
        fault: How it fails.
        applies: Whether it has applied a request when the fault occurs.
        tls: Whether it speaks TLS.
        faulty: Whether it fails now.
        ledger: How often each request was applied, by its ``Idempotency-Key`` or else its content.
        listener: The socket that accepts connections.
        listening: Set once connections are accepted.
    """

    operation_id: str
    fault: Fault
    applies: bool
    tls: bool
    faulty: bool = True
    ledger: Counter[str] = attrs.field(factory=Counter[str])
    # The event loop sets TCP_NODELAY only on sockets whose protocol is TCP.
    listener: socket.socket = attrs.field(factory=lambda: socket.socket(proto=socket.IPPROTO_TCP))
    listening: asyncio.Event = attrs.field(factory=asyncio.Event)

    def start_listening(self) -> None:
        """Accept connections."""
        self.listener.listen()
        self.listening.set()

    def reset(self) -> None:
        """Reset to the state before the first request."""
        self.requests.clear()
        self.ledger.clear()

    def recover(self) -> None:
        """Stop failing."""
        self.faulty = False
        self.start_listening()

    def apply(self, request: Received) -> bytes:
        """Apply a request, at most once per key, and return the response."""
        keys = request.all("idempotency-key")
        name = keys[0] if keys else f"{request.method} {request.target} {request.body!r}"
        if self.ledger[name] and self.operation_id == "trackEventV3":
            return EXISTS
        if not (self.ledger[name] and keys):
            self.ledger[name] += 1
        return valid_response(self.operation_id)

    async def receive(self, accepted: socket.socket) -> None:
        """Serve a connection, or treat it as the fault requires."""
        loop = asyncio.get_running_loop()
        reception = self.fault.reception if self.faulty else "ordinary"
        if reception in ("reset", "silent", "in clear text"):
            await _reject(accepted, reception)
            return
        reader = asyncio.StreamReader()
        try:
            transport, protocol = await loop.connect_accepted_socket(
                lambda: asyncio.StreamReaderProtocol(reader),
                accepted,
                ssl=server_side(reception) if self.tls else None,
            )
        except OSError:
            return  # the client aborted the handshake
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


async def _reject(accepted: socket.socket, reception: Reception) -> None:
    loop = asyncio.get_running_loop()
    with accepted, contextlib.suppress(OSError):
        # Once its first bytes arrive, the client has connected.
        await loop.sock_recv(accepted, 1)
        if reception == "reset":
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if reception == "in clear text":
            await loop.sock_sendall(accepted, http_response(b"", status="400 Bad Request"))
        while await loop.sock_recv(accepted, 4096):
            pass


@contextlib.asynccontextmanager
async def failing_server(
    operation_id: str, fault: Fault, **options: Any
) -> AsyncGenerator[FaultyServer, None]:
    """Serve on loopback; at the end, all connections must close within two seconds.

    Args:
        operation_id: The operation that fails.
        fault: How it fails.
        **options: `applies` and `tls`.
    """
    server = FaultyServer(operation_id=operation_id, fault=fault, **options)
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
            server.start_listening()
        accepting = asyncio.create_task(accept())
        try:
            yield server
            async with asyncio.timeout(2):
                await asyncio.gather(*received)
        finally:
            for task in (accepting, *received):
                task.cancel()
            await asyncio.gather(accepting, *received, return_exceptions=True)


@functools.cache
def _authorities() -> tuple[trustme.CA, trustme.CA]:
    return trustme.CA(), trustme.CA()


@functools.cache
def client_side() -> ssl.SSLContext:
    """The client's TLS context, which trusts one authority."""
    trusted, _ = _authorities()
    return ssl.create_default_context(cadata=trusted.cert_pem.bytes().decode())


@functools.cache
def server_side(reception: Reception) -> ssl.SSLContext:
    """The server's TLS context, with a valid certificate or the invalid one of the reception."""
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
