"""Snapshots: all that a deployment holds, in a file and back."""

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
PARTS = ["customerSession", "customerProfile", "coupons", "loyalty", "event", "previousReturns"]


CARDS = GiveawayPool(id=3, name="Gift cards", codes=("CARD-A", "CARD-B", "CARD-C", "CARD-D"))


def everything(context: EvaluationContext) -> Iterator[EffectProps]:
    """A rule that leaves records of every kind."""
    if context.closing:
        yield CARDS.award(context.profile_id)
        yield from context.achievements.increase("orders", 2)


def new_deployment(**fields: Any) -> Deployment:
    """A deployment with set-up of every kind, whose clock stands still."""
    set_up: dict[str, Any] = {
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
    return checked_deployment(**set_up | fields)


def update(session: str, **fields: Any) -> tuple[str, str, dict[str, Any]]:
    """A session update that asks for all parts of its answer."""
    path = f"/v2/customer_sessions/{session}"
    return "PUT", path, {"customerSession": CART | fields, "responseContent": PARTS}


BEFORE = [
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
STORY = [
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
"""Calls that leave something in every part of a deployment; those of the story take idempotency keys."""

MORE = [
    update("cart-2", state="cancelled"),
    ("GET", "/v2/customer_sessions/cart-1", None),
    (
        "POST",
        "/v2/customer_sessions/cart-1/returns",
        {"return": {"returnedCartItems": [{"sku": "SHOES"}]}, "responseContent": PARTS},
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
"""Calls whose answers depend on what came before."""


async def tell(deployment: Deployment, calls: list[Any], key: str) -> list[tuple[int, bytes]]:
    """Make calls, with a key for each, and give their answers."""
    answers: list[tuple[int, bytes]] = []
    async with plain_http(deployment) as http:
        for number, (method, path, body) in enumerate(calls):
            header = {"idempotency-key": f"{key}-{number}"}
            answer = await http.request(method, path, json=body, headers=header)
            assert answer.status_code < 500, answer.text
            answers.append((answer.status_code, answer.content))
    return answers


def records_of(deployment: Deployment) -> dict[str, str]:
    """All records, written so that any difference shows."""
    return {field.name: repr(getattr(deployment.store, field.name)) for field in attrs.fields(Store)}


async def test_a_deployment_comes_back_as_it_was(tmp_path: Path) -> None:
    """Every record is read back exactly, and the story goes on as if nothing had happened in between."""
    saved, loaded = new_deployment(seed=7), new_deployment()
    await tell(saved, BEFORE, "before")
    told = await tell(saved, STORY, "story")
    saved.clock.advance(hours=1)
    assert [name for name in records_of(saved) if not getattr(saved.store, name)] == [], (
        "a part has nothing in it"
    )
    saved.save(tmp_path / "records.json")
    loaded.load(tmp_path / "records.json")
    assert records_of(loaded) == records_of(saved)
    assert (loaded.store.seed, loaded.clock.now()) == (7, saved.clock.now())
    assert await tell(loaded, STORY, "story") == told, "the keys still get their first answers"
    assert await tell(loaded, MORE, "more") == await tell(saved, MORE, "more")
    assert records_of(loaded) == records_of(saved)


async def test_what_was_there_gives_way(tmp_path: Path) -> None:
    """Loading replaces all records, and writing replaces the file; only the file itself is left."""
    first, other = new_deployment(), new_deployment()
    file = tmp_path / "records.json"
    file.write_text("something else")
    first.save(str(file))
    await tell(other, STORY, "story")
    other.load(str(file))
    assert records_of(other) == records_of(first)
    assert os.listdir(tmp_path) == [file.name]


async def test_other_campaigns_are_refused(tmp_path: Path) -> None:
    """Records belong to the campaigns they were made with; with others nothing is loaded."""
    file = tmp_path / "records.json"
    new_deployment().save(file)
    other = new_deployment(campaigns=[percentage_coupon("OTHER", 50)], seed=3)
    await tell(other, [update("cart-1")], "key")
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
async def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path, path: list[str], value: Any) -> None:
    """What cannot be read whole is refused whole, and the file is named."""
    deployment = new_deployment()
    await tell(deployment, STORY, "story")
    file = tmp_path / "records.json"
    deployment.save(file)
    document = orjson.loads(file.read_bytes())
    if path:
        place = document
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
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


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    """A record that is no data is named, and no file is left half written."""
    deployment = new_deployment()
    deployment.store.sessions["cart-1"] = object()  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="object"):
        deployment.save(tmp_path / "records.json")
    assert not list(tmp_path.iterdir())
