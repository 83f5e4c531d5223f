"""Giveaways: promised while a session is open, handed out as it closes."""

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


async def test_a_code_is_told_only_as_the_session_closes(talon: TalonClient, deployment: Deployment) -> None:
    """An open session and a dry call promise a giveaway; closing takes the next code of the pool."""
    opened = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=AWARDED)
    dry = await talon.sessions.update(
        "cart-1", shoes_and_socks(state="closed"), dry=True, response_content=AWARDED
    )
    promise = WillAwardGiveawayEffectProps(
        pool_id=3, pool_name="Gift cards", recipient_integration_id="customer-7"
    )
    assert props(opened.effects) == props(dry.effects) == [promise]
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


async def test_codes_go_out_one_by_one_until_there_are_none(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Each award takes another code, events' too; after the last one an effect tells what went wrong."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", response_content=AWARDED)
    answers = [await talon.events.track(event, silent=False) for _ in range(3)]
    codes = [[giveaway.code for giveaway in answer.awarded_giveaways or ()] for answer in answers]
    assert codes == [["CARD-A"], ["CARD-B"], []]
    assert props(answers[2].effects) == [
        ErrorEffectProps(message="The giveaway pool 'Gift cards' has no codes left")
    ]
    assert [giveaway.code for giveaway in awarded_to(deployment.store.giveaways.values(), "customer-7")] == [
        "CARD-A",
        "CARD-B",
    ]


@pytest.mark.parametrize("undone", ["cancelled", "reopened"])
async def test_a_code_that_went_out_stays_out(
    talon: TalonClient, deployment: Deployment, undone: str
) -> None:
    """Neither cancelling nor reopening a session takes its giveaway back."""
    await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    if undone == "cancelled":
        answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
        assert answer.effects == []
    else:
        assert (await talon.sessions.reopen("cart-1")).effects == []
    assert [giveaway.code for giveaway in awarded_to(deployment.store.giveaways.values(), "customer-7")] == [
        "CARD-A"
    ]


async def test_a_pool_that_is_not_there_is_an_error_effect(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A rule that names an unknown pool spoils nothing but its own effect."""
    lost = GiveawayPool(id=9, name="Lost", codes=("X",))
    deployment.add_campaign(Campaign(name="lost", rule=lambda context: [lost.award(context.profile_id)]))
    answer = await talon.sessions.update("cart-1", shoes_and_socks(state="closed"))
    assert types(answer.effects) == ["awardGiveaway", "error"]
    assert props(answer.effects)[1] == ErrorEffectProps(message="There is no giveaway pool 9")
