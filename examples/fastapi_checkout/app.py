"""A checkout on FastAPI: it prices carts and places orders; if the service is down, without promotions.

Run it with ``uvicorn --factory examples.fastapi_checkout.app:create_app``, with ``TALON_BASE_URL`` and
``TALON_API_KEY`` set.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, Field

from talon_async import (
    BadRequestError,
    CartItem,
    CircuitBreaker,
    IntegrationStateV2,
    InvalidRequestError,
    NewCustomerSessionV2,
    RejectCouponEffectProps,
    ServiceUnavailableError,
    SetDiscountEffectProps,
    TalonClient,
)


class Line(BaseModel):
    """A number of units of one item."""

    sku: str
    quantity: int = Field(ge=1)
    price: float = Field(ge=0)


class Cart(BaseModel):
    """The cart of a customer."""

    customer: str
    lines: list[Line]
    coupons: list[str] = []


class Price(BaseModel):
    """The price of a cart."""

    total: float
    discount: float = 0.0
    rejected: dict[str, str] = {}
    promotions: bool = True


def create_app(talon: TalonClient | None = None) -> FastAPI:
    """Create the app.

    Args:
        talon: The client to use, which stays open (default: one configured from the environment).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
        if talon is not None:
            app.state.talon = talon
            yield
            return
        # A customer is waiting: rather no promotions than no checkout.
        async with TalonClient.from_env(deadline=1.5, circuit_breaker=CircuitBreaker()) as app.state.talon:
            yield

    app = FastAPI(lifespan=lifespan)
    app.put("/carts/{cart_id}")(price)
    app.post("/carts/{cart_id}/order")(order)
    return app


def client_of(request: Request) -> TalonClient:
    """The client of the app."""
    talon: TalonClient = request.app.state.talon
    return talon


Talon = Annotated[TalonClient, Depends(client_of)]


async def price(cart_id: str, cart: Cart, talon: Talon) -> Price:
    """Price a cart."""
    session = NewCustomerSessionV2(
        profile_id=cart.customer,
        cart_items=[CartItem(sku=line.sku, quantity=line.quantity, price=line.price) for line in cart.lines],
        coupon_codes=cart.coupons,
    )
    total = sum(line.quantity * line.price for line in cart.lines)
    try:
        state = await talon.sessions.update(cart_id, session)
    except (InvalidRequestError, BadRequestError) as error:
        raise HTTPException(422, str(error)) from error
    except ServiceUnavailableError:
        return Price(total=total, promotions=False)
    return priced(total, state)


async def order(cart_id: str, talon: Talon) -> dict[str, str]:
    """Place the order for a priced cart: coupons are redeemed and points are earned."""
    try:
        await talon.sessions.update(cart_id, NewCustomerSessionV2(state="closed"))
    except BadRequestError as error:
        raise HTTPException(409, str(error)) from error
    return {"status": "placed"}


def priced(total: float, state: IntegrationStateV2) -> Price:
    """Apply the effects of a response to a total."""
    price = Price(total=total)
    for effect in state.effects:
        match effect.props:
            case SetDiscountEffectProps(value=value):
                price.discount += value
            case RejectCouponEffectProps(value=code, rejection_reason=reason):
                price.rejected[code] = reason
            case _:
                pass
    price.total = total - price.discount
    return price
