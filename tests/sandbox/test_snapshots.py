"""Snapshots: all records of a deployment, saved to a file and loaded."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import orjson
import pytest

from talon_async.models import EffectProps
from talon_async.sandbox import (
    Achievement,
    Campaign,
    Clock,
    Deployment,
    EvaluationContext,
    GiveawayPool,
    LoyaltyProgram,
    LoyaltyTier,
    default_campaigns,
    percentage_coupon,
)
from talon_async.sandbox._deployment.store import Store
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import plain_http

CART = {
    "profileId": "customer-7",
    "couponCodes": ["WELCOME10"],
    "cartItems": [
        {"sku": "SHOES", "quantity": 1, "price": 60.0, "attributes": {"Size": 42}, "additionalCosts": None},
        {"name": "Socks", "sku": "SOCKS", "quantity": 2, "price": 20, "novel": {"a": [1, None]}},
    ],
}
SECTIONS = ["customerSession", "customerProfile", "coupons", "loyalty", "event", "previousReturns"]


CARDS = GiveawayPool(id=3, name="Gift cards", codes=("CARD-A", "CARD-B", "CARD-C", "CARD-D"))


def everything(context: EvaluationContext) -> Iterator[EffectProps]:
    """A rule that creates records of every kind."""
    if context.closing:
        yield CARDS.award(context.profile_id)
        yield from context.achievements.increase("orders", 2)


def new_deployment(**fields: Any) -> Deployment:
    """A deployment with every kind of configuration and a fixed clock."""
    setup: dict[str, Any] = {
        "campaigns": [*default_campaigns(), Campaign(name="everything", rule=everything)],
        "achievements": [Achievement(id=1, name="orders", title="Orders", target=3, period="30D")],
        "giveaway_pools": [CARDS],
        "loyalty_programs": [
            LoyaltyProgram(
                id=1, name="points", title="Points", tiers=[LoyaltyTier(name="gold", min_points=9)]
            ),
            LoyaltyProgram(id=2, name="cards", title="Cards", card_based=True),
        ],
        "clock": Clock(lambda: datetime(2026, 5, 1, 12, 0, 0, 123456, UTC)),
    }
    return checked_deployment(**setup | fields)


def update(session: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    """A session update that requests all sections."""
    path = f"/v2/customer_sessions/{session}"
    return "PUT", path, {"customerSession": CART | fields, "responseContent": SECTIONS}


SETUP = [
    (
        "PUT",
        "/v1/catalogs/1/sync",
        {"actions": [{"type": "ADD", "payload": {"sku": sku, "price": 9.5}} for sku in ("SHOES", "SOCKS")]},
    ),
    ("POST", "/v2/audiences", {"name": "Friends", "integrationId": "friends"}),
    ("POST", "/v1/loyalty_programs/2/cards", {"cardIdentifier": "CARD-1"}),
    ("POST", "/v1/referrals", {"campaignId": 1, "advocateProfileIntegrationId": "customer-8"}),
    (
        "POST",
        "/v3/events?silent=no",
        {"profileId": "customer-8", "type": "paid", "integrationId": "event-1", "attributes": {"Sum": 1.5}},
    ),
]
REQUESTS = [
    update("cart-1"),
    update("cart-1", state="closed"),
    update("cart-2", state="closed", couponCodes=["NOPE"], referralCode="NOPE", attributes={"When": None}),
    update("cart-3%2F%C3%AB", profileId="", additionalCosts={"shipping": {"price": 5}}),
    ("PUT", "/v2/customer_sessions/cart-1/reopen", None),
    update("cart-1", state="closed"),
    (
        "POST",
        "/v2/customer_sessions/cart-2/returns",
        {"return": {"returnedCartItems": [{"position": 1, "quantity": 1}]}},
    ),
    ("PUT", "/v2/customer_profiles/customer-8?runRuleEngine=true", {"attributes": {"Name": "Zoe"}}),
    ("POST", "/v2/events", {"profileId": "customer-8", "type": "shared", "attributes": {"Where": ["a"]}}),
    update("cart-1"),
]
"""Requests that create records of every kind, sent with idempotency keys."""

LATER_REQUESTS = [
    update("cart-2", state="cancelled"),
    ("GET", "/v2/customer_sessions/cart-1", None),
    (
        "POST",
        "/v2/customer_sessions/cart-1/returns",
        {"return": {"returnedCartItems": [{"sku": "SHOES"}]}, "responseContent": SECTIONS},
    ),
    update("cart-1", state="cancelled"),
    update("cart-4", state="closed"),
    ("GET", "/v1/loyalty_programs/1/profile/customer-7/transactions", None),
    ("GET", "/v1/loyalty_programs/1/profile/customer-7/balances?includeTiers=true", None),
    ("GET", "/v1/loyalty_programs/2/cards/CARD-1/balances", None),
    ("GET", "/v3/events/event-1", None),
    ("GET", "/v1/customer_profiles/customer-7/achievements", None),
    ("PUT", "/v1/catalogs/1/sync", {"actions": [{"type": "PATCH", "payload": {"sku": "SHOES"}}]}),
    ("PUT", "/v2/audiences/1", {"name": "Good friends"}),
    ("PUT", "/v2/customer_profiles/customer-8?runRuleEngine=true", {"responseContent": ["customerProfile"]}),
]
"""Requests whose responses depend on the stored records."""


async def send_all(deployment: Deployment, calls: list[Any], key: str) -> list[tuple[int, bytes]]:
    """Send requests, each with its own idempotency key, and return statuses and bodies."""
    responses: list[tuple[int, bytes]] = []
    async with plain_http(deployment) as http:
        for number, (method, path, body) in enumerate(calls):
            header = {"idempotency-key": f"{key}-{number}"}
            response = await http.request(method, path, json=body, headers=header)
            assert response.status_code < 500, response.text
            responses.append((response.status_code, response.content))
    return responses


def records_of(deployment: Deployment) -> dict[str, str]:
    """The `repr` of all records, so that any difference shows."""
    return {field.name: repr(getattr(deployment.store, field.name)) for field in attrs.fields(Store)}


async def test_a_loaded_deployment_equals_the_saved_one(tmp_path: Path) -> None:
    """Loading restores every record exactly, and later responses are the same."""
    saved, loaded = new_deployment(seed=7), new_deployment()
    await send_all(saved, SETUP, "setup")
    responses = await send_all(saved, REQUESTS, "request")
    saved.clock.advance(hours=1)
    assert [name for name in records_of(saved) if not getattr(saved.store, name)] == [], (
        "a kind of record is empty"
    )
    saved.save(tmp_path / "records.json")
    loaded.load(tmp_path / "records.json")
    assert records_of(loaded) == records_of(saved)
    assert (loaded.store.seed, loaded.clock.now()) == (7, saved.clock.now())
    assert await send_all(loaded, REQUESTS, "request") == responses, (
        "the keys still get their stored responses"
    )
    assert await send_all(loaded, LATER_REQUESTS, "later") == await send_all(saved, LATER_REQUESTS, "later")
    assert records_of(loaded) == records_of(saved)


async def test_loading_and_saving_replace(tmp_path: Path) -> None:
    """Loading replaces all records. Saving replaces the file and leaves no other file."""
    first, other = new_deployment(), new_deployment()
    file = tmp_path / "records.json"
    file.write_text("something else")
    first.save(str(file))
    await send_all(other, REQUESTS, "request")
    other.load(str(file))
    assert records_of(other) == records_of(first)
    assert os.listdir(tmp_path) == [file.name]


async def test_a_snapshot_of_other_campaigns_is_refused(tmp_path: Path) -> None:
    """A snapshot loads only with the same campaigns. Otherwise nothing changes."""
    file = tmp_path / "records.json"
    new_deployment().save(file)
    other = new_deployment(campaigns=[percentage_coupon("OTHER", 50)], seed=3)
    await send_all(other, [update("cart-1")], "key")
    before = records_of(other)
    with pytest.raises(ValueError, match=r"campaigns.*OTHER.*found.*WELCOME10"):
        other.load(file)
    assert records_of(other) == before
    assert other.store.seed == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ([], []),
        (["format"], 99),
        (["heading"], None),
        (["records", "sessions"], None),
        (["records", "events"], [7]),
        (["records", "coupons", "WELCOME10"], {}),
    ],
)
async def test_an_invalid_snapshot_is_refused(tmp_path: Path, path: list[str], value: Any) -> None:
    """An invalid file raises `ValueError` with its name, and nothing changes."""
    deployment = new_deployment()
    await send_all(deployment, REQUESTS, "request")
    file = tmp_path / "records.json"
    deployment.save(file)
    document = orjson.loads(file.read_bytes())
    if path:
        node = document
        for name in path[:-1]:
            node = node[name]
        node[path[-1]] = value
    else:
        document = value
    file.write_bytes(orjson.dumps(document))
    before = records_of(deployment)
    with pytest.raises(ValueError, match=r"records\.json is not a snapshot of this release"):
        deployment.load(file)
    assert records_of(deployment) == before
    file.write_text("{")
    with pytest.raises(ValueError, match="not a snapshot"):
        deployment.load(file)
    with pytest.raises(FileNotFoundError):
        deployment.load(tmp_path / "nowhere.json")


def test_a_record_that_is_not_json_is_refused(tmp_path: Path) -> None:
    """A record that JSON cannot represent raises `TypeError`, and no file is written."""
    deployment = new_deployment()
    deployment.store.sessions["cart-1"] = object()  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="object"):
        deployment.save(tmp_path / "records.json")
    assert not list(tmp_path.iterdir())
