"""Dry runs: they store nothing, and their cost does not depend on the size of the store."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import attrs
import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async._operations import OPERATIONS
from talon_async.models import (
    AddLoyaltyPointsEffectProps,
    AddToAudienceEffectProps,
    CouponCreatedEffectProps,
    DeductLoyaltyPointsEffectProps,
    EffectProps,
    ExtendLoyaltyPointsExpiryDateEffectProps,
    ReferralCreatedEffectProps,
    RemoveFromAudienceEffectProps,
    ReserveCouponEffectProps,
    SetDiscountEffectProps,
    UpdateAttributeEffectProps,
)
from talon_async.models.sessions import Product
from talon_async.sandbox import (
    Achievement,
    Campaign,
    CartItemCatalog,
    Clock,
    CouponTerms,
    Deployment,
    EvaluationContext,
    GiveawayPool,
    LoyaltyProgram,
    LoyaltyTier,
    percentage_coupon,
    referral_reward,
)
from talon_async.sandbox._domain.catalogs import CatalogItem
from talon_async.sandbox._domain.prices import ListPrice, PriceHistory
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.table import HANDLERS
from talon_async.sandbox._http.parsing import read_call
from talon_async.sandbox._http.routing import Routes
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import plain_http

POOL: Final = GiveawayPool(id=3, name="Gift cards", codes=("CARD-A", "CARD-B", "CARD-C", "CARD-D"))
NOON: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
CUSTOMER: Final = "customer-7"


def everything(context: EvaluationContext) -> Iterator[EffectProps]:
    """A rule that grants each kind of effect that writes records, and mutates its context."""
    context.event.attributes["seen"] = True
    if context.session:
        context.session.attributes["seen"] = True
    if context.profile is None:
        return
    context.profile.attributes["seen"] = context.points(1)
    yield POOL.award(context.profile_id)
    yield from context.achievements.start("orders")
    yield from context.achievements.increase("orders", 2)
    yield CouponCreatedEffectProps(value=context.new_code("THANKS-####"), profile_id="")
    yield ReferralCreatedEffectProps(value=context.new_code("FRIEND-####"))
    yield ReserveCouponEffectProps(
        coupon_value="WELCOME10", profile_integration_id="customer-9", is_new_reservation=False
    )
    yield SetDiscountEffectProps(name="all", value=1.0)
    yield AddToAudienceEffectProps(audience_id=1, audience_name="Friends", profile_integration_id=CUSTOMER)
    yield RemoveFromAudienceEffectProps(audience_id=2, audience_name="", profile_integration_id=CUSTOMER)
    yield UpdateAttributeEffectProps(path="Profile.Attributes.Size", value=7)
    points: dict[str, Any] = {"program_id": 1, "sub_ledger_id": ""}
    yield AddLoyaltyPointsEffectProps(
        **points,
        name="all",
        value=5.0,
        recipient_integration_id=CUSTOMER,
        transaction_uuid=context.new_uuid(),
    )
    yield DeductLoyaltyPointsEffectProps(
        **points, name="all", rule_title="all", value=2.0, transaction_uuid=context.new_uuid()
    )
    yield ExtendLoyaltyPointsExpiryDateEffectProps(**points, extension_duration="1D")


def referral_campaign() -> Campaign:
    """A referral campaign whose rule mutates the referral in its context."""
    reward = referral_reward(5.0, 10.0)

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.referral:
            context.referral.attributes = {"seen": True}
        yield from reward.rule(context)

    return attrs.evolve(reward, rule=rule)


def new_deployment(**setup: Any) -> Deployment:
    """A deployment with every kind of configuration."""
    welcome = attrs.evolve(
        percentage_coupon("WELCOME10", 10), coupons=[CouponTerms("WELCOME10", profile_limit=5)]
    )
    return checked_deployment(
        campaigns=[welcome, referral_campaign(), Campaign(name="everything", rule=everything)],
        achievements=[Achievement(id=1, name="orders", title="Orders", target=3, campaign_id=3)],
        giveaway_pools=[POOL],
        catalogs=[CartItemCatalog(id=1)],
        loyalty_programs=[
            LoyaltyProgram(
                id=1,
                name="points",
                title="Points",
                default_validity="10D",
                tiers=[LoyaltyTier(name="gold", min_points=9)],
            ),
            LoyaltyProgram(id=2, name="cards", title="Cards", card_based=True),
        ],
        testing_key="for-tests",
        clock=Clock(lambda: NOON),
        **setup,
    )


CART: Final = [
    {"name": "Shoes", "sku": "SHOES", "quantity": 2, "price": 30.0},
    {"sku": "SOCKS", "quantity": 1},
]
STORED: Final[list[tuple[str, str, Any]]] = [
    ("PUT", "/v1/catalogs/1/sync", {"actions": [{"type": "ADD", "payload": {"sku": "SOCKS", "price": 9.5}}]}),
    ("POST", "/v2/audiences", {"name": "Friends"}),
    ("POST", "/v2/audiences", {"name": "Others"}),
    ("POST", "/v1/loyalty_programs/2/cards", {"cardIdentifier": "CARD-1"}),
    ("POST", "/v1/referrals", {"campaignId": 2, "advocateProfileIntegrationId": "customer-8"}),
    (
        "PUT",
        "/v2/customer_profiles/customer-7?runRuleEngine=true",
        {"attributes": {"Name": "Zoe"}, "audiencesChanges": {"adds": [2], "deletes": []}},
    ),
    (
        "POST",
        "/v2/customer_audiences",
        {"data": [{"action": "add", "profileIntegrationId": "hidden", "audienceId": 1}]},
    ),
    (
        "PUT",
        "/v2/customer_sessions/closed",
        {
            "customerSession": {
                "profileId": CUSTOMER,
                "state": "closed",
                "cartItems": CART,
                "couponCodes": ["WELCOME10"],
            }
        },
    ),
    ("PUT", "/v2/customer_sessions/open", {"customerSession": {"profileId": CUSTOMER, "cartItems": CART}}),
    (
        "POST",
        "/v3/events",
        {"profileId": CUSTOMER, "type": "paid", "integrationId": "event-1", "attributes": {}},
    ),
]


_filled: Final[list[Deployment]] = []


async def filled_deployment() -> Deployment:
    """The deployment that all examples share, since no dry run changes it."""
    if not _filled:
        deployment = new_deployment()
        await fill(deployment)
        _filled.append(deployment)
    return _filled[0]


async def fill(deployment: Deployment) -> None:
    """Store records of every kind, with points that expire before the dry runs, and pending ones."""
    async with plain_http(deployment) as http:
        for method, path, body in STORED:
            response = await http.request(method, path, json=body)
            assert response.is_success, response.text
    deployment.add_points(CUSTOMER, 20.0, expiry_date=NOON + timedelta(days=1))
    deployment.add_points(CUSTOMER, 30.0, start_date=NOON + timedelta(days=1))
    deployment.add_points(CUSTOMER, 40.0, start_date=NOON + timedelta(days=30))
    deployment.clock.advance(days=2)


PROFILES: Final = st.sampled_from([CUSTOMER, "customer-8", "hidden", "new"])
SECTIONS: Final = [
    "customerProfile",
    "triggeredCampaigns",
    "loyalty",
    "event",
    "awardedGiveaways",
    "achievements",
]


@st.composite
def session_updates(draw: st.DrawFn) -> tuple[str, str, Any]:
    """Dry session updates of new and stored, open and closed sessions, with valid and invalid codes."""
    referral = draw(st.sampled_from(["", "NOPE", "REFERRAL"]))
    session = {
        "profileId": draw(PROFILES | st.just("")),
        "state": draw(st.sampled_from(["open", "closed", "cancelled"])),
        "cartItems": draw(st.sampled_from([CART, [], [{"sku": "NOPE", "quantity": 1}]])),
        "couponCodes": draw(st.lists(st.sampled_from(["WELCOME10", "NOPE"]), max_size=2)),
        "referralCode": referral,
        "loyaltyCards": draw(st.sampled_from([[], ["CARD-1"]])),
    }
    now = draw(st.sampled_from(["", "&now=2026-06-01T00:00:00Z", "&now=2020-01-01T00:00:00Z"]))
    path = f"/v2/customer_sessions/{draw(st.sampled_from(['open', 'closed', 'new']))}"
    sections = [*SECTIONS, "customerSession", "coupons", "referral", "previousReturns"]
    return "PUT", f"{path}?dry=true{now}", {"customerSession": session, "responseContent": sections}


@st.composite
def returns(draw: st.DrawFn) -> tuple[str, str, Any]:
    """Dry returns, valid and invalid."""
    path = f"/v2/customer_sessions/{draw(st.sampled_from(['open', 'closed', 'new']))}/returns"
    items = [{"position": draw(st.integers(0, 2)), "quantity": draw(st.integers(1, 3))}]
    engine = draw(st.sampled_from(["", "&runRuleEngine=true"]))
    body = {"return": {"returnedCartItems": items}, "responseContent": ["loyalty", "customerProfile"]}
    return "POST", f"{path}?dry=true{engine}", body


@st.composite
def profile_updates(draw: st.DrawFn) -> tuple[str, str, Any]:
    """Dry profile updates."""
    body = {
        "attributes": {"Name": "Someone else"},
        "audiencesChanges": {"adds": draw(st.sampled_from([[], [1], [9]])), "deletes": [2]},
        "responseContent": SECTIONS,
    }
    return "PUT", f"/v2/customer_profiles/{draw(PROFILES)}?runRuleEngine=true&dry=true", body


@st.composite
def events(draw: st.DrawFn) -> tuple[str, str, Any]:
    """Dry events of both versions."""
    body: dict[str, Any] = {"profileId": draw(PROFILES), "type": "paid", "attributes": {"a": 1}}
    silent = draw(st.sampled_from(["yes", "no"]))
    if draw(st.booleans()):
        return "POST", f"/v2/events?dry=true&silent={silent}", body | {"responseContent": SECTIONS}
    body |= {
        "integrationId": draw(st.sampled_from(["event-1", "event-2"])),
        "connectedSessionId": draw(st.sampled_from(["", "closed", "open"])),
    }
    return "POST", f"/v3/events?dry=true&silent={silent}", body


REQUESTS: Final = session_updates() | returns() | profile_updates() | events()


async def send(http: httpx.AsyncClient, request: tuple[str, str, Any], referral: str) -> int:
    """Send a request, with an existing referral code in place of the placeholder."""
    method, path, body = request
    session = body.get("customerSession", {})
    if session.get("referralCode") == "REFERRAL":
        body = body | {"customerSession": session | {"referralCode": referral}}
    response = await http.request(method, path, json=body, headers={"idempotency-key": "dry"})
    assert response.status_code < 500, response.text
    return response.status_code


@given(requests=st.lists(REQUESTS, min_size=1, max_size=6), testing=st.booleans(), plain=st.booleans())
@settings(deadline=None, derandomize=True, max_examples=60)
def test_a_dry_run_does_not_change_the_snapshot(
    tmp_path_factory: pytest.TempPathFactory,
    requests: list[tuple[str, str, Any]],
    testing: bool,
    plain: bool,
) -> None:
    """Any dry run leaves a snapshot byte for byte the same."""
    folder: Path = tmp_path_factory.mktemp("dry")

    def snapshot(deployment: Deployment) -> bytes:
        deployment.save(folder / "snapshot.json")
        return (folder / "snapshot.json").read_bytes()

    async def run() -> None:
        deployment = await filled_deployment()
        before = snapshot(deployment)
        (referral,) = (code for code, record in deployment.referrals.items() if record.campaign_id == 2)
        async with plain_http(deployment) as http:
            if testing:
                http.headers["authorization"] = "ApiKey-v1 for-tests"
            for method, path, body in requests:
                # With the Testing key, requests are dry even without `dry=true`.
                target = path
                if testing and plain:
                    target = path.replace("true", "false").split("&now")[0]
                await send(http, (method, target, body), referral)
                assert snapshot(deployment) == before, (method, target)

    asyncio.run(run())


async def test_no_write_reaches_the_store_under_an_overlay(tmp_path: Path) -> None:
    """Requests that apply their effects to an overlay do not change the records under it."""
    deployment = new_deployment()
    await fill(deployment)
    deployment.save(tmp_path / "before.json")
    store = deployment.store.overlay()
    view = attrs.evolve(deployment.view(), store=store)
    (referral,) = (code for code, record in deployment.referrals.items() if record.campaign_id == 2)
    session = {
        "profileId": CUSTOMER,
        "state": "closed",
        "cartItems": CART,
        "couponCodes": ["WELCOME10"],
        "referralCode": referral,
    }
    requests: list[tuple[str, str, Any]] = [
        ("PUT", "/v2/customer_sessions/new", {"customerSession": session}),
        ("PUT", "/v2/customer_sessions/newer", {"customerSession": session}),
        ("PUT", "/v2/customer_sessions/closed", {"customerSession": {"state": "cancelled"}}),
        *STORED[3:8],
        ("PUT", "/v1/catalogs/1/sync", {"actions": [{"type": "REMOVE", "payload": {"sku": "SOCKS"}}]}),
        ("DELETE", "/v2/audiences/1", None),
        ("DELETE", "/v1/customer_data/customer-7", None),
    ]
    for method, path, body in requests:
        target, _, query = path.partition("?")
        match = Routes(OPERATIONS.values()).find(method, target.encode())
        parsed, arguments = read_call(match, query, orjson.dumps(body))
        with contextlib.suppress(ApiError):
            HANDLERS[match.operation.id](view, *([parsed] if match.operation.body else []), **arguments)
    assert store.coupons["WELCOME10"].redemptions[CUSTOMER] == 2
    assert store.campaign_use[2].friends[CUSTOMER] == 1
    assert len(store.giveaways[POOL.id]) > len(deployment.store.giveaways[POOL.id])
    assert (1 in store.audiences, "SOCKS" in store.catalogs[1].items) == (False, False)
    deployment.save(tmp_path / "after.json")
    assert (tmp_path / "after.json").read_bytes() == (tmp_path / "before.json").read_bytes()


async def test_a_dry_run_has_the_effects_of_the_real_request() -> None:
    """A dry run returns the effects and generated identifiers of the real request after it."""
    body = {"customerSession": {"profileId": "new", "cartItems": CART, "couponCodes": ["WELCOME10"]}}
    deployment = new_deployment()
    async with plain_http(deployment) as http:
        await http.put("/v1/catalogs/1/sync", json=STORED[0][2])
        path = "/v2/customer_sessions/cart-1"
        dry = (await http.put(f"{path}?dry=true", json=body)).json()
        again = (await http.put(f"{path}?dry=true", json=body)).json()
        real = (await http.put(path, json=body)).json()
    assert [effect["effectType"] for effect in dry["effects"]][:2] == ["acceptCoupon", "setDiscount"]
    assert dry["effects"] == again["effects"] == real["effects"]


async def test_the_cost_of_a_dry_run_does_not_grow_with_the_store() -> None:
    """A dry run makes as many function calls in a large deployment as in a small one."""
    small, large = [await _calls_of_a_dry_run(size) for size in (10, 2_000)]
    assert large < small * 1.05


async def _calls_of_a_dry_run(size: int) -> int:
    deployment = new_deployment()
    store, now = deployment.store, deployment.clock.now()
    await fill(deployment)
    for number in range(size):
        other = f"other-{number}"
        store.get_or_create_profile(other, now)
        store.coupons["WELCOME10"].redeem(other, 1)
        store.coupons["WELCOME10"].reserved_for.append(other)
        store.campaign_use[1].count_referral(other, 1)
        store.campaign_use[2].count_referral(other, 1)
        store.sessions[other] = attrs.evolve(store.sessions["open"])
        store.achievement_progress[other] = []
        store.catalogs[1].items[other] = CatalogItem(id=number, product=Product(name="Other"), attributes={})
        store.catalogs[1].prices[other] = PriceHistory(
            list_prices=[ListPrice(id=number, since=now, price=1.0)]
        )
        store.record_event("other", now, profile_id=other)
        store.add_coupon(CouponTerms(f"CODE-{number:04}"), 1, now)
        deployment.add_points(other, 1.0)
    (referral,) = (code for code, record in store.referrals.items() if record.campaign_id == 2)
    session = {
        "profileId": CUSTOMER,
        "state": "closed",
        "cartItems": CART,
        "couponCodes": ["WELCOME10"],
        "referralCode": referral,
        "loyaltyCards": ["CARD-1"],
    }
    body = {
        "customerSession": session,
        "responseContent": [*SECTIONS, "customerSession", "coupons", "referral"],
    }
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    async with plain_http(deployment) as http:
        path = "/v2/customer_sessions/dry?dry=true"
        assert (await http.put(path, json=body)).is_success  # fills caches
        sys.setprofile(count)
        try:
            await http.put(path, json=body)
        finally:
            sys.setprofile(None)
    return calls
