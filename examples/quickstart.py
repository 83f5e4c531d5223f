"""One customer's story, from the first cart to a return, told through the client.

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


async def story(talon: TalonClient, console: Console) -> None:
    """Tell the story.

    Args:
        talon: Where it happens.
        console: Where it is told.
    """
    run = uuid.uuid4().hex[:8]
    customer, cart = f"customer-{run}", f"cart-{run}"

    console.rule(f"{customer} signs up")
    await talon.profiles.update(
        customer, CustomerProfileIntegrationRequestV2(attributes={"Name": "Ada", "Language": "en"})
    )
    console.print("The profile is stored.")

    console.rule("A cart, and a code that nobody knows")
    state = await talon.sessions.update(
        cart,
        NewCustomerSessionV2(profile_id=customer, cart_items=CART, coupon_codes=["WELCOME01"]),
        response_content=["customerSession"],
    )
    total = state.customer_session.total if state.customer_session else 0.0
    show(console, state.effects)
    console.print(f"To pay: {price(total, state.effects):.2f}")

    console.rule("The right code")
    # What is left out, such as the items, stays as it is.
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

    console.rule("Too late to change it")
    try:
        await talon.sessions.update(cart, NewCustomerSessionV2(coupon_codes=[]))
    except StatusError as error:
        console.print(f"{type(error).__name__}: {error}", style="yellow")

    console.rule("One pair of socks comes back")
    state = await talon.sessions.return_items(
        cart, [ReturnedCartItem(sku="SOCKS-M", quantity=1)], response_content=["customerSession", "loyalty"]
    )
    show(console, state.effects)
    if state.customer_session:
        console.print(f"The order is now {state.customer_session.state}.")
    for program in state.loyalty.programs.values() if state.loyalty else ():
        console.print(f"{program.title}: {program.ledger.current_balance:g}")


def price(total: float, effects: list[Effect]) -> float:
    """Apply the effects of an answer to the total of a session.

    Args:
        total: The total before discounts.
        effects: What the rules decided.
    """
    for effect in effects:
        match effect.props:
            case SetDiscountEffectProps(value=value):
                total -= value
            case _:
                pass
    return total


def show(console: Console, effects: list[Effect]) -> None:
    """Show effects in a table.

    Args:
        console: Where to show them.
        effects: What the rules decided.
    """
    table = Table("effect", "says", "decided by")
    for effect in effects:
        table.add_row(effect.effect_type, told(effect), effect.rule_name)
    console.print(table if effects else "No effects.")


def told(effect: Effect) -> str:
    """Say in words what an effect decides."""
    match effect.props:
        case AcceptCouponEffectProps(value=code):
            return f"{code} can be used"
        case RejectCouponEffectProps(value=code, rejection_reason=reason):
            return f"{code} cannot be used: {reason}"
        case SetDiscountEffectProps(value=value):
            return f"{value:.2f} off"
        case AddLoyaltyPointsEffectProps(value=value):
            return f"{value:g} points earned"
        case RollbackDiscountEffectProps(value=value):
            return f"{value:.2f} of the discount taken back"
        case RollbackAddedLoyaltyPointsEffectProps(value=value):
            return f"{value:g} points taken back"
        case _:
            return ""


async def main() -> None:
    """Tell the story at the deployment that the environment names."""
    async with TalonClient.from_env() as talon:
        await story(talon, Console())


if __name__ == "__main__":
    asyncio.run(main())
