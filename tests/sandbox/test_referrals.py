"""Referrals: codes of advocates, rewards, limits and rejection reasons."""

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
def campaign_id(deployment: Deployment) -> int:
    """The ID of a campaign that gives friends 5 off, and advocates 20 points."""
    return deployment.add_campaign(referral_reward(5.0, 20.0)).id


async def code_of(talon: TalonClient, campaign_id: int, **terms: Any) -> str:
    """A new referral code of the advocate."""
    given: dict[str, Any] = {
        "campaign_id": campaign_id,
        "advocate_profile_integration_id": "advocate",
    } | terms
    return (await talon.referrals.create(NewReferral(**given))).code


async def reason(talon: TalonClient, code: str, session: str = "cart-1", **fields: Any) -> str | None:
    """The rejection reason of a referral; `None` if it is accepted."""
    state = await talon.sessions.update(session, shoes_and_socks(referral_code=code, **fields))
    rejected = [entry for entry in props(state.effects) if isinstance(entry, RejectReferralEffectProps)]
    return rejected[0].rejection_reason if rejected else None


async def test_a_friend_and_an_advocate_are_rewarded(
    talon: TalonClient, deployment: Deployment, campaign_id: int
) -> None:
    """Closing counts the friend and adds the advocate's points. Cancelling rolls both back."""
    code = await code_of(talon, campaign_id)
    given = shoes_and_socks(referral_code=code, state="closed")
    state = await talon.sessions.update("cart-1", given, response_content=["referral"])
    assert types(state.effects)[-3:] == ["acceptReferral", "setDiscount", "addLoyaltyPoints"]
    assert state.referral
    assert (state.referral.usage_counter, state.referral.referred_customers) == (1, ["customer-7"])
    now = deployment.clock.now()
    assert deployment.store.points.balance("advocate", now).active == 20.0
    inventory = await talon.profiles.inventory("advocate", referrals=True)
    assert inventory.referrals
    (referral,) = inventory.referrals
    assert (referral.code, referral.usage_counter) == (code, 1)
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
async def test_an_invalid_referral_is_rejected_with_its_reason(
    talon: TalonClient, campaign_id: int, terms: dict[str, Any], fields: dict[str, Any], expected: str | None
) -> None:
    """Dates, another friend, and the advocate's own use each have a rejection reason."""
    assert await reason(talon, await code_of(talon, campaign_id, **terms), **fields) == expected


async def test_cancelling_restores_limits(talon: TalonClient, deployment: Deployment) -> None:
    """Code, campaign and friend each have a limit. Cancelling restores it."""
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


async def test_codes_without_a_matching_campaign_are_rejected(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Unknown codes, failed conditions, ended campaigns, and campaigns without referrals reject a code."""
    assert await reason(talon, "NOPE") == "ReferralNotFound"
    never = deployment.add_campaign(Campaign(name="never", rule=lambda _context: (), referrals=True)).id
    assert await reason(talon, await code_of(talon, never)) == "ReferralRejectedByCondition"
    ended = deployment.add_campaign(
        Campaign(name="ended", rule=lambda _context: (), referrals=True, end_date=NOW)
    ).id
    assert await reason(talon, await code_of(talon, ended)) == "ReferralPartOfNotRunningCampaign"
    assert await reason(talon, await code_of(talon, 1)) == "ReferralPartOfNotTriggeredCampaign"


async def test_create_many_creates_a_code_per_advocate(
    talon: TalonClient, deployment: Deployment, campaign_id: int
) -> None:
    """Codes follow the pattern and characters, one per advocate. A silent call returns nothing."""
    given = NewReferralsForMultipleAdvocates(
        campaign_id=campaign_id,
        advocate_profile_integration_ids=["a-1", "a-2"],
        usage_limit=3,
        referral_pattern="BRING-##",
        valid_characters=["X", "Y"],
    )
    created = await talon.referrals.create_many(given, silent=False)
    assert created
    assert [one.advocate_profile_integration_id for one in created] == ["a-1", "a-2"]
    assert all(one.code in {"BRING-XX", "BRING-XY", "BRING-YX", "BRING-YY"} for one in created)
    assert len({one.code for one in created}) == 2
    await talon.referrals.create_many(given)
    assert len(deployment.referrals) == 4
    with pytest.raises(BadRequestError, match="no more codes of the form"):
        await talon.referrals.create_many(given)


async def test_create_many_is_atomic(talon: TalonClient, deployment: Deployment, campaign_id: int) -> None:
    """A pattern with too few codes for all advocates creates no codes and no profiles."""
    given = NewReferralsForMultipleAdvocates(
        campaign_id=campaign_id,
        advocate_profile_integration_ids=["a-1", "a-2", "a-3"],
        usage_limit=1,
        referral_pattern="BRING-#",
        valid_characters=["X", "Y"],
    )
    with pytest.raises(BadRequestError, match="no more codes of the form"):
        await talon.referrals.create_many(given)
    assert (deployment.referrals, deployment.profiles) == ({}, {})


async def test_a_rule_creates_referral_codes(talon: TalonClient, deployment: Deployment) -> None:
    """A friend whose order closes gets a code as an advocate, for one use."""

    def rule(context: EvaluationContext) -> Any:
        assert context.referral
        yield AcceptReferralEffectProps(value=context.referral.code)
        if context.closing:
            yield ReferralCreatedEffectProps(value=context.new_code("NEXT-####"))

    chain = deployment.add_campaign(Campaign(name="chain", rule=rule, referrals=True)).id
    assert await reason(talon, await code_of(talon, chain)) is None
    closed = await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    (created,) = closed.created_referrals
    assert (created.advocate_profile_integration_id, created.usage_limit) == ("customer-7", 1)
    assert await reason(talon, created.code, "cart-2", profile_id="customer-8") is None
    await talon.sessions.update("cart-2", NewCustomerSessionV2(state="closed"))
    assert await reason(talon, created.code, "cart-3", profile_id="customer-9") == "ReferralLimitReached"


async def test_a_budget_limits_referrals(talon: TalonClient, deployment: Deployment) -> None:
    """A discount above the campaign's budget rejects the code."""
    small = deployment.add_campaign(attrs.evolve(referral_reward(5.0, 20.0), budget=4.0)).id
    assert await reason(talon, await code_of(talon, small)) == "EffectCouldNotBeApplied"


async def test_invalid_referrals_are_refused(talon: TalonClient, campaign_id: int) -> None:
    """An unknown campaign, and an end before the start, are refused with their JSON pointers."""
    with pytest.raises(BadRequestError, match="/campaignId"):
        await code_of(talon, 99)
    with pytest.raises(BadRequestError, match="/expiryDate"):
        await code_of(talon, campaign_id, start_date=NOW + DAY, expiry_date=NOW)
