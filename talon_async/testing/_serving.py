"""Sandbox servers in a thread, so that tests can use any event loop or none."""

import contextlib
import functools

from anyio.from_thread import BlockingPortal, start_blocking_portal

from talon_async.sandbox import Deployment, create_app
from talon_async.sandbox._server.uvicorn_server import LoopServer, listen, url_of


class ServerThread(contextlib.ExitStack):
    """A thread with an event loop for servers; it starts when it is first used."""

    @functools.cached_property
    def portal(self) -> BlockingPortal:
        """Runs functions in the thread."""
        return self.enter_context(start_blocking_portal())


class ServedSandbox:
    """A test's deployment over HTTP, for code that creates its own client.

    Each one has an address of its own, so a call that comes after its test is refused and does not reach the
    deployment of another test.

    Attributes:
        deployment: The deployment that handles the requests.
    """

    def __init__(self, deployment: Deployment, thread: ServerThread) -> None:
        self.deployment = deployment
        self._thread = thread
        self._server: LoopServer | None = None

    @functools.cached_property
    def url(self) -> str:
        """The base URL; the server starts when a test first reads it."""
        listener = listen("127.0.0.1", 0)
        self._server = LoopServer(create_app(self.deployment), listener)
        self._thread.portal.call(self._server.start)
        return url_of(listener)

    @property
    def api_key(self) -> str:
        """The API key that requests must send."""
        return self.deployment.api_key

    def close(self) -> None:
        """Stop the server, if it was started."""
        if self._server is not None:
            self._thread.portal.call(self._server.stop)
