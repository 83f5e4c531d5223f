"""Values in responses: timestamps in UTC, finite sums, capped achievements."""

from datetime import timedelta, timezone
from typing import Any

import httpx
import pytest

from talon_async import CartItem, NewCustomerSessionV2, TalonClient
from talon_async._codec.json import is_array, is_object
from talon_async.models import EffectProps
from talon_async.sandbox import Achievement, Campaign, CouponTerms, Deployment, EvaluationContext
from tests.sandbox.loyalty import NOON, earning
from tests.sandbox.support import granting, shoes_and_socks

NEW_YORK = timezone(timedelta(hours=-5))
CART = "/v2/customer_sessions/cart-1"


def timestamps(document: Any) -> list[str]:
    """All texts in a JSON document that are timestamps."""
    if is_object(document):
        document = list(document.values())
    if is_array(document):
        return [text for value in document for text in timestamps(value)]
    return [document] if isinstance(document, str) and document[:4].isdigit() and "T" in document else []


async def test_timestamps_are_in_utc(deployment: Deployment, http: httpx.AsyncClient) -> None:
    """Responses have timestamps in UTC, whatever their offset in the request, set-up or effect."""
    local = NOON.astimezone(NEW_YORK)
    deployment.add_campaign(earning(5.0, start_date=local, expiry_date=local + timedelta(days=9)))
    terms = CouponTerms("LOCAL", start_date=local, expiry_date=local + timedelta(days=1))
    deployment.add_campaign(
        granting(coupons=[terms], start_date=local, end_date=local + timedelta(days=90), referrals=False)
    )
    deployment.add_achievement(
        Achievement(
            id=1,
            name="local",
            title="Local",
            target=1.0,
            activation_policy="fixed_schedule",
            fixed_start_date=local,
            end_date=local + timedelta(days=90),
        )
    )
    dates = {"startDate": "2026-05-01T07:00:00-05:00", "expiryDate": "2026-05-31T07:00:00-05:00"}
    cart = {"profileId": "customer-7", "couponCodes": ["LOCAL"], "state": "closed"}
    wanted = ["achievements", "coupons", "customerSession", "event", "loyalty", "triggeredCampaigns"]
    ledger = "/v1/loyalty_programs/1/profile/customer-7"
    responses = [
        await http.post(
            "/v1/referrals", json={"campaignId": 1, "advocateProfileIntegrationId": "customer-7", **dates}
        ),
        await http.put(CART, json={"customerSession": cart, "responseContent": wanted}),
        await http.get("/v1/integration/campaigns"),
        await http.get("/v1/customer_profiles/customer-7/achievements"),
        await http.get(f"{ledger}/points"),
        await http.get(f"{ledger}/transactions"),
    ]
    referral = responses[0].json()
    assert (referral["startDate"], referral["expiryDate"]) == ("2026-05-01T12:00:00Z", "2026-05-31T12:00:00Z")
    for response in responses:
        found = timestamps(response.raise_for_status().json())
        assert found
        assert [text for text in found if not text.endswith("Z")] == []
    assert responses[4].json()["data"][0]["expiryDate"] == "2026-05-10T12:00:00Z"
    assert responses[5].json()["data"][0]["startDate"] == "2026-05-01T12:00:00Z"


async def test_the_first_and_last_days_of_all_are_answered(http: httpx.AsyncClient) -> None:
    """A date that has no form in UTC comes back as it was sent."""
    for name, text in (
        ("startDate", "0001-01-01T00:00:00+14:00"),
        ("expiryDate", "9999-12-31T23:59:59-12:00"),
    ):
        body = {"campaignId": 1, "advocateProfileIntegrationId": "customer-7", name: text}
        response = await http.post("/v1/referrals", json=body)
        assert response.raise_for_status().json()[name] == text
    prices = {"skus": ["A"], "timeframe": "99999", "timeframeEndDateType": "strict"}
    catalog = {"actions": [{"type": "ADD", "payload": {"sku": "A", "price": 1.0}}]}
    (await http.put("/v1/catalogs/1/sync", json=catalog)).raise_for_status()
    for end in ("0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"):
        (await http.post("/v1/best_prior_price", json={**prices, "timeframeEndDate": end})).raise_for_status()


@pytest.mark.parametrize(
    ("cart", "pointer"),
    [
        ({"cartItems": [{"sku": "A", "quantity": 10, "price": 1e308}]}, "/cartItems"),
        ({"cartItems": [{"sku": "A", "quantity": 1, "price": 1e308}] * 2}, "/cartItems"),
        ({"cartItems": [{"sku": "A", "quantity": 1, "price": -1.7e308}] * 2}, "/cartItems"),
        (
            {
                "cartItems": [
                    {"sku": "A", "quantity": 9, "price": 1, "additionalCosts": {"fee": {"price": 1e308}}}
                ]
            },
            "/cartItems",
        ),
        (
            {
                "cartItems": [
                    {"sku": "A", "quantity": 9, "price": -1e308, "additionalCosts": {"fee": {"price": 1e308}}}
                ]
            },
            "/cartItems",
        ),
        ({"additionalCosts": {"a": {"price": 1e308}, "b": {"price": 1e308}}}, "/additionalCosts"),
    ],
)
@pytest.mark.parametrize("query", ["", "?dry=true"])
async def test_sums_that_overflow_are_refused(
    deployment: Deployment, http: httpx.AsyncClient, cart: dict[str, Any], pointer: str, query: str
) -> None:
    """A cart whose totals are no JSON numbers gets 400 at its place, and nothing is stored."""
    response = await http.put(f"{CART}{query}", json={"customerSession": {"profileId": "c", **cart}})
    assert response.status_code == 400
    assert [error["source"] for error in response.json()["errors"]] == [{"pointer": pointer}]
    assert not deployment.sessions
    assert not deployment.profiles


async def test_large_totals_are_summed(talon: TalonClient, deployment: Deployment) -> None:
    """Totals up to the limit are accepted, and the sums over all sessions of a customer stay finite."""
    for number in range(3):
        cart = NewCustomerSessionV2(
            profile_id="customer-7",
            cart_items=[CartItem(name="Yacht", sku="YACHT", quantity=1, price=1e300)],
            state="closed",
        )
        await talon.sessions.update(f"cart-{number}", cart)
    assert deployment.profiles["customer-7"].profile.total_sales == pytest.approx(3e300)


@pytest.mark.parametrize(("capped", "progress"), [(True, 3.0), (False, 5.0)])
async def test_achievements_can_be_capped_by_their_target(
    talon: TalonClient, deployment: Deployment, *, capped: bool, progress: float
) -> None:
    """A capped achievement stops at its target, others go beyond; strict mode decodes which it is."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        return [*context.achievements.increase("orders", 5.0)]

    deployment.add_achievement(
        Achievement(id=1, name="orders", title="Orders", target=3.0, capped_by_target=capped)
    )
    deployment.add_campaign(Campaign(name="counts", rule=rule))
    state = await talon.sessions.update(
        "cart-1", shoes_and_socks(state="closed"), response_content=["achievements"]
    )
    assert state.achievements
    assert state.achievements[0].is_capped_by_target is capped
    assert state.achievements[0].current_progress
    assert state.achievements[0].current_progress.progress == progress
    assert state.achievements[0].current_progress.status == "completed"
