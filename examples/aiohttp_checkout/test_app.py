"""The aiohttp checkout on the sandbox: over HTTP, with the client that the app creates itself."""

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
    """The checkout, configured from the environment."""
    monkeypatch.setenv("TALON_BASE_URL", talon_sandbox.url)
    monkeypatch.setenv("TALON_API_KEY", talon_sandbox.api_key)
    async with TestClient(TestServer(create_app())) as client:
        yield client


async def request(shop: Shop, method: str, path: str, **options: Any) -> Any:
    """Send a request to the checkout, and return the JSON of the response."""
    async with shop.request(method, path, **options) as response:
        return await response.json()


async def test_a_coupon_gives_a_discount(shop: Shop) -> None:
    """A cart is priced by the running campaigns."""
    assert await request(shop, "PUT", "/carts/cart-1", json=CART) == {"total": 90.0, "promotions": True}


async def test_an_order_earns_points(shop: Shop) -> None:
    """A closed session earns one point per currency unit of its items."""
    await request(shop, "PUT", "/carts/cart-1", json=CART)
    assert await request(shop, "POST", "/carts/cart-1/order") == {"status": "placed"}
    assert await request(shop, "GET", "/customers/customer-7/points") == {"points": 100.0}


async def test_the_checkout_goes_on_when_connections_drop(shop: Shop, talon_deployment: Deployment) -> None:
    """One dropped connection is retried; while all connections drop, carts have no promotions."""
    talon_deployment.faults.add(Fault(reset="before", times=1))
    assert await request(shop, "PUT", "/carts/cart-1", json=CART) == {"total": 90.0, "promotions": True}
    talon_deployment.faults.add(Fault(reset="after"))
    assert await request(shop, "PUT", "/carts/cart-2", json=CART) == {"total": 100.0, "promotions": False}


async def test_an_invalid_cart_is_refused(shop: Shop) -> None:
    """The client does not send an invalid cart; the checkout returns 422 and names the field."""
    async with shop.put(
        "/carts/cart-1", json=CART | {"lines": [{"sku": "X", "quantity": 0, "price": 1}]}
    ) as response:
        assert response.status == 422
        assert "quantity" in await response.text()
