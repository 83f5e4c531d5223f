"""The FastAPI checkout on the sandbox: in one process, without a socket."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from examples.fastapi_checkout.app import create_app
from talon_async import TalonClient
from talon_async.sandbox import Deployment, Fault
from talon_async.testing import last_sent

CART: Final[dict[str, Any]] = {
    "customer": "customer-7",
    "lines": [{"sku": "SHOES", "quantity": 1, "price": 60.0}, {"sku": "SOCKS", "quantity": 2, "price": 20.0}],
    "coupons": ["WELCOME10"],
}


@pytest.fixture
async def shop(talon_client: TalonClient) -> AsyncIterator[httpx.AsyncClient]:
    """The checkout, with a client of the test's deployment."""
    app = create_app(talon_client)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client,
    ):
        yield client


async def test_a_coupon_gives_a_discount(shop: httpx.AsyncClient) -> None:
    """A cart is priced by the running campaigns."""
    response = await shop.put("/carts/cart-1", json=CART)
    assert response.json() == {"total": 90.0, "discount": 10.0, "rejected": {}, "promotions": True}


async def test_a_rejected_coupon_has_a_reason(shop: httpx.AsyncClient) -> None:
    """An unknown code is returned with the reason."""
    response = await shop.put("/carts/cart-1", json=CART | {"coupons": ["SUMMER"]})
    assert response.json() == {
        "total": 100.0,
        "discount": 0.0,
        "rejected": {"SUMMER": "CouponNotFound"},
        "promotions": True,
    }


async def test_an_order_redeems_and_earns(shop: httpx.AsyncClient, talon_deployment: Deployment) -> None:
    """Placing an order closes the session, which cannot be changed afterwards."""
    await shop.put("/carts/cart-1", json=CART)
    assert (await shop.post("/carts/cart-1/order")).json() == {"status": "placed"}
    assert talon_deployment.sessions["cart-1"].session.state == "closed"
    assert last_sent(talon_deployment, "updateCustomerSessionV2").body.customer_session.state == "closed"
    assert (await shop.put("/carts/cart-1", json=CART)).status_code == 422


async def test_the_checkout_goes_on_without_promotions(
    shop: httpx.AsyncClient, talon_deployment: Deployment
) -> None:
    """While the service is down, carts have no promotions."""
    with talon_deployment.faults.add(Fault(status=503)):
        response = await shop.put("/carts/cart-1", json=CART)
    assert response.json() == {"total": 100.0, "discount": 0.0, "rejected": {}, "promotions": False}
