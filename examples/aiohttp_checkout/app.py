"""A checkout on aiohttp: it prices carts, places orders and reads loyalty points.

Run it with ``python -m aiohttp.web examples.aiohttp_checkout.app:create_app``, with ``TALON_BASE_URL`` and
``TALON_API_KEY`` set.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

from aiohttp import web

from talon_async import (
    BadRequestError,
    CartItem,
    InvalidRequestError,
    NewCustomerSessionV2,
    ServiceUnavailableError,
    SetDiscountEffectProps,
    TalonClient,
)

TALON: Final = web.AppKey("talon", TalonClient)
PROGRAM_ID: Final = 1


def create_app(_arguments: list[str] | None = None) -> web.Application:
    """Create the app; its client is configured from the environment."""
    app = web.Application()
    app.cleanup_ctx.append(open_client)
    app.add_routes(
        [
            web.put("/carts/{cart}", price),
            web.post("/carts/{cart}/order", order),
            web.get("/customers/{customer}/points", points),
        ]
    )
    return app


async def open_client(app: web.Application) -> AsyncIterator[None]:
    """Open one client with the app, and close it with the app."""
    async with TalonClient.from_env(deadline=1.5) as talon:
        app[TALON] = talon
        yield


async def price(request: web.Request) -> web.Response:
    """Price a cart; if the service is down, without promotions."""
    cart: dict[str, Any] = await request.json()
    total = sum(line["quantity"] * line["price"] for line in cart["lines"])
    session = NewCustomerSessionV2(
        profile_id=cart["customer"],
        cart_items=[CartItem(**line) for line in cart["lines"]],
        coupon_codes=cart.get("coupons", []),
    )
    try:
        state = await request.app[TALON].sessions.update(request.match_info["cart"], session)
    except (InvalidRequestError, BadRequestError) as error:
        raise web.HTTPUnprocessableEntity(text=str(error)) from error
    except ServiceUnavailableError:
        return web.json_response({"total": total, "promotions": False})
    discounts = [
        effect.props.value for effect in state.effects if isinstance(effect.props, SetDiscountEffectProps)
    ]
    return web.json_response({"total": total - sum(discounts), "promotions": True})


async def order(request: web.Request) -> web.Response:
    """Place the order for a priced cart."""
    try:
        await request.app[TALON].sessions.update(
            request.match_info["cart"], NewCustomerSessionV2(state="closed")
        )
    except BadRequestError as error:
        raise web.HTTPConflict(text=str(error)) from error
    return web.json_response({"status": "placed"})


async def points(request: web.Request) -> web.Response:
    """Return the points that a customer can spend."""
    customer = request.match_info["customer"]
    balances = await request.app[TALON].loyalty.profiles(PROGRAM_ID, customer).balances()
    return web.json_response({"points": balances.balance.active_points if balances.balance else 0})
