"""A TCP server that runs one script per connection."""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

import attrs

SESSION_STATE = b'{"effects":[],"createdCoupons":[],"createdReferrals":[]}'


@attrs.frozen
class Received:
    """A request as received over the wire; header names are in lower case."""

    method: str
    target: str
    fields: tuple[tuple[str, str], ...] = attrs.field(repr=False)  # the key is among them
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for field, value in self.fields if field == name]


@attrs.define
class Connection:
    """A connection and the server that accepted it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: "Server"


Step = Callable[[Connection], Awaitable[None]]
Script = Sequence[Step]


@attrs.define
class Server:
    """The server's state.

    Attributes:
        url: The URL it listens on.
        requests: The requests it has read, in order.
        connections: The number of connections it has accepted.
        open: The number of connections that are open.
        stalled: Set when a script reaches `stall`.
        released: Ends all stalls when set.
    """

    url: str = ""
    requests: list[Received] = attrs.field(factory=list)
    connections: int = 0
    open: int = 0
    stalled: asyncio.Event = attrs.field(factory=asyncio.Event)
    released: asyncio.Event = attrs.field(factory=asyncio.Event)
    _ended: asyncio.Condition = attrs.field(factory=asyncio.Condition)

    async def all_closed(self) -> None:
        """Wait up to two seconds until no connection is open."""
        async with asyncio.timeout(2), self._ended:
            await self._ended.wait_for(lambda: self.open == 0)

    async def play(self, script: Script, connection: Connection) -> None:
        """Run a script to its end, then wait until the client disconnects."""
        self.connections += 1
        self.open += 1
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            for step in script:
                await step(connection)
            await connection.reader.read()
        connection.writer.close()
        async with self._ended:
            self.open -= 1
            self._ended.notify_all()


@contextlib.asynccontextmanager
async def serving(
    *scripts: Script,
    tls: ssl.SSLContext | None = None,
    listener: socket.socket | None = None,
    receive_buffer: int | None = None,
) -> AsyncGenerator[Server, None]:
    """Serve each connection on loopback with the next script; close connections without one.

    Args:
        *scripts: The scripts.
        tls: The TLS context; the server uses TLS if given.
        listener: The socket to listen on; a new one by default.
        receive_buffer: The size of the sockets' receive buffers, in bytes.
    """
    server = Server()
    waiting = list(scripts)
    writers: list[asyncio.StreamWriter] = []
    plays: list[asyncio.Task[None]] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        script = waiting.pop(0) if waiting else [close]
        plays.append(asyncio.ensure_future(server.play(script, Connection(reader, writer, server))))

    listener = listener or socket.create_server(("127.0.0.1", 0))
    if receive_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    async with await asyncio.start_server(connected, sock=listener, ssl=tls):
        server.url = f"http{'s' if tls else ''}://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield server
        finally:
            server.released.set()
            for writer in writers:
                writer.transport.abort()
            await asyncio.gather(*plays)


async def read(connection: Connection) -> None:
    """Read one request."""
    head = (await connection.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = line.split(" ")
    fields = tuple(
        (name.lower(), value.strip()) for name, _, value in (field.partition(":") for field in lines)
    )
    body = await connection.reader.readexactly(int(dict(fields).get("content-length", "0")))
    connection.server.requests.append(Received(method, target, fields, body))


def send(data: bytes) -> Step:
    """Make a step that sends bytes."""

    async def step(connection: Connection) -> None:
        connection.writer.write(data)
        await connection.writer.drain()

    return step


def send_without_end(data: bytes) -> Step:
    """Make a step that sends the same bytes until the client disconnects."""

    async def step(connection: Connection) -> None:
        while not connection.server.released.is_set():
            await send(data)(connection)

    return step


def reply_always(data: bytes) -> Step:
    """Make a step that sends the same bytes in response to each request."""

    async def step(connection: Connection) -> None:
        while True:
            await read(connection)
            await send(data)(connection)

    return step


async def close(connection: Connection) -> None:
    """Close the connection."""
    connection.writer.close()


async def reset(connection: Connection) -> None:
    """Reset the connection."""
    linger = struct.pack("ii", 1, 0)
    connection.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.writer.transport.abort()


async def stall(connection: Connection) -> None:
    """Wait until the test sets `released`."""
    connection.server.stalled.set()
    await connection.server.released.wait()


def http_response(
    body: bytes = SESSION_STATE, *, status: str = "200 OK", fields: Mapping[str, str] | None = None
) -> bytes:
    """Build a response with a ``Content-Length``, unless `fields` specify another framing."""
    given = {"Content-Type": "application/json", **(fields or {})}
    if "Transfer-Encoding" not in given:
        given.setdefault("Content-Length", str(len(body)))
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
