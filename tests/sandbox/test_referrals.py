"""Referrals: codes of advocates, the friends they bring in, and why they are rejected."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
import pytest

from talon_async import (
    AcceptReferralEffectProps,
    BadRequestError,
    NewCustomerSessionV2,
    NewReferral,
    NewReferralsForMultipleAdvocates,
    ReferralCreatedEffectProps,
    RejectReferralEffectProps,
    TalonClient,
)
from talon_async.sandbox import Campaign, Deployment, EvaluationContext, referral_reward
from tests.sandbox.support import props, shoes_and_socks, types

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


@pytest.fixture
def campaign(deployment: Deployment) -> int:
    """The number of a campaign that gives friends 5 off, and advocates 20 points."""
    return deployment.add_campaign(referral_reward(5.0, 20.0)).id


async def code_of(talon: TalonClient, campaign: int, **terms: Any) -> str:
    """A referral code of the advocate."""
    given: dict[str, Any] = {"campaign_id": campaign, "advocate_profile_integration_id": "advocate"} | terms
    return (await talon.referrals.create(NewReferral(**given))).code


async def reason(talon: TalonClient, code: str, session: str = "cart-1", **fields: Any) -> str | None:
    """Why a referral is rejected; `None` if it is taken."""
    state = await talon.sessions.update(session, shoes_and_socks(referral_code=code, **fields))
    rejected = [entry for entry in props(state.effects) if isinstance(entry, RejectReferralEffectProps)]
    return rejected[0].rejection_reason if rejected else None


async def test_a_friend_and_an_advocate_are_rewarded(
    talon: TalonClient, deployment: Deployment, campaign: int
) -> None:
    """Closing counts the friend and pays the advocate; cancelling takes both back."""
    code = await code_of(talon, campaign)
    given = shoes_and_socks(referral_code=code, state="closed")
    state = await talon.sessions.update("cart-1", given, response_content=["referral"])
    assert types(state.effects)[-3:] == ["acceptReferral", "setDiscount", "addLoyaltyPoints"]
    assert state.referral
    assert (state.referral.usage_counter, state.referral.referred_customers) == (1, ["customer-7"])
    now = deployment.clock.now()
    assert deployment.store.points.balance("advocate", now).active == 20.0
    inventory = await talon.profiles.inventory("advocate", referrals=True)
    assert inventory.referrals
    (mine,) = inventory.referrals
    assert (mine.code, mine.usage_counter) == (code, 1)
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert deployment.referrals[code].referred == []
    assert deployment.store.points.balance("advocate", now).active == 0.0


@pytest.mark.parametrize(
    ("terms", "fields", "expected"),
    [
        ({}, {}, None),
        ({"start_date": NOW + DAY}, {}, "ReferralStartDateInFuture"),
        ({"expiry_date": NOW}, {}, "ReferralExpired"),
        ({"friend_profile_integration_id": "customer-8"}, {}, "ReferralRecipientDoesNotMatch"),
        ({}, {"profile_id": "advocate"}, "ReferralRecipientIdSameAsAdvocate"),
    ],
)
async def test_a_referral_is_taken_on_its_terms(
    talon: TalonClient, campaign: int, terms: dict[str, Any], fields: dict[str, Any], expected: str | None
) -> None:
    """Dates, the friend it is for, and the advocate's own use: each breach has its own reason."""
    assert await reason(talon, await code_of(talon, campaign, **terms), **fields) == expected


async def test_limits_are_used_up_and_given_back(talon: TalonClient, deployment: Deployment) -> None:
    """A code, a campaign and a friend each have their limit; cancelling gives back."""
    one = deployment.add_campaign(referral_reward(5.0, 20.0)).id
    limited = deployment.add_campaign(attrs.evolve(referral_reward(5.0, 20.0), referral_limit=1)).id
    once = await code_of(talon, one, usage_limit=1)
    often = await code_of(talon, one)
    first, second = await code_of(talon, limited), await code_of(talon, limited)
    await reason(talon, once)
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    assert await reason(talon, once, "cart-2", profile_id="customer-8") == "ReferralLimitReached"
    assert await reason(talon, often, "cart-3") == "ReferralCustomerAlreadyReferred"
    await reason(talon, first, "cart-4")
    await talon.sessions.update("cart-4", NewCustomerSessionV2(state="closed"))
    assert await reason(talon, second, "cart-5", profile_id="customer-8") == "CampaignLimitReached"
    for session in ("cart-1", "cart-4"):
        await talon.sessions.update(session, NewCustomerSessionV2(state="cancelled"))
    assert await reason(talon, once, "cart-2") is None
    assert await reason(talon, second, "cart-5") is None


