"""The pytest plugin: fixtures on a sandbox, and respx's hold on our transport."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from talon_async.client import TalonClient
    from talon_async.sandbox import Deployment
    from talon_async.testing.serving import SandboxServer, ServedSandbox

# What fixtures need is imported in them: pytest loads this module in every run, used or not.


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Let respx's mocks hold our transport, if the tests use respx."""
    if "respx" in sys.modules:
        from talon_async.testing.mocking import TalonMocker

        TalonMocker.follow_httpcore()


@pytest.fixture(scope="session")
def _talon_server() -> Iterator["SandboxServer"]:
    from talon_async.testing.serving import SandboxServer

    with SandboxServer() as server:
        yield server


@pytest.fixture
def talon_deployment() -> "Deployment":
    """The deployment of a test: a new one, with the default campaigns.

    Override it to set up your own, such as ``return Deployment(campaigns=[...])``.
    """
    from talon_async.sandbox import Deployment

    return Deployment()


@pytest.fixture
def talon_sandbox(talon_deployment: "Deployment", _talon_server: "SandboxServer") -> "ServedSandbox":
    """The test's deployment over real HTTP: `url` and `api_key` for code that makes its own client."""
    from talon_async.testing.serving import ServedSandbox

    _talon_server.serve(talon_deployment)
    return ServedSandbox(talon_deployment, _talon_server)


@pytest.fixture
def talon_transport() -> Literal["in-process", "http"]:
    """How `talon_client` reaches the sandbox: without a socket, or over real HTTP; override it to choose."""
    return "in-process"


@pytest.fixture
def talon_client(request: pytest.FixtureRequest, talon_transport: str) -> "TalonClient":
    """A client of the test's deployment, which takes no drift from the contract.

    It may be used on any one event loop, and holds nothing that would have to be closed.
    """
    import httpx

    from talon_async._transport.in_process import InProcessTransport
    from talon_async.client import TalonClient
    from talon_async.sandbox import create_app

    deployment: Deployment = request.getfixturevalue("talon_deployment")
    if talon_transport == "http":
        url: str = request.getfixturevalue("talon_sandbox").url
        # The loop of a test may be closed before its fixtures are: a connection must not outlive its call.
        transport: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_keepalive_connections=0)
        )
    elif talon_transport == "in-process":
        url, transport = "http://localhost", InProcessTransport(create_app(deployment))
    else:
        raise ValueError(f"talon_transport: expected 'in-process' or 'http', found {talon_transport!r}")
    return TalonClient(url, api_key=deployment.api_key, strict=True, transport=transport)
