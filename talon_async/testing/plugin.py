"""The pytest plugin: fixtures that give each test a sandbox of its own.

The plugin implements no hook and patches nothing: a suite that uses none of its fixtures runs as if the
package were not installed. pytest imports this module in every run, so each fixture imports what it needs.
"""

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest

if TYPE_CHECKING:
    from talon_async.client import TalonClient
    from talon_async.sandbox import Deployment
    from talon_async.testing._serving import ServedSandbox, ServerThread

__all__ = ["talon_client", "talon_client_options", "talon_deployment", "talon_sandbox", "talon_transport"]


_OWN_ARGUMENTS: Final = {"base_url", "api_key", "transport", "http_client"}


@pytest.fixture(scope="session")
def _talon_server_thread() -> Iterator["ServerThread"]:
    """The thread of all servers of the session; it starts when a test first reads a URL."""
    _check_installed("talon_sandbox")
    from talon_async.testing._serving import ServerThread

    with ServerThread() as thread:
        yield thread


@pytest.fixture
def talon_deployment() -> "Deployment":
    """A new `Deployment` for each test, with the default campaigns.

    Override this fixture to set up your own, such as ``return Deployment(campaigns=[...])``.
    """
    from talon_async.sandbox import Deployment

    return Deployment()


@pytest.fixture
def talon_sandbox(
    talon_deployment: "Deployment", _talon_server_thread: "ServerThread"
) -> Iterator["ServedSandbox"]:
    """The test's deployment over HTTP: `url` and `api_key`, for code that creates its own client."""
    from talon_async.testing._serving import ServedSandbox

    with contextlib.closing(ServedSandbox(talon_deployment, _talon_server_thread)) as served:
        yield served


@pytest.fixture
def talon_transport() -> Literal["in-process", "http"]:
    """How `talon_client` reaches the deployment: ``"in-process"`` (the default) or ``"http"``.

    Override or parametrize this fixture to choose.
    """
    return "in-process"


@pytest.fixture
def talon_client_options() -> dict[str, Any]:
    """More arguments of `talon_client`, such as ``{"timeout": 1.0, "strict": False}``.

    Override this fixture to choose, for example the settings of your production client.
    """
    return {}


@pytest.fixture
def talon_client(
    request: pytest.FixtureRequest, talon_transport: str, talon_client_options: Mapping[str, Any]
) -> "TalonClient":
    """A new `TalonClient` of the test's deployment, in strict mode, that needs no closing.

    In process, it works on any event loop, and on one after another.

    Raises:
        ValueError: `talon_transport` is neither ``"in-process"`` nor ``"http"``, or `talon_client_options`
            has an argument that the fixture sets.
    """
    _check_installed("talon_client")
    import httpx

    from talon_async.client import TalonClient
    from talon_async.sandbox import create_app
    from talon_async.testing import InProcessTransport

    own = sorted(_OWN_ARGUMENTS & talon_client_options.keys())
    if own:
        raise ValueError(f"talon_client_options: the fixture talon_client sets {', '.join(own)}")
    deployment: Deployment = request.getfixturevalue("talon_deployment")
    if talon_transport == "in-process":
        url = "http://localhost"
        transport: httpx.AsyncBaseTransport = InProcessTransport(create_app(deployment))
    elif talon_transport == "http":
        url = request.getfixturevalue("talon_sandbox").url
        # A test's event loop may close before its fixtures do, so no connection may outlive its call.
        transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    else:
        raise ValueError(f"talon_transport: expected 'in-process' or 'http', found {talon_transport!r}")
    options: dict[str, Any] = {"strict": True, **talon_client_options}
    return TalonClient(url, api_key=deployment.api_key, transport=transport, **options)


def _check_installed(fixture: str) -> None:
    """Fail the test in one line if the sandbox's packages are missing."""
    from talon_async._extras import SANDBOX, installed

    if not installed(SANDBOX):
        pytest.fail(f"{fixture} needs more packages: pip install 'talon-async[testing]'", pytrace=False)
