"""A sandbox server in its own thread, so that tests can use any event loop or none."""

import contextlib

import attrs
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Receive, Scope, Send

from talon_async.sandbox import Deployment, create_app
from talon_async.sandbox._server.uvicorn_server import LoopServer, listen, url_of


class SandboxServer(contextlib.ExitStack):
    """Serves one deployment at a time on one loopback address.

    It starts when `url` is first read and stops at the end of its ``with`` block.
    """

    def __init__(self) -> None:
        super().__init__()
        self._app: ASGIApp | None = None
        self._url = ""

    def serve(self, deployment: Deployment) -> None:
        """Serve this deployment instead of the one before.

        Args:
            deployment: The deployment that handles all later requests.
        """
        self._app = create_app(deployment)

    @property
    def url(self) -> str:
        """The base URL of the server."""
        if not self._url:
            listener = listen("127.0.0.1", 0)
            server = LoopServer(self._handle, listener)
            portal = self.enter_context(start_blocking_portal())
            portal.call(server.start)
            self.callback(portal.call, server.stop)
            self._url = url_of(listener)
        return self._url

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise RuntimeError("call serve() before the first request")
        await self._app(scope, receive, send)


@attrs.frozen(repr=False)
class ServedSandbox:
    """A test's deployment over HTTP, for code that creates its own client.

    Attributes:
        deployment: The deployment that handles the requests.
    """

    deployment: Deployment
    _server: SandboxServer

    @property
    def url(self) -> str:
        """The base URL; the server starts when a test first reads it."""
        return self._server.url

    @property
    def api_key(self) -> str:
        """The API key that requests must send."""
        return self.deployment.api_key
