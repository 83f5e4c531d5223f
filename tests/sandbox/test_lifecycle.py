"""The lifecycle of a sandbox: start, stop, isolation and cleanup."""

import asyncio
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import httpx
import pytest

from talon_async import NewCustomerSessionV2, ServiceConnectionError, TalonClient
from talon_async.sandbox import Sandbox, percentage_coupon
from tests.sandbox.checked import check_contract, checked_deployment
from tests.sandbox.support import shoes_and_socks, types


async def test_a_sandbox_starts_and_stops_fast() -> None:
    """Start, one call and stop take less than 0.5 s. Later calls cannot connect."""
    start = time.perf_counter()
    async with (
        Sandbox(checked_deployment()) as deployment,
        TalonClient(deployment.url, api_key=deployment.api_key) as talon,
    ):
        url = deployment.url
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert time.perf_counter() - start < 0.5
    assert deployment.url == ""
    async with TalonClient(url, api_key="sandbox-key") as client:
        with pytest.raises(ServiceConnectionError):
            await client.sessions.get("cart-1")


async def test_stopping_closes_connections_tasks_and_port() -> None:
    """Open connections do not delay the stop. After it, no task runs and the port is closed."""
    before = asyncio.all_tasks()
    async with Sandbox(checked_deployment()) as deployment, httpx.AsyncClient() as http:
        address = urlsplit(deployment.url)
        assert address.hostname
        assert address.port
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for _ in range(3):
            assert (await http.get(f"{deployment.url}/v2")).status_code == 401
        start = time.perf_counter()
    assert time.perf_counter() - start < 0.4
    assert await reader.read() == b"", "the idle connection is closed"
    writer.close()
    await writer.wait_closed()
    assert asyncio.all_tasks() == before
    with socket.socket() as probe:
        assert probe.connect_ex((address.hostname, address.port)) != 0


async def test_an_incomplete_request_does_not_delay_the_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A client that stops within a body is disconnected soon, without a log record."""
    before = asyncio.all_tasks()
    async with Sandbox(checked_deployment()) as deployment:
        address = urlsplit(deployment.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"PUT /v2/customer_sessions/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        while len(asyncio.all_tasks()) == len(before):  # noqa: ASYNC110  the server has no event for it
            await asyncio.sleep(0)
        start = time.perf_counter()
    assert time.perf_counter() - start < 2
    assert asyncio.all_tasks() == before
    assert not caplog.records
    assert await reader.read() == b""
    writer.close()


async def test_responses_are_sent_without_delay() -> None:
    """Responses are not delayed by Nagle's algorithm, which waits up to 40 ms."""
    times: list[float] = []
    async with Sandbox(checked_deployment()) as deployment, httpx.AsyncClient() as http:
        await http.get(deployment.url)
        for _ in range(30):
            start = time.perf_counter()
            await http.get(deployment.url)
            times.append(time.perf_counter() - start)
    assert min(times) < 0.03


async def test_sandboxes_are_isolated() -> None:
    """Two sandboxes in one process share no state."""
    async with (
        Sandbox(checked_deployment()) as first,
        Sandbox(campaigns=[percentage_coupon("OTHER", 50)]) as second,
    ):
        second.observers.append(check_contract)
        assert first.url != second.url
        async with TalonClient(second.url, api_key=second.api_key) as talon:
            response = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["OTHER"]))
        assert types(response.effects) == ["acceptCoupon", "setDiscount"]
        assert not first.sessions


async def test_a_deployment_outlives_its_server() -> None:
    """A deployment can be prepared, served, inspected, and served again."""
    deployment = checked_deployment(api_key="my-key")
    for count in (1, 2):
        async with Sandbox(deployment) as served, TalonClient(served.url, api_key="my-key") as talon:
            await talon.sessions.update("cart-1", NewCustomerSessionV2())
        assert deployment.sessions["cart-1"].session.update_count == count


async def test_a_port_in_use_is_an_error() -> None:
    """A port in use raises `OSError`."""
    async with Sandbox(checked_deployment()) as deployment:
        port = urlsplit(deployment.url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            async with Sandbox(port=port):
                pass


def test_a_deployment_excludes_campaigns() -> None:
    """Passing a deployment together with campaigns raises `TypeError`."""
    with pytest.raises(TypeError, match="campaigns"):
        Sandbox(checked_deployment(), campaigns=[])


def test_the_key_is_not_in_the_repr() -> None:
    """The `repr` of a deployment does not contain its key."""
    assert "my-key" not in repr(checked_deployment(api_key="my-key"))


def test_importing_the_sandbox_loads_no_web_server() -> None:
    """Importing the sandbox loads neither a web server nor an HTTP client."""
    script = (
        "import sys, talon_async.sandbox\n"
        "assert not {'starlette', 'uvicorn', 'httpx', 'aiohttp'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
