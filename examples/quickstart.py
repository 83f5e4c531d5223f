"""One customer's purchase, from the first cart to a return.

Run it against any deployment: ``TALON_BASE_URL=... TALON_API_KEY=... python -m examples.quickstart``.
"""

import asyncio
import uuid

from rich.console import Console
from rich.table import Table

from talon_async import (
    AcceptCouponEffectProps,
    AddLoyaltyPointsEffectProps,
    CartItem,
    CustomerProfileIntegrationRequestV2,
    Effect,
    NewCustomerSessionV2,
    RejectCouponEffectProps,
    ReturnedCartItem,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDiscountEffectProps,
    SetDiscountEffectProps,
    StatusError,
    TalonClient,
)

CART = [
    CartItem(name="Sneakers", sku="SNEAKERS-42", quantity=1, price=99.0),
    CartItem(name="Socks", sku="SOCKS-M", quantity=3, price=8.5),
]


async def run(talon: TalonClient, console: Console) -> None:
    """Create a customer and a cart, redeem a coupon, place the order and return an item.

    Args:
        talon: The client.
        console: Where to print.
    """
    suffix = uuid.uuid4().hex[:8]
    customer, cart = f"customer-{suffix}", f"cart-{suffix}"

    console.rule(f"{customer} signs up")
    await talon.profiles.update(
        customer, CustomerProfileIntegrationRequestV2(attributes={"Name": "Ada", "Language": "en"})
    )
    console.print("The profile is stored.")

    console.rule("A cart with an unknown code")
    state = await talon.sessions.update(
        cart,
        NewCustomerSessionV2(profile_id=customer, cart_items=CART, coupon_codes=["WELCOME01"]),
        response_content=["customerSession"],
    )
    total = state.customer_session.total if state.customer_session else 0.0
    show(console, state.effects)
    console.print(f"To pay: {price(total, state.effects):.2f}")

    console.rule("A valid code")
    # Attributes that are not sent, such as the items, keep their values.
    state = await talon.sessions.update(cart, NewCustomerSessionV2(coupon_codes=["WELCOME10"]))
    show(console, state.effects)
    console.print(f"To pay: {price(total, state.effects):.2f} instead of {total:.2f}")

    console.rule("The order is placed")
    state = await talon.sessions.update(
        cart, NewCustomerSessionV2(state="closed"), response_content=["customerProfile", "loyalty"]
    )
    show(console, state.effects)
    if state.customer_profile:
        console.print(f"Orders so far: {state.customer_profile.closed_sessions}")
    for program in state.loyalty.programs.values() if state.loyalty else ():
        console.print(f"{program.title}: {program.ledger.current_balance:g}")

    console.rule("A closed session cannot be changed")
    try:
        await talon.sessions.update(cart, NewCustomerSessionV2(coupon_codes=[]))
    except StatusError as error:
        console.print(f"{type(error).__name__}: {error}", style="yellow")

    console.rule("One pair of socks is returned")
    state = await talon.sessions.return_items(
        cart, [ReturnedCartItem(sku="SOCKS-M", quantity=1)], response_content=["customerSession", "loyalty"]
    )
    show(console, state.effects)
    if state.customer_session:
        console.print(f"The order is now {state.customer_session.state}.")
    for program in state.loyalty.programs.values() if state.loyalty else ():
        console.print(f"{program.title}: {program.ledger.current_balance:g}")


def price(total: float, effects: list[Effect]) -> float:
    """Subtract the discounts from the total of a session.

    Args:
        total: The total before discounts.
        effects: The effects of the response.
    """
    for effect in effects:
        match effect.props:
            case SetDiscountEffectProps(value=value):
                total -= value
            case _:
                pass
    return total


def show(console: Console, effects: list[Effect]) -> None:
    """Print effects as a table.

    Args:
        console: Where to print.
        effects: The effects of the response.
    """
    table = Table("effect", "details", "rule")
    for effect in effects:
        table.add_row(effect.effect_type, details(effect), effect.rule_name)
    console.print(table if effects else "No effects.")


def details(effect: Effect) -> str:
    """Describe an effect."""
    match effect.props:
        case AcceptCouponEffectProps(value=code):
            return f"{code} is accepted"
        case RejectCouponEffectProps(value=code, rejection_reason=reason):
            return f"{code} is rejected: {reason}"
        case SetDiscountEffectProps(value=value):
            return f"{value:.2f} off"
        case AddLoyaltyPointsEffectProps(value=value):
            return f"{value:g} points earned"
        case RollbackDiscountEffectProps(value=value):
            return f"{value:.2f} of the discount rolled back"
        case RollbackAddedLoyaltyPointsEffectProps(value=value):
            return f"{value:g} points rolled back"
        case _:
            return ""


async def main() -> None:
    """Run on the deployment that the environment configures."""
    async with TalonClient.from_env() as talon:
        await run(talon, Console())


if __name__ == "__main__":
    asyncio.run(main())
