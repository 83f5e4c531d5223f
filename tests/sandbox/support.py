"""Shared by the sandbox tests: carts, campaigns and short ways to read effects."""

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

EVERY_SECTION = [
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
    """A cart of 100: a pair of shoes for 60 and two pairs of socks for 20 each."""
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


def session_of(response: Any) -> CustomerSessionV2:
    """The session in a response that includes `customerSession`."""
    assert isinstance(response.customer_session, CustomerSessionV2)
    return response.customer_session


def profile_of(deployment: Deployment, integration_id: str = "customer-7") -> CustomerProfile:
    """A stored profile."""
    return deployment.profiles[integration_id].profile


def granting(*granted: EffectProps, name: str = "grants", **fields: Any) -> Campaign:
    """A campaign that grants the same effects on every evaluation."""

    def rule(_context: EvaluationContext) -> list[EffectProps]:
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
    """The spendable points of the customer."""
    balance = deployment.store.points.balance("customer-7", deployment.clock.now())
    return balance.active + balance.negative


async def close_order(talon: TalonClient) -> None:
    """Place an order of 100 that gets 10 % off and earns 100 points."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"], state="closed"))


class Gate:
    """The `sleep` of a `Clock`: it blocks until the test opens the gate.

    Attributes:
        asked: The requested delays in seconds, in order.
    """

    def __init__(self, *, opened: bool = False) -> None:
        self.asked: list[float] = []
        self._opened = asyncio.Event()
        if opened:
            self.open()

    def open(self) -> None:
        """Let all current and future sleepers continue."""
        self._opened.set()

    async def sleep(self, seconds: float) -> None:
        """Block until the gate is open."""
        self.asked.append(seconds)
        await self._opened.wait()


def plain_http(deployment: Deployment) -> httpx.AsyncClient:
    """Plain HTTP to a deployment in this process, without a socket, with its key."""
    return httpx.AsyncClient(
        base_url="http://localhost",
        headers={"authorization": f"ApiKey-v1 {deployment.api_key}"},
        transport=InProcessTransport(create_app(deployment)),
    )
