"""What the tests of this room share: carts, and short ways to look at effects."""

import asyncio
from collections.abc import Iterable
from typing import Any

import attrs
import httpx

from talon_async import (
    CartItem,
    CustomerProfile,
    CustomerSessionV2,
    Effect,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async._transport.in_process import InProcessTransport
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Deployment, EvaluationContext, LoyaltyProgram, create_app

EVERY_SESSION_PART = [
    "customerSession",
    "customerProfile",
    "coupons",
    "triggeredCampaigns",
    "loyalty",
    "event",
    "awardedGiveaways",
    "ruleFailureReasons",
    "previousReturns",
    "achievements",
]


def shoes_and_socks(**fields: Any) -> NewCustomerSessionV2:
    """A cart of 60 for a pair of shoes and 2 x 20 for socks, so 100 in all."""
    given: dict[str, Any] = {
        "profile_id": "customer-7",
        "cart_items": [
            CartItem(name="Shoes", sku="SHOES", quantity=1, price=60.0),
            CartItem(name="Socks", sku="SOCKS", quantity=2, price=20.0),
        ],
    }
    return NewCustomerSessionV2(**given | fields)


def types(effects: Iterable[Effect] | None) -> list[str]:
    """The types of effects."""
    return [effect.effect_type for effect in effects or ()]


def props(effects: Iterable[Effect] | None) -> list[EffectProps | None]:
    """The properties of effects."""
    return [effect.props for effect in effects or ()]


def session_of(answer: Any) -> CustomerSessionV2:
    """The session in an answer that was asked for it."""
    assert isinstance(answer.customer_session, CustomerSessionV2)
    return answer.customer_session


def profile_of(deployment: Deployment, integration_id: str = "customer-7") -> CustomerProfile:
    """A profile as the deployment holds it."""
    return deployment.profiles[integration_id].profile


def granting(*granted: EffectProps, name: str = "grants", **fields: Any) -> Campaign:
    """A campaign that grants the same on every context."""

    def rule(_occasion: EvaluationContext) -> list[EffectProps]:
        return list(granted)

    return Campaign(name=name, rule=rule, **fields)


def configure(deployment: Deployment, **changes: Any) -> None:
    """Change the configuration of a deployment."""
    deployment.application = attrs.evolve(deployment.application, **changes)


def add_program(deployment: Deployment, program: LoyaltyProgram) -> None:
    """Add a loyalty program to a deployment, or replace the one with its ID."""
    programs = {**deployment.application.loyalty_programs, program.id: program}
    configure(deployment, loyalty_programs=programs)


def remove_campaign(deployment: Deployment, campaign_id: int) -> None:
    """Remove a campaign from a deployment."""
    campaigns = {number: running for number, running in deployment.campaigns.items() if number != campaign_id}
    configure(deployment, campaigns=campaigns)


def points_of(deployment: Deployment) -> float:
    """The points that the customer can spend."""
    balance = deployment.store.points.balance("customer-7", deployment.clock.now())
    return balance.active + balance.negative


async def close_order(talon: TalonClient) -> None:
    """Place an order of 100 with 10 % off and 100 points."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))


class Gate:
    """A sleep for a `Clock`: who sleeps goes on when the test says so.

    Attributes:
        asked: The seconds that sleepers asked for, in their order.
    """

    def __init__(self, *, opened: bool = False) -> None:
        self.asked: list[float] = []
        self._opened = asyncio.Event()
        if opened:
            self.open()

    def open(self) -> None:
        """Let everyone through, now and from now on."""
        self._opened.set()

    async def sleep(self, seconds: float) -> None:
        """Wait for the gate to be opened."""
        self.asked.append(seconds)
        await self._opened.wait()


def plain_http(deployment: Deployment) -> httpx.AsyncClient:
    """Plain HTTP to a deployment that is served nowhere, with its key."""
    return httpx.AsyncClient(
        base_url="http://localhost",
        headers={"authorization": f"ApiKey-v1 {deployment.api_key}"},
        transport=InProcessTransport(create_app(deployment)),
    )
