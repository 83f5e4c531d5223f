"""uvicorn on the running event loop: starts and stops immediately, and leaves signals alone."""

import asyncio
import ipaddress
import os
import socket
from typing import Final

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from talon_async._codec.json import render
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._http.hosts import is_loopback_host

_POLL: Final = 0.001
_GRACE: Final = 0.5


def listen(host: str, port: int) -> socket.socket:
    """Open a socket that listens.

    Args:
        host: An address or a name of this machine.
        port: The port; 0 for any free port.

    Raises:
        OSError: The port is taken, or the host is not this machine.
    """
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio disables Nagle's algorithm only for sockets whose protocol is TCP; those of
    # `socket.create_server` do not state a protocol.
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    """The URL at which this machine reaches a listening socket."""
    host, port, *_ = listener.getsockname()
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://{host if address.version == 4 else f'[{host}]'}:{port}"


class LoopServer(uvicorn.Server):
    """A server of one app on one listening socket.

    On a loopback address, it serves only requests whose ``Host`` is loopback, too: the default API key is
    public, so a web site whose name resolves to this machine must not reach the API.

    Args:
        app: The app.
        listener: The socket; it is closed when the server stops.
    """

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._app = app
        super().__init__(
            uvicorn.Config(
                self._serve_call,
                interface="asgi3",
                proxy_headers=False,
                access_log=False,
                log_config=None,
                lifespan="off",
                ws="none",
                date_header=False,
                server_header=False,
            )
        )
        self._listener = listener
        self._stopping = False
        self._on_loopback = ipaddress.ip_address(listener.getsockname()[0]).is_loopback

    async def start(self) -> None:
        """Start to serve; connections are accepted when it returns."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[self._listener])

    async def stop(self) -> None:
        """Stop: wait briefly for calls in flight, then cancel them and close all connections."""
        self._stopping = True
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            await asyncio.wait_for(self._idle(), _GRACE)
        except TimeoutError:
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)  # uvicorn first learns that the connections are lost
            for task in list(self.server_state.tasks):
                task.cancel()
            await self._idle()
        for server in self.servers:
            await server.wait_closed()

    async def _serve_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._on_loopback and not is_loopback_host(scope):
            error = ApiError(403, "This sandbox serves only requests with a loopback Host")
            body = render(error.document(None))
            await Response(body, 403, media_type="application/json")(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        except ConnectionResetError:
            # An app cannot drop a connection by itself: this error asks the server to do it.
            for connection in list(self.server_state.connections):
                if connection.transport.get_extra_info("peername") == scope["client"]:
                    connection.transport.abort()
            await receive()  # before uvicorn sees the disconnect, it would send a response for the app

    async def _idle(self) -> None:
        # uvicorn has no event for the end of the last one.
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(_POLL)
