"""Best prior prices: the lowest price of an item in a timeframe before a date."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from talon_async import (
    AddItemCatalogAction,
    AddPriceAdjustmentCatalogAction,
    BestPriorPrice,
    BestPriorPriceRequest,
    BestPriorTarget,
    CatalogAction,
    NewPriceAdjustment,
    PatchItemCatalogAction,
    TalonClient,
)
from talon_async.sandbox import CartItemCatalog, Clock, Deployment, Sandbox
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import plain_http

START = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
async def deployment() -> AsyncIterator[Deployment]:
    """A deployment whose member prices are for audience 4."""
    catalogs = [CartItemCatalog(price_types={"member": [4]})]
    async with Sandbox(checked_deployment(catalogs=catalogs, clock=Clock(lambda: START))) as served:
        yield served


@pytest.fixture(autouse=True)
async def history(talon: TalonClient, deployment: Deployment) -> None:
    """A price of 100, of 80 from day 10 and of 90 from day 20; sales at 70 from day 30, 60 from day 35.

    Members pay 50 from day 30 on. It is day 40.
    """

    async def sync(kind: str, payload: Any) -> None:
        await talon.catalogs.sync(1, [CatalogAction(type=kind, payload=payload)])

    await sync("ADD", AddItemCatalogAction(sku="S-1", price=100.0))
    for price in (80.0, 90.0):
        deployment.clock.advance(days=10)
        await sync("PATCH", PatchItemCatalogAction(sku="S-1", price=price))
    adjustments = [
        NewPriceAdjustment(
            price_type=kind,
            price=price,
            reference_id=f"{kind}-{day}",
            effective_from=START + timedelta(days=day),
            context_id=context,
        )
        for kind, price, day, context in (
            ("sale", 70.0, 30, "Summer"),
            ("sale", 60.0, 35, "Summer"),
            ("member", 50.0, 30, "Club"),
        )
    ]
    await sync("ADD_PRICE_ADJUSTMENT", AddPriceAdjustmentCatalogAction(sku="S-1", adjustments=adjustments))
    deployment.clock.advance(days=20)


async def best(talon: TalonClient, *, day: int, days: int, ends: str, **fields: Any) -> BestPriorPrice | None:
    """The best prior price of the item in the days before a date."""
    found = await talon.catalogs.best_prior_prices(
        BestPriorPriceRequest(
            skus=["S-1", "UNKNOWN", "S-1"],
            timeframe_end_date=START + timedelta(days=day),
            timeframe=str(days),
            timeframe_end_date_type=ends,
            **fields,
        )
    )
    assert [price.sku for price in found] in ([], ["S-1"])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("ends", "day", "days", "price", "observed"),
    [
        ("strict", 40, 30, 60.0, 35),
        ("strict", 34, 30, 70.0, 30),
        ("strict", 25, 30, 80.0, 10),
        ("strict", 25, 3, 90.0, 20),
        ("strict", 9, 30, 100.0, 0),
        ("strict", 100, 30, 60.0, 35),
        ("price", 40, 30, 70.0, 30),
        ("price", 40, 3, 70.0, 30),
        ("price", 34, 30, 80.0, 10),
        ("sale", 40, 30, 80.0, 10),
        ("sale", 40, 5, 90.0, 20),
        ("sale", 25, 30, 80.0, 10),
    ],
)
async def test_the_lowest_price_in_the_timeframe(
    talon: TalonClient, ends: str, day: int, days: int, price: float, observed: int
) -> None:
    """The timeframe ends at the given date, or before the current price or sale began."""
    found = await best(talon, day=day, days=days, ends=ends)
    assert found
    assert (found.price, found.observed_at) == (price, START + timedelta(days=observed))


async def test_a_price_names_its_adjustment(talon: TalonClient) -> None:
    """An adjusted price has reference and context, a list price has neither."""
    sale = await best(talon, day=40, days=30, ends="strict")
    assert sale
    assert (sale.context_ids, sale.context_id, sale.target.type) == (["Summer"], "Summer", "NONE")
    details = sale.metadata.adjustment_details
    assert details
    assert (details.reference_id, details.selected_price_type, details.value) == ("sale-35", "sale", 60.0)
    list_price = await best(talon, day=25, days=30, ends="strict")
    assert list_price
    assert (list_price.context_ids, list_price.context_id, list_price.metadata.adjustment_details) == (
        [],
        "",
        None,
    )
    assert list_price.metadata.influencing_campaign_details == []
    assert sale.id != list_price.id


async def test_audience_prices_need_the_audience_as_target(talon: TalonClient) -> None:
    """Prices for an audience count only if the request targets that audience."""
    found = await best(
        talon, day=40, days=30, ends="strict", target=BestPriorTarget(target_type="AUDIENCE", audience_id=4)
    )
    assert found
    assert (found.price, found.target.type) == (50.0, "AUDIENCE")
    assert found.target.audience
    assert found.target.audience.id == 4
    for target in (
        BestPriorTarget(target_type="NONE"),
        BestPriorTarget(target_type="AUDIENCE", audience_id=5),
    ):
        other = await best(talon, day=40, days=30, ends="strict", target=target)
        assert other
        assert (other.price, other.target.type) == (60.0, "NONE")


async def test_an_item_without_a_prior_price_is_omitted(talon: TalonClient, deployment: Deployment) -> None:
    """An item without a price in the timeframe has no entry."""
    assert await best(talon, day=-1, days=30, ends="strict") is None
    assert await best(talon, day=5, days=30, ends="price") is None
    deployment.reset()
    assert await best(talon, day=40, days=30, ends="strict") is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"timeframe": "a month"}, "/timeframe"),
        ({"timeframe": "0"}, "/timeframe"),
        ({"target": {"targetType": "AUDIENCE"}}, "/target/audienceID"),
        ({"skus": []}, "/skus"),
        ({"timeframeEndDateType": "month"}, "/timeframeEndDateType"),
    ],
)
async def test_invalid_requests_are_refused(
    deployment: Deployment, change: dict[str, Any], pointer: str
) -> None:
    """An invalid request gets 400 with its JSON pointer, though the contract declares no 400."""
    request = {
        "skus": ["S-1"],
        "timeframeEndDate": "2026-06-01T00:00:00Z",
        "timeframe": "30",
        "timeframeEndDateType": "strict",
    }
    http: httpx.AsyncClient
    async with plain_http(deployment) as http:
        response = await http.post("/v1/best_prior_price", json=request | change)
    assert response.status_code == 400
    assert [error["source"]["pointer"] for error in response.json()["errors"]] == [pointer]
