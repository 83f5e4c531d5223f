"""uvicorn on the running event loop: started at once, stopped at once, with no hand on signals."""

import asyncio
import os
import socket
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

_POLL: Final = 0.001
_GRACE: Final = 0.5


def listen(port: int) -> socket.socket:
    """Open a socket that listens on 127.0.0.1.

    Args:
        port: The port; 0 takes any free one.

    Raises:
        OSError: The port is taken.
    """
    # asyncio sends small answers without delay only where the socket says that it is of TCP, and
    # `socket.create_server` makes ones that do not.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


class LoopServer(uvicorn.Server):
    """A server for one app on one listening socket.

    Args:
        app: What to serve.
        listener: The socket; it is closed at the end.
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

    async def start(self) -> None:
        """Begin to serve; connections are taken when it returns."""
        self.config.load()
        self.lifespan = self.config.lifespan_class(self.config)
        await self.startup(sockets=[self._listener])

    async def stop(self) -> None:
        """End: let calls that are under way finish for a moment, and leave no connection and no task."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            await asyncio.wait_for(self._idle(), _GRACE)
        except TimeoutError:
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await self._idle()
        for server in self.servers:
            await server.wait_closed()

    async def _serve_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ConnectionResetError:
            # An app cannot drop a connection by itself: it says so by this error.
            for connection in list(self.server_state.connections):
                if connection.transport.get_extra_info("peername") == scope["client"]:
                    connection.transport.abort()
            await receive()  # until uvicorn knows that the client is gone, it would answer for the app

    async def _idle(self) -> None:
        # uvicorn says nothing when the last of them ends.
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(_POLL)
