"""The page under load: what it sends does not grow with the bodies of the calls."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest

from talon_async._codec.json import render
from talon_async.sandbox import Deployment
from talon_async.sandbox._deployment.request_log import MAX_CALLS
from tests.sandbox.test_dashboard import CHROMIUM

OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CART = "/v2/customer_sessions/cart-1"
LARGE = render({"customerSession": {"attributes": {"Note": "x" * 200_000}}})


async def test_rows_carry_no_bodies(deployment: Deployment, http: httpx.AsyncClient) -> None:
    """200 calls with bodies of 200 kB are a list of less than 150 kB, which links to the bodies."""
    for number in range(205):
        (await http.put(f"{CART}?n={number}", content=LARGE)).raise_for_status()
    assert sum(len(call.request) + len(call.response) for call in deployment.calls) > 40_000_000
    for path in ("/", "/_sandbox/calls"):
        page = (await http.get(path)).text
        assert len(page) < 150_000
        assert page.count('<details class="call"') == 200
        assert 'href="/_sandbox/calls/205"' in page
    assert len(deployment.calls) == 205, "reading the page is no call"


@pytest.mark.parametrize(
    "content",
    [LARGE, b"[" + b",".join([b"[" * 200 + b"]" * 200] * 100) + b"]", b"\xff" * 10_000_000],
)
async def test_shown_bodies_are_bounded(http: httpx.AsyncClient, content: bytes) -> None:
    """A body is shown up to 64 KiB, however large it is, or becomes by indenting."""
    await http.put(CART, content=content)
    shown = (await http.get("/_sandbox/calls/1")).text
    assert len(shown) < 300_000
    assert f"cut; the body has {len(content)} bytes" in shown


async def test_bodies_of_a_call_are_shown_by_its_number(
    deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """A link keeps leading to the same call while others arrive, until the call is no longer kept."""
    await http.put(CART, json={"customerSession": {"profileId": "first"}})
    for _ in range(3):
        await http.put(CART, json={"customerSession": {"profileId": "later"}})
    shown = await http.get("/_sandbox/calls/1")
    assert "&#34;profileId&#34;: &#34;first&#34;" in shown.text
    assert "later" not in shown.text
    for _ in range(MAX_CALLS):
        await http.get("/nowhere")
    assert deployment.calls[0].number == 5
    for number in (0, 1, 10_000):
        assert (await http.get(f"/_sandbox/calls/{number}")).status_code == 404


async def call(socket: aiohttp.ClientWebSocketResponse, method: str, **parameters: Any) -> Any:
    """Call a method of the browser; return its result."""
    await socket.send_json({"id": 1, "method": method, "params": parameters})
    while (message := await socket.receive_json()).get("id") != 1:
        pass
    return message["result"]


async def until(socket: aiohttp.ClientWebSocketResponse, condition: str) -> None:
    """Evaluate a condition on the page until it is true."""
    while (await call(socket, "Runtime.evaluate", expression=condition))["result"].get("value") is not True:
        pass


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_a_body_loads_when_a_row_is_opened(http: httpx.AsyncClient, tmp_path: Path) -> None:
    """In a browser, opening a row loads the bodies of its call, and of no other."""
    await http.put(CART, json={"customerSession": {"profileId": "first"}})
    await http.put(CART, json={"customerSession": {"profileId": "second"}})
    assert CHROMIUM
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *OPTIONS,
        f"--user-data-dir={tmp_path}",
        "--remote-debugging-port=0",
        "about:blank",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert browser.stderr
    while not (line := (await browser.stderr.readline()).decode()).startswith("DevTools listening on "):
        assert line, "the browser ended"
    port = httpx.URL(line.split()[-1]).port
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
            (page,) = [target for target in await response.json() if target["type"] == "page"]
        async with session.ws_connect(page["webSocketDebuggerUrl"]) as socket:
            await call(socket, "Page.navigate", url=f"{http.base_url}")
            await until(socket, "document.querySelectorAll('details').length == 2")
            await until(socket, "document.querySelectorAll('details')[1].open = true")
            await until(socket, "document.querySelector('details[open] pre') != null")
            shown = await call(socket, "Runtime.evaluate", expression="document.body.innerText")
    text = shown["result"]["value"]
    browser.kill()
    await browser.communicate()
    assert '"profileId": "first"' in text
    assert "second" not in text


async def test_rows_cut_long_texts(http: httpx.AsyncClient) -> None:
    """Identifiers, attributes and codes of any length take a bounded part of a list."""
    long = "y" * 20_000
    session = {"profileId": long, "attributes": {"Note": long}, "couponCodes": ["WELCOME10"] * 3000}
    (await http.put(f"{CART}?{long}", json={"customerSession": session})).raise_for_status()
    profile = {"attributes": {"Note": long}}
    (await http.put("/v2/customer_profiles/customer-7", json=profile)).raise_for_status()
    coupon = {"integrationIDs": [f"{number}-{'z' * 500}" for number in range(100)]}
    (await http.post("/v1/coupon_reservations/WELCOME10", json=coupon)).raise_for_status()
    for path in ("/", "/_sandbox/sessions", "/_sandbox/campaigns"):
        assert len((await http.get(path)).text) < 10_000
    assert "y" * 201 not in (await http.get("/_sandbox/profiles")).text.replace(f"profiles/{long}", "")
