"""The Host check: a web site whose name resolves to this machine reads nothing of a sandbox."""

import asyncio
from urllib.parse import urlsplit

import pytest

from talon_async import TalonClient
from talon_async.sandbox import Deployment
from tests.sandbox.support import shoes_and_socks

PATHS = ["/", "/_sandbox/sessions", "/_sandbox/calls", "/v2/customer_sessions/cart-1", "/nowhere"]


async def fetch(deployment: Deployment, path: str, *fields: str, version: str = "1.1") -> tuple[int, str]:
    """Send a request with exactly these header fields over a socket; return status and text."""
    address = urlsplit(deployment.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = "\r\n".join([f"GET {path} HTTP/{version}", *fields, "Connection: close"])
    writer.write(f"{head}\r\nAuthorization: ApiKey-v1 {deployment.api_key}\r\n\r\n".encode("latin-1"))
    response = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    return int(response.split()[1]), response


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil-localhost",
        "a{b}.evil.example",
        "a_b.evil.example",
        "evil.example#localhost",
        "evil.example/localhost",
        "user@localhost",
        "localhost:80:80",
        "localhost:",
        "[::1].evil.example",
        "[::1",
        "10.0.0.1",
        "\xe9.example",
        "",
    ],
)
async def test_other_hosts_get_nothing(
    talon: TalonClient, deployment: Deployment, host: str, path: str
) -> None:
    """Neither page nor API serves a host that is not loopback, also where the field is not a valid host."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    status, text = await fetch(deployment, path, f"Host: {host}")
    assert status == 403
    assert "cart-1" not in text
    assert len(deployment.calls) == 1


@pytest.mark.parametrize("path", PATHS)
async def test_a_request_without_a_host_gets_nothing(deployment: Deployment, path: str) -> None:
    """HTTP/1.0 requests may omit the field; they are refused, too."""
    assert (await fetch(deployment, path, version="1.0"))[0] == 403


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost:8765",
        "talon.localhost:1",
        "127.0.0.1",
        "127.8.9.1:80",
        "[::1]:80",
    ],
)
async def test_loopback_hosts_are_served(talon: TalonClient, deployment: Deployment, host: str) -> None:
    """Names and addresses of this machine reach page and API, with any port."""
    await talon.sessions.update("cart-1", shoes_and_socks())
    for path in ("/", "/v2/customer_sessions/cart-1"):
        status, text = await fetch(deployment, path, f"Host: {host}")
        assert status == 200
        assert "cart-1" in text
