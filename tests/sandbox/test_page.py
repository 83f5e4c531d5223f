"""The web page: what was called and what is held, for this machine alone, whatever stands in it."""

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
EVIL: Final = "<script>alert(1)</script>"


async def read(http: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """A page, which needs no key."""
    answer = await http.get(path, headers={"authorization": ""})
    assert answer.status_code == status
    return answer.text


async def tell_a_story(talon: TalonClient, deployment: Deployment) -> None:
    """An order, an open cart with a coupon that is none, and a referral."""
    campaign = deployment.add_campaign(referral_reward(5.0, 20.0)).id
    await close_order(talon)
    await talon.sessions.update("cart/2", shoes_and_socks(profile_id="ada", coupon_codes=["NOPE"]))
    given = NewReferral(campaign_id=campaign, advocate_profile_integration_id="ada")
    await talon.referrals.create(given)


async def test_calls_are_shown_latest_first(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Each call has its operation, status and bodies; the key is nowhere, and looking is no call."""
    assert "No calls yet" in await read(http, "/")
    await tell_a_story(talon, deployment)
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
    """The list leads to each session, whatever its identifier; a part of it filters."""
    await tell_a_story(talon, deployment)
    page = await read(http, "/_sandbox/sessions")
    assert "/_sandbox/sessions/cart/2" in page
    assert "cart-1" not in await read(http, "/_sandbox/sessions?q=/2")
    session = await read(http, "/_sandbox/sessions/cart-1")
    discount = "name: 10% off with WELCOME10, value: 10"
    for part in ("closed", "WELCOME10", "SOCKS", "100.00", "setDiscount", discount):
        assert part in session
    assert "CouponNotFound" in await read(http, "/_sandbox/sessions/cart/2")
    await read(http, "/_sandbox/sessions/cart-9", status=404)


async def test_profiles_show_their_ledger(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """A profile shows its points and what moved them, and its sessions."""
    await tell_a_story(talon, deployment)
    assert "customer-7" in await read(http, "/_sandbox/profiles")
    profile = await read(http, "/_sandbox/profiles/customer-7")
    for part in ("100.0 active", "points on purchases", "cart-1", "100.00 in 1 closed sessions"):
        assert part in profile
    await read(http, "/_sandbox/profiles/nobody", status=404)


async def test_campaigns_show_their_codes(
    talon: TalonClient, deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Campaigns, coupons with their use, and referrals with their advocates are listed."""
    await tell_a_story(talon, deployment)
    page = await read(http, "/_sandbox/campaigns")
    for part in ("points on purchases", "WELCOME10", "ada", next(iter(deployment.referrals))):
        assert part in page


async def test_what_customers_write_stays_text(talon: TalonClient, http: httpx.AsyncClient) -> None:
    """Markup in identifiers, attributes and codes is shown as what it is."""
    cart = shoes_and_socks(profile_id=EVIL, coupon_codes=[EVIL], attributes={"Note": EVIL})
    await talon.sessions.update(EVIL, cart)
    for path in ("/", "/_sandbox/sessions", "/_sandbox/profiles", "/_sandbox/campaigns"):
        assert EVIL not in await read(http, path)
    for kind in ("sessions", "profiles"):
        page = await read(http, f"/_sandbox/{kind}/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        assert EVIL not in page
        assert "&lt;script&gt;" in page


async def test_a_body_may_be_anything(deployment: Deployment, http: httpx.AsyncClient) -> None:
    """What is no JSON, and JSON nested deeper than can be indented, is shown as it came."""
    for body in (b"no JSON", b"[" * 900 + b"]" * 900):
        await http.put("/v2/customer_sessions/cart-1", content=body)
    assert len(deployment.calls) == 2
    assert "no JSON" in await read(http, "/_sandbox/calls/1")
    assert "[[" in (await read(http, "/_sandbox/calls/2")).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
async def test_other_hosts_are_refused(http: httpx.AsyncClient, host: str) -> None:
    """A web site that lets its own name point to this machine reads nothing."""
    answer = await http.get("/", headers={"host": host})
    assert answer.status_code == 403


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_a_browser_shows_it(talon: TalonClient, deployment: Deployment, tmp_path: Path) -> None:
    """In a browser the page has its calls, and takes up the style and the script that it brings."""
    await tell_a_story(talon, deployment)
    assert CHROMIUM
    shot = tmp_path / "page.png"
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *OPTIONS,
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--screenshot={shot}",
        "--dump-dom",
        f"{deployment.url}/",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    shown, _ = await browser.communicate()
    assert shown.decode().count('<details class="call"') == 3
    assert shot.stat().st_size > 10_000
