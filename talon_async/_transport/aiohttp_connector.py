"""aiohttp's connection pool, with what a call must know of its connection."""

import functools
import select
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

import aiohttp
import attrs
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, RawResponseMessage
from aiohttp.streams import StreamReader

from talon_async.errors import TimeoutPhase

_IDLE_SECONDS: Final = 4.0
"""For how long an idle connection is kept: common servers close theirs after 5 seconds."""

MAX_HEADER_BYTES: Final = 64 * 1024
"""The largest header of a response: status line and fields in all."""


@attrs.define
class Exchange:
    """A request on its way.

    Attributes:
        begin_phase: Is called with each phase that begins.
        resendable: Whether the request can be sent again on another connection.
        fresh: Whether it needs a new connection.
        connection: The connection that it got.
        reused: Whether that connection was idle in the pool.
    """

    begin_phase: Callable[[TimeoutPhase], None]
    resendable: bool
    fresh: bool = False
    connection: "ConnectionProtocol | None" = None
    reused: bool = False

    @property
    def met_dead_connection(self) -> bool:
        """Whether it was sent on an idle connection from which no byte of a response has come."""
        return self.reused and self.connection is not None and not self.connection.received

    def end(self) -> None:
        """Release the call: a connection keeps the context it was opened in, and with it this object."""
        self.begin_phase, self.connection = _ignore, None


def _ignore(_phase: TimeoutPhase) -> None:
    """Report the phases of a request that has ended to nobody."""


current_exchange: ContextVar[Exchange] = ContextVar("current_exchange")
"""The request that the current task sends: aiohttp passes nothing of ours to its connector."""


class ConnectionProtocol(ResponseHandler):
    """A connection that knows whether a response has begun, and limits its header fields in all."""

    received = 0
    """How many bytes have come since the request was sent."""
    in_header = True

    def begin_exchange(self) -> None:
        """Note that a request is sent."""
        self.received, self.in_header = 0, True

    def data_received(self, data: bytes) -> None:
        """Read a part of a response."""
        self.received += len(data)
        super().data_received(data)
        if self.in_header and self.received > MAX_HEADER_BYTES:
            self._refuse()

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Take in the header of a response."""
        message, _ = data
        if self.received > MAX_HEADER_BYTES:  # perhaps with a part of the body
            fields = sum(len(name) + len(value) + 4 for name, value in message.raw_headers)
            if fields > MAX_HEADER_BYTES:
                self._refuse()
                return
        self.in_header = message.code < 200
        super().feed_data(data, size)

    def _refuse(self) -> None:
        if self.transport is not None:
            self.transport.close()
        text = f"the header of the response is larger than {MAX_HEADER_BYTES} bytes"
        self.set_exception(HttpProcessingError(message=text))


class Connector(aiohttp.TCPConnector):
    """Opens connections and keeps idle ones, as the current exchange needs it."""

    def __init__(self, ssl_context: ssl.SSLContext | None) -> None:
        # The transport limits the connections, so that waiting for one is distinct from opening one.
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            limit=0, keepalive_timeout=_IDLE_SECONDS, ssl=ssl_context or True
        )
        protocol: Callable[..., ResponseHandler] = ConnectionProtocol
        self._factory = functools.partial(protocol, loop=self._loop)

    async def connect(self, *args: Any, **kwargs: Any) -> Connection:
        """Find or open a connection; from then on the request is sent."""
        connection = await super().connect(*args, **kwargs)
        exchange = current_exchange.get()
        if isinstance(connection.protocol, ConnectionProtocol):
            connection.protocol.begin_exchange()
            exchange.connection = connection.protocol
        exchange.begin_phase("write")
        return connection

    async def _get(self, *args: Any, **kwargs: Any) -> Connection | None:
        """Find an idle connection; `None` if there is none, or the request needs a new one."""
        exchange = current_exchange.get()
        exchange.reused = False
        if exchange.fresh:
            return None
        while (connection := await super()._get(*args, **kwargs)) is not None:
            if exchange.resendable or not _is_readable(connection):
                exchange.reused = True
                break
            connection.close()  # the server has closed it, or sends what nobody asked for
        return connection

    def drop(self, message: str) -> None:
        """Close all connections immediately, from outside of the event loop, and log why."""
        self._close()
        self._loop.call_exception_handler({"message": message})


def _is_readable(connection: Connection) -> bool:
    """Whether a connection has something to read, such as its end, that the event loop has yet to see."""
    if connection.transport is None or (socket := connection.transport.get_extra_info("socket")) is None:
        return False
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(socket.fileno(), select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([socket.fileno()], [], [], 0)[0])