async def test_codes_that_no_campaign_takes_up_are_rejected(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A code that is none, that no rule takes, whose campaign is over, or that takes no referrals."""
    assert await reason(talon, "NOPE") == "ReferralNotFound"
    stern = deployment.add_campaign(Campaign(name="stern", rule=lambda _occasion: (), referrals=True)).id
    assert await reason(talon, await code_of(talon, stern)) == "ReferralRejectedByCondition"
    over = deployment.add_campaign(
        Campaign(name="over", rule=lambda _occasion: (), referrals=True, end_date=NOW)
    ).id
    assert await reason(talon, await code_of(talon, over)) == "ReferralPartOfNotRunningCampaign"
    assert await reason(talon, await code_of(talon, 1)) == "ReferralPartOfNotTriggeredCampaign"


async def test_many_codes_are_made_at_once(talon: TalonClient, deployment: Deployment, campaign: int) -> None:
    """Codes follow their pattern and characters, one for each advocate; a silent call is told nothing."""
    given = NewReferralsForMultipleAdvocates(
        campaign_id=campaign,
        advocate_profile_integration_ids=["a-1", "a-2"],
        usage_limit=3,
        referral_pattern="BRING-##",
        valid_characters=["X", "Y"],
    )
    made = await talon.referrals.create_many(given, silent=False)
    assert made
    assert [one.advocate_profile_integration_id for one in made] == ["a-1", "a-2"]
    assert all(one.code in {"BRING-XX", "BRING-XY", "BRING-YX", "BRING-YY"} for one in made)
    assert len({one.code for one in made}) == 2
    await talon.referrals.create_many(given)
    assert len(deployment.referrals) == 4
    with pytest.raises(BadRequestError, match="no more codes of the form"):
        await talon.referrals.create_many(given)


async def test_many_codes_are_made_or_none(talon: TalonClient, deployment: Deployment, campaign: int) -> None:
    """A pattern that gives too few codes for all advocates gives none, and makes no profiles."""
    given = NewReferralsForMultipleAdvocates(
        campaign_id=campaign,
        advocate_profile_integration_ids=["a-1", "a-2", "a-3"],
        usage_limit=1,
        referral_pattern="BRING-#",
        valid_characters=["X", "Y"],
    )
    with pytest.raises(BadRequestError, match="no more codes of the form"):
        await talon.referrals.create_many(given)
    assert (deployment.referrals, deployment.profiles) == ({}, {})


async def test_a_rule_makes_referral_codes(talon: TalonClient, deployment: Deployment) -> None:
    """A friend whose order closes gets a code, as an advocate, for one use by another friend."""

    def rule(context: EvaluationContext) -> Any:
        assert context.referral
        yield AcceptReferralEffectProps(value=context.referral.code)
        if context.closing:
            yield ReferralCreatedEffectProps(value=context.new_code("NEXT-####"))

    chain = deployment.add_campaign(Campaign(name="chain", rule=rule, referrals=True)).id
    assert await reason(talon, await code_of(talon, chain)) is None
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    (made,) = closed.created_referrals
    assert (made.advocate_profile_integration_id, made.usage_limit) == ("customer-7", 1)
    assert await reason(talon, made.code, "cart-2", profile_id="customer-8") is None
    await talon.sessions.update("cart-2", NewCustomerSessionV2(state="closed"))
    assert await reason(talon, made.code, "cart-3", profile_id="customer-9") == "ReferralLimitReached"


async def test_a_budget_binds_referrals(talon: TalonClient, deployment: Deployment) -> None:
    """A friend's discount beyond the campaign's budget rejects the code."""
    small = deployment.add_campaign(attrs.evolve(referral_reward(5.0, 20.0), budget=4.0)).id
    assert await reason(talon, await code_of(talon, small)) == "EffectCouldNotBeApplied"


async def test_a_referral_needs_its_campaign(talon: TalonClient, campaign: int) -> None:
    """An unknown campaign, and an end before the start, are refused by their fields."""
    with pytest.raises(BadRequestError, match="/campaignId"):
        await code_of(talon, 99)
    with pytest.raises(BadRequestError, match="/expiryDate"):
        await code_of(talon, campaign, start_date=NOW + DAY, expiry_date=NOW)
