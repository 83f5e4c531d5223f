"""The aiohttp checkout on the test kit: over real HTTP, with the client that the app itself makes."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from examples.aiohttp_checkout.app import create_app
from talon_async.sandbox import Deployment, Fault
from talon_async.testing import ServedSandbox

CART: Final[dict[str, Any]] = {
    "customer": "customer-7",
    "lines": [{"sku": "SHOES", "quantity": 1, "price": 60.0}, {"sku": "SOCKS", "quantity": 2, "price": 20.0}],
    "coupons": ["WELCOME10"],
}
Shop = TestClient[web.Request, web.Application]


@pytest.fixture
async def shop(talon_sandbox: ServedSandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    """The checkout, told by the environment where its service is."""
    monkeypatch.setenv("TALON_BASE_URL", talon_sandbox.url)
    monkeypatch.setenv("TALON_API_KEY", talon_sandbox.api_key)
    async with TestClient(TestServer(create_app())) as client:
        yield client


async def told(shop: Shop, method: str, path: str, **options: Any) -> Any:
    """What the checkout answers."""
    async with shop.request(method, path, **options) as answer:
        return await answer.json()


async def test_a_coupon_takes_a_tenth_off(shop: Shop) -> None:
    """A cart is priced by the campaigns that run."""
    assert await told(shop, "PUT", "/carts/cart-1", json=CART) == {"total": 90.0, "promotions": True}


async def test_an_order_earns_points(shop: Shop) -> None:
    """A closed session earns a point for each currency unit of its items."""
    await told(shop, "PUT", "/carts/cart-1", json=CART)
    assert await told(shop, "POST", "/carts/cart-1/order") == {"status": "placed"}
    assert await told(shop, "GET", "/customers/customer-7/points") == {"points": 100.0}


async def test_the_checkout_goes_on_when_connections_drop(shop: Shop, talon_deployment: Deployment) -> None:
    """A connection that drops once is not noticed; while all of them do, carts have their plain prices."""
    talon_deployment.faults.add(Fault(reset="before", times=1))
    assert await told(shop, "PUT", "/carts/cart-1", json=CART) == {"total": 90.0, "promotions": True}
    talon_deployment.faults.add(Fault(reset="after"))
    assert await told(shop, "PUT", "/carts/cart-2", json=CART) == {"total": 100.0, "promotions": False}


async def test_a_cart_that_cannot_be_is_refused(shop: Shop) -> None:
    """What the client refuses to send is the customer's mistake, and nothing is sent."""
    async with shop.put(
        "/carts/cart-1", json=CART | {"lines": [{"sku": "X", "quantity": 0, "price": 1}]}
    ) as answer:
        assert answer.status == 422
        assert "quantity" in await answer.text()
