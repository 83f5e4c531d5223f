"""A server in a thread of its own, so that tests may run on any event loop, or on none."""

import contextlib

import attrs
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Receive, Scope, Send

from talon_async.sandbox import Deployment, create_app
from talon_async.sandbox._server.uvicorn_server import LoopServer, listen


class SandboxServer(contextlib.ExitStack):
    """Serves one deployment after another on one address of loopback.

    It starts when its address is first asked for, and ends with its ``with`` block.
    """

    def __init__(self) -> None:
        super().__init__()
        self._app: ASGIApp | None = None
        self._url = ""

    def serve(self, deployment: Deployment) -> None:
        """Serve this deployment from now on."""
        self._app = create_app(deployment)

    @property
    def url(self) -> str:
        """The address."""
        if not self._url:
            listener = listen(0)
            server = LoopServer(self._answer, listener)
            portal = self.enter_context(start_blocking_portal())
            portal.call(server.start)
            self.callback(portal.call, server.stop)
            self._url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        return self._url

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            raise RuntimeError("no deployment is served yet")
        await self._app(scope, receive, send)


@attrs.frozen(repr=False)
class ServedSandbox:
    """A test's deployment, over real HTTP for code that makes its own client.

    Attributes:
        deployment: What is served.
    """

    deployment: Deployment
    _server: SandboxServer

    @property
    def url(self) -> str:
        """The address; the server starts when a test first asks for it."""
        return self._server.url

    @property
    def api_key(self) -> str:
        """The API key that calls must bear."""
        return self.deployment.api_key
