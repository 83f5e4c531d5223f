"""The sandbox: a deployment that is served."""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from talon_async._extras import SANDBOX, require
from talon_async.sandbox._campaigns.campaign import Campaign
from talon_async.sandbox._deployment.deployment import Deployment

if TYPE_CHECKING:
    from talon_async.sandbox._server.uvicorn_server import LoopServer


class Sandbox:
    """Serves a deployment during an ``async with`` block.

    ``async with Sandbox() as deployment:`` gives the deployment, with its `url` set.

    Args:
        deployment: The deployment; a new one unless given.
        campaigns: The campaigns of a new deployment; the default ones unless given.
        host: The address to listen on. On loopback, only requests with a loopback ``Host`` are served. Beyond
            loopback, everybody who reaches the address can read and change the deployment: choose an API key.
        port: The port; 0 for any free port.

    Raises:
        TypeError: Both a deployment and campaigns are given.
        ValueError: The port is not one.
        MissingPackagesError: The extra ``sandbox`` is not installed.
    """

    def __init__(
        self,
        deployment: Deployment | None = None,
        *,
        campaigns: Iterable[Campaign] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if deployment is not None and campaigns is not None:
            raise TypeError("campaigns: not allowed with a deployment; add them to the deployment instead")
        if not 0 <= port <= 65535:
            raise ValueError(f"port: expected 0 to 65535, found {port}")
        require(SANDBOX, user="Sandbox", extra="sandbox")
        self._deployment = deployment or Deployment(campaigns=campaigns)
        self._host = host
        self._port = port
        self._server: LoopServer | None = None

    async def __aenter__(self) -> Deployment:
        # Imported here, so that deployments and campaigns are available without a web server.
        from talon_async.sandbox._http import create_app
        from talon_async.sandbox._server.uvicorn_server import LoopServer, listen, url_of

        if self._deployment.url:
            raise RuntimeError(f"the deployment is already served at {self._deployment.url}")
        listener = listen(self._host, self._port)
        self._deployment.url = url_of(listener)
        self._server = LoopServer(create_app(self._deployment), listener)
        await self._server.start()
        return self._deployment

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            await self._server.stop()
        self._deployment.url = ""
