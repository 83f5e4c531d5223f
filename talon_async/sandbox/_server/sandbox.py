"""The sandbox: a deployment served on loopback."""

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

from talon_async.sandbox._campaigns.campaign import Campaign
from talon_async.sandbox._deployment.deployment import Deployment

if TYPE_CHECKING:
    from talon_async.sandbox._server.uvicorn_server import LoopServer


class Sandbox:
    """Serves a deployment on loopback during an ``async with`` block.

    ``async with Sandbox() as deployment:`` gives the deployment, with its `url` set.

    Args:
        deployment: The deployment; a new one unless given.
        campaigns: The campaigns of a new deployment; the default ones unless given.
        port: The port on 127.0.0.1; 0 for any free port.

    Raises:
        TypeError: Both a deployment and campaigns are given.
    """

    def __init__(
        self,
        deployment: Deployment | None = None,
        *,
        campaigns: Iterable[Campaign] | None = None,
        port: int = 0,
    ) -> None:
        if deployment is not None and campaigns is not None:
            raise TypeError("campaigns: not allowed with a deployment; add them to the deployment instead")
        self._deployment = deployment or Deployment(campaigns=campaigns)
        self._port = port
        self._server: LoopServer | None = None

    async def __aenter__(self) -> Deployment:
        # Imported here, so that deployments and campaigns are available without a web server.
        from talon_async.sandbox._http import create_app
        from talon_async.sandbox._server.uvicorn_server import LoopServer, listen

        listener = listen(self._port)
        self._deployment.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
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
