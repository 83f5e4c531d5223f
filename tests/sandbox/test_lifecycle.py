"""The life of a sandbox: quick to start and to end, beside others, and with nothing left behind."""

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


async def test_a_sandbox_is_ready_at_once_and_gone_at_once() -> None:
    """Starting, a call and ending take well under half a second together; then nobody answers."""
    began = time.perf_counter()
    async with (
        Sandbox(checked_deployment()) as deployment,
        TalonClient(deployment.url, api_key=deployment.api_key) as talon,
    ):
        url = deployment.url
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert time.perf_counter() - began < 0.5
    assert deployment.url == ""
    async with TalonClient(url, api_key="sandbox-key") as late:
        with pytest.raises(ServiceConnectionError):
            await late.sessions.get("cart-1")


async def test_nothing_is_left_behind() -> None:
    """Open connections do not hold the end up; after it no task of the sandbox runs and the port is free."""
    before = asyncio.all_tasks()
    async with Sandbox(checked_deployment()) as deployment, httpx.AsyncClient() as http:
        address = urlsplit(deployment.url)
        assert address.hostname
        assert address.port
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for _ in range(3):
            assert (await http.get(f"{deployment.url}/v2")).status_code == 401
        began = time.perf_counter()
    assert time.perf_counter() - began < 0.4
    assert await reader.read() == b"", "the idle connection was closed"
    writer.close()
    await writer.wait_closed()
    assert asyncio.all_tasks() == before
    with socket.socket() as probe:
        assert probe.connect_ex((address.hostname, address.port)) != 0


async def test_a_call_that_never_arrives_whole_does_not_hold_the_end_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A client that stops in the middle of a body is cut off after a moment, without noise."""
    before = asyncio.all_tasks()
    async with Sandbox(checked_deployment()) as deployment:
        address = urlsplit(deployment.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(b"PUT /v2/customer_sessions/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        while len(asyncio.all_tasks()) == len(before):  # noqa: ASYNC110  the server tells nobody
            await asyncio.sleep(0)
        began = time.perf_counter()
    assert time.perf_counter() - began < 2
    assert asyncio.all_tasks() == before
    assert not caplog.records
    assert await reader.read() == b""
    writer.close()


async def test_calls_do_not_wait_for_the_network() -> None:
    """Responses leave without the 40 ms for which TCP waits for more of them."""
    times: list[float] = []
    async with Sandbox(checked_deployment()) as deployment, httpx.AsyncClient() as http:
        await http.get(deployment.url)
        for _ in range(30):
            began = time.perf_counter()
            await http.get(deployment.url)
            times.append(time.perf_counter() - began)
    assert min(times) < 0.03


async def test_sandboxes_stand_side_by_side() -> None:
    """Two sandboxes in one process share nothing."""
    async with (
        Sandbox(checked_deployment()) as first,
        Sandbox(campaigns=[percentage_coupon("OTHER", 50)]) as second,
    ):
        second.observers.append(check_contract)
        assert first.url != second.url
        async with TalonClient(second.url, api_key=second.api_key) as talon:
            answer = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["OTHER"]))
        assert types(answer.effects) == ["acceptCoupon", "setDiscount"]
        assert not first.sessions


async def test_a_deployment_outlives_its_server() -> None:
    """A deployment can be prepared, served, inspected, and served again."""
    deployment = checked_deployment(api_key="my-key")
    for count in (1, 2):
        async with Sandbox(deployment) as served, TalonClient(served.url, api_key="my-key") as talon:
            await talon.sessions.update("cart-1", NewCustomerSessionV2())
        assert deployment.sessions["cart-1"].session.update_count == count


async def test_a_taken_port_is_an_error() -> None:
    """A port that is in use raises `OSError`; nothing is served then."""
    async with Sandbox(checked_deployment()) as deployment:
        port = urlsplit(deployment.url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            async with Sandbox(port=port):
                pass


def test_campaigns_belong_to_new_deployments() -> None:
    """Campaigns together with a deployment are refused: which would hold?"""
    with pytest.raises(TypeError, match="campaigns"):
        Sandbox(checked_deployment(), campaigns=[])


def test_the_key_is_not_shown() -> None:
    """A deployment does not print its key."""
    assert "my-key" not in repr(checked_deployment(api_key="my-key"))


def test_importing_the_sandbox_loads_no_web_server() -> None:
    """Promotions can be written and read without a web server or an HTTP client at hand."""
    script = (
        "import sys, talon_async.sandbox\n"
        "assert not {'starlette', 'uvicorn', 'httpx', 'aiohttp'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
