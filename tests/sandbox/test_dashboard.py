"""The dashboard: calls, sessions, profiles and campaigns, for local requests only."""

import asyncio
import shutil
import subprocess
from pathlib import Path
from typing import Final

import httpx
import pytest

from talon_async import NewReferral, TalonClient
from talon_async.sandbox import Deployment, referral_reward
from tests.sandbox.support import close_order, shoes_and_socks

CHROMIUM: Final = shutil.which("chromium")
OPTIONS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--virtual-time-budget=3000", "--window-size=1200,700"),
)
MARKUP: Final = "<script>alert(1)</script>"


async def read(http: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """The HTML of a page, requested without a key."""
    response = await http.get(path, headers={"authorization": ""})
    assert response.status_code == status
    return response.text


async def fill(talon: TalonClient, deployment: Deployment) -> None:
    """Store an order, an open cart with an unknown coupon, and a referral."""
    campaign = deployment.add_campaign(referral_reward(5.0, 20.0)).id
    await close_order(talon)
    await talon.sessions.update("cart/2", shoes_and_socks(profile_id="ada", coupon_codes=["NOPE"]))
    given = NewReferral(campaign_id=campaign, advocate_profile_integration_id="ada")
    await talon.referrals.create(given)


async def test_calls_are_shown_latest_first(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Each call has operation, status and bodies, without the key. Page views are not calls."""
    assert "No calls yet" in await read(http, "/")
    await fill(talon, deployment)
    page = await read(http, "/")
    assert page.index("createReferral") < page.index("updateCustomerSessionV2")
    assert "&#34;couponCodes&#34;: [" in await read(http, "/_sandbox/calls/1")
    assert page.count("updateCustomerSessionV2") == 2
    assert deployment.api_key not in page
    assert "createReferral" in await read(http, "/_sandbox/calls")
    assert len(deployment.calls) == 3


async def test_sessions_show_cart_effects_and_totals(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """The list links to each session, whatever its identifier, and can be searched."""
    await fill(talon, deployment)
    page = await read(http, "/_sandbox/sessions")
    assert "/_sandbox/sessions/cart/2" in page
    assert "cart-1" not in await read(http, "/_sandbox/sessions?q=/2")
    session = await read(http, "/_sandbox/sessions/cart-1")
    discount = "name: 10% off with WELCOME10, value: 10"
    for text in ("closed", "WELCOME10", "SOCKS", "100.00", "setDiscount", discount):
        assert text in session
    assert "CouponNotFound" in await read(http, "/_sandbox/sessions/cart/2")
    await read(http, "/_sandbox/sessions/cart-9", status=404)


async def test_profiles_show_their_ledger(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """A profile shows its points, transactions and sessions."""
    await fill(talon, deployment)
    assert "customer-7" in await read(http, "/_sandbox/profiles")
    profile = await read(http, "/_sandbox/profiles/customer-7")
    for text in ("100.0 active", "points on purchases", "cart-1", "100.00 in 1 closed sessions"):
        assert text in profile
    await read(http, "/_sandbox/profiles/nobody", status=404)


async def test_campaigns_show_their_codes(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """The page lists campaigns, coupons with their use, and referrals with their advocates."""
    await fill(talon, deployment)
    page = await read(http, "/_sandbox/campaigns")
    for text in ("points on purchases", "WELCOME10", "ada", next(iter(deployment.referrals))):
        assert text in page


async def test_markup_is_escaped(talon: TalonClient, http: httpx.AsyncClient) -> None:
    """Markup in identifiers, attributes and codes is escaped."""
    cart = shoes_and_socks(profile_id=MARKUP, coupon_codes=[MARKUP], attributes={"Note": MARKUP})
    await talon.sessions.update(MARKUP, cart)
    for path in ("/", "/_sandbox/sessions", "/_sandbox/profiles", "/_sandbox/campaigns"):
        assert MARKUP not in await read(http, path)
    for kind in ("sessions", "profiles"):
        page = await read(http, f"/_sandbox/{kind}/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        assert MARKUP not in page
        assert "&lt;script&gt;" in page


async def test_any_body_is_shown(deployment: Deployment, http: httpx.AsyncClient) -> None:
    """Invalid JSON, and JSON too deep to indent, is shown as received."""
    for body in (b"not JSON", b"[" * 900 + b"]" * 900):
        await http.put("/v2/customer_sessions/cart-1", content=body)
    assert len(deployment.calls) == 2
    assert "not JSON" in await read(http, "/_sandbox/calls/1")
    assert "[[" in (await read(http, "/_sandbox/calls/2")).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1.other.example"])
async def test_other_hosts_are_refused(http: httpx.AsyncClient, host: str) -> None:
    """Requests for another host name are refused, which prevents DNS rebinding."""
    response = await http.get("/", headers={"host": host})
    assert response.status_code == 403


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_a_browser_renders_the_page(talon: TalonClient, deployment: Deployment, tmp_path: Path) -> None:
    """A browser renders the calls, with style and script."""
    await fill(talon, deployment)
    assert CHROMIUM
    screenshot = tmp_path / "page.png"
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *OPTIONS,
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--screenshot={screenshot}",
        "--dump-dom",
        f"{deployment.url}/",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    html, _ = await browser.communicate()
    assert html.decode().count('<details class="call"') == 3
    assert screenshot.stat().st_size > 10_000
