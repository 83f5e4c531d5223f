"""The HTTP side of a deployment: an ASGI app that parses requests and dispatches calls."""

from typing import TYPE_CHECKING

from talon_async._extras import APP, require
from talon_async.sandbox._deployment.deployment import Deployment

if TYPE_CHECKING:
    from starlette.types import ASGIApp


def create_app(deployment: Deployment) -> "ASGIApp":
    """Create the ASGI app of a deployment.

    Where a fault drops the connection of a call, the app raises `ConnectionResetError`: the server has to
    close the connection.

    Args:
        deployment: The deployment to serve.

    Raises:
        MissingPackagesError: The extra ``sandbox`` is not installed.
    """
    require(APP, user="create_app", extra="sandbox")
    # Imported here, so that deployments and campaigns are available without the web framework.
    from talon_async.sandbox._http.app import SandboxApp

    return SandboxApp(deployment)
