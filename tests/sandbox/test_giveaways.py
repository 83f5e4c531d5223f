"""Giveaways: announced in open sessions, awarded when the session closes."""

from collections.abc import AsyncIterator

import pytest

from talon_async import (
    AwardGiveawayEffectProps,
    ErrorEffectProps,
    IntegrationEventV2Request,
    NewCustomerSessionV2,
    TalonClient,
    WillAwardGiveawayEffectProps,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Deployment, EvaluationContext, GiveawayPool, Sandbox
from talon_async.sandbox._domain.giveaways import awarded_to
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import props, shoes_and_socks, types

CARDS = GiveawayPool(id=3, name="Gift cards", codes=("CARD-A", "CARD-B"))
AWARDED = ["awardedGiveaways"]


def gift_card() -> Campaign:
    """A campaign that gives every customer a gift card."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        return [CARDS.award(context.profile_id)]

    return Campaign(name="a gift card for everyone", rule=rule)


@pytest.fixture
async def deployment() -> AsyncIterator[Deployment]:
    """A deployment with a pool of two codes, and a campaign that awards them."""
    async with Sandbox(checked_deployment(campaigns=[gift_card()], giveaway_pools=[CARDS])) as served:
        yield served


async def test_a_code_is_awarded_when_the_session_closes(talon: TalonClient, deployment: Deployment) -> None:
    """Open sessions and dry runs announce a giveaway. Closing awards the pool's next code."""
    opened = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=AWARDED)
    dry = await talon.sessions.update(
        "cart-1", shoes_and_socks(state="closed"), dry=True, response_content=AWARDED
    )
    announcement = WillAwardGiveawayEffectProps(
        pool_id=3, pool_name="Gift cards", recipient_integration_id="customer-7"
    )
    assert props(opened.effects) == props(dry.effects) == [announcement]
    assert opened.awarded_giveaways == dry.awarded_giveaways == []
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=AWARDED
    )
    assert types(closed.effects) == ["awardGiveaway"]
    (award,) = props(closed.effects)
    assert isinstance(award, AwardGiveawayEffectProps)
    assert (award.code, award.recipient_integration_id) == ("CARD-A", "customer-7")
    assert closed.awarded_giveaways
    (giveaway,) = closed.awarded_giveaways
    assert (giveaway.id, giveaway.code, giveaway.pool_id, giveaway.used) == (
        award.giveaway_id,
        "CARD-A",
        3,
        True,
    )
    assert giveaway.profile_id == deployment.profiles["customer-7"].profile.id
    assert (await talon.sessions.get("cart-1")).effects == closed.effects


async def test_each_code_is_awarded_once(talon: TalonClient, deployment: Deployment) -> None:
    """Each award gets another code, also for events. With an empty pool, the effect is an error."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", response_content=AWARDED)
    responses = [await talon.events.track(event, silent=False) for _ in range(3)]
    codes = [[giveaway.code for giveaway in response.awarded_giveaways or ()] for response in responses]
    assert codes == [["CARD-A"], ["CARD-B"], []]
    assert props(responses[2].effects) == [
        ErrorEffectProps(message="The giveaway pool 'Gift cards' has no codes left")
    ]
    assert [giveaway.code for giveaway in awarded_to(deployment.store.giveaways.values(), "customer-7")] == [
        "CARD-A",
        "CARD-B",
    ]


@pytest.mark.parametrize("end", ["cancelled", "reopened"])
async def test_awarded_codes_are_not_rolled_back(
    talon: TalonClient, deployment: Deployment, end: str
) -> None:
    """Neither cancelling nor reopening a session rolls back its giveaways."""
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    if end == "cancelled":
        response = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
        assert response.effects == []
    else:
        assert (await talon.sessions.reopen("cart-1")).effects == []
    assert [giveaway.code for giveaway in awarded_to(deployment.store.giveaways.values(), "customer-7")] == [
        "CARD-A"
    ]


async def test_an_unknown_pool_is_an_error_effect(talon: TalonClient, deployment: Deployment) -> None:
    """An award from an unknown pool becomes an error effect. Other effects are unaffected."""
    missing = GiveawayPool(id=9, name="Missing", codes=("X",))
    deployment.add_campaign(
        Campaign(name="missing", rule=lambda context: [missing.award(context.profile_id)])
    )
    response = await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert types(response.effects) == ["awardGiveaway", "error"]
    assert props(response.effects)[1] == ErrorEffectProps(message="There is no giveaway pool 9")
