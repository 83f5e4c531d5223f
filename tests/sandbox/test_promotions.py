"""Promotions: what rules are given, what becomes of what they grant, and the ready ones."""

from collections.abc import Iterator

import httpx
import pytest

from talon_async import (
    UNSET,
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
    IntegrationEventV2Request,
    NewCustomerSessionV2,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
    ServerError,
    SetDiscountEffectProps,
    TalonClient,
    TriggerWebhookEffectProps,
    UnknownEffectProps,
    UpdateAttributeEffectProps,
)
from talon_async.models import EffectProps
from talon_async.sandbox import (
    Campaign,
    Deployment,
    EvaluationContext,
    percentage_coupon,
    points_per_unit,
    rejected_coupon,
)
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import granting, props, shoes_and_socks, types


async def test_the_default_coupon_takes_ten_percent_off(talon: TalonClient) -> None:
    """WELCOME10 is accepted and takes 10 % off the items; its effects name the coupon by its number."""
    answer = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    accepted, discount = answer.effects
    assert accepted.props == AcceptCouponEffectProps(value="WELCOME10")
    assert discount.props == SetDiscountEffectProps(name="10% off with WELCOME10", value=10.0)
    assert (discount.campaign_id, discount.ruleset_id, discount.rule_index) == (1, 1, 0)
    assert (discount.rule_name, discount.triggered_by_coupon) == ("10% off with WELCOME10", 1)


async def test_codes_that_nobody_knows_are_not_found(talon: TalonClient) -> None:
    """An unknown coupon or referral code is rejected, once, without a campaign behind it."""
    given = shoes_and_socks(coupon_codes=["NOPE", "NOPE"], referral_code="NOBODY")
    coupon, referral = (await talon.sessions.update("cart-1", given)).effects
    assert coupon.props == RejectCouponEffectProps(value="NOPE", rejection_reason="CouponNotFound")
    assert referral.props == RejectReferralEffectProps(value="NOBODY", rejection_reason="ReferralNotFound")
    assert (coupon.campaign_id, coupon.rule_name, coupon.triggered_by_coupon) == (0, "", None)


async def test_effects_replace_those_of_the_call_before(talon: TalonClient) -> None:
    """Each update evaluates the whole session anew, and the session holds the latest effects only."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    answer = await talon.sessions.update("cart-1", NewCustomerSessionV2(coupon_codes=[]))
    assert answer.effects == []
    assert (await talon.sessions.get("cart-1")).effects == []


async def test_points_come_as_a_session_closes(talon: TalonClient, deployment: Deployment) -> None:
    """A point per currency unit is granted to a profile at closing, and the balance tells it."""
    before = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    assert before.effects == []
    after = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["loyalty"]
    )
    (points,) = props(after.effects)
    assert isinstance(points, AddLoyaltyPointsEffectProps)
    assert (points.value, points.recipient_integration_id) == (100.0, "customer-7")
    assert after.loyalty
    assert after.loyalty.programs["points"].ledger.current_balance == 100.0
    balance = deployment.store.points.balance("customer-7", deployment.clock.now())
    assert (balance.active, balance.pending, balance.negative) == (100.0, 0.0, 0.0)


async def test_anonymous_customers_earn_no_points(talon: TalonClient) -> None:
    """Points need a profile to go to, and so does the balance."""
    given = shoes_and_socks(profile_id=UNSET, state="closed")
    answer = await talon.sessions.update("cart-1", given, response_content=["loyalty", "customerProfile"])
    assert answer.effects == []
    assert answer.loyalty is None
    assert answer.customer_profile is None


async def test_a_coupon_counts_as_redeemed_once_the_session_is_closed(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Redemptions are counted at closing, in all and for the profile."""
    given = shoes_and_socks(coupon_codes=["WELCOME10"])
    opened = await talon.sessions.update("cart-1", given, response_content=["coupons"])
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["coupons"]
    )
    assert opened.coupons
    assert closed.coupons
    assert (opened.coupons[0].usage_counter, closed.coupons[0].usage_counter) == (0, 1)
    assert closed.coupons[0].profile_redemption_count == 1
    assert deployment.coupons["WELCOME10"].redemptions == {"customer-7": 1}


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        (percentage_coupon("MIN-100", 20, minimum_total=100), ["acceptCoupon", "setDiscount"]),
        (percentage_coupon("MIN-101", 20, minimum_total=100.01), ["CouponRejectedByCondition"]),
        (rejected_coupon("LAST-YEAR", "CouponExpired"), ["CouponExpired"]),
    ],
    ids=lambda value: value.name if isinstance(value, Campaign) else "",
)
async def test_ready_coupons_say_why_they_are_rejected(
    talon: TalonClient, deployment: Deployment, campaign: Campaign, expected: list[str]
) -> None:
    """A coupon below its minimum, or one that is always rejected, comes with its reason."""
    deployment.add_campaign(campaign)
    answer = await talon.sessions.update(
        "cart-1", shoes_and_socks(coupon_codes=[terms.code for terms in campaign.coupons])
    )
    told = [
        effect.props.rejection_reason
        if isinstance(effect.props, RejectCouponEffectProps)
        else effect.effect_type
        for effect in answer.effects
    ]
    assert told == expected


async def test_points_can_be_worth_more_and_belong_to_another_program(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Rate and program of the points campaign can be chosen; each program has its own balance."""
    deployment.add_campaign(points_per_unit(0.5, program_id=4))
    answer = await talon.sessions.update(
        "cart-1", shoes_and_socks(state="closed"), response_content=["loyalty"]
    )
    assert answer.loyalty
    balances = {p.id: p.ledger.current_balance for p in answer.loyalty.programs.values()}
    assert balances == {1: 100.0, 4: 50.0}


async def test_a_rule_sees_the_session_as_it_will_be(talon: TalonClient, deployment: Deployment) -> None:
    """A rule is given session, profile, event, codes, the moment, and whether the session closes."""
    seen: list[EvaluationContext] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen.append(context)
        return []

    deployment.add_campaign(Campaign(name="watches", rule=rule))
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["A-CODE", "B-CODE", "A-CODE"]))
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed", attributes={"x": 1}))
    await talon.events.track(
        IntegrationEventV2Request(profile_id="customer-7", type="shared", attributes={"y": 2})
    )
    opened, closed, tracked = seen
    assert opened.session
    assert closed.session
    assert opened.profile
    assert (opened.session.total, opened.closing, opened.coupon_codes) == (100, False, ["A-CODE", "B-CODE"])
    assert (closed.session.attributes, closed.closing) == ({"x": 1}, True)
    assert opened.profile.integration_id == "customer-7"
    assert opened.now == deployment.clock.now()
    assert (opened.event.type, closed.event.type) == ("talon_session_created", "talon_session_closed")
    assert (tracked.session, tracked.event.type, tracked.event.attributes) == (None, "shared", {"y": 2})
    assert tracked.coupon_codes == []


async def test_a_campaign_with_coupons_is_asked_for_each_of_its_codes(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Each code of the campaign in the session is evaluated by itself; other codes are not its affair."""

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.coupon == "FIRST":
            yield AcceptCouponEffectProps(value=context.coupon)

    deployment.add_campaign(Campaign(name="two codes", rule=rule, coupons=("FIRST", "OTHER", "THIRD")))
    answer = await talon.sessions.update(
        "cart-1", shoes_and_socks(coupon_codes=["OTHER", "WELCOME10", "FIRST"])
    )
    theirs = [effect for effect in answer.effects if effect.rule_name == "two codes"]
    assert props(theirs) == [
        RejectCouponEffectProps(
            value="OTHER", rejection_reason="CouponRejectedByCondition", condition_index=0
        ),
        AcceptCouponEffectProps(value="FIRST"),
    ]
    assert [effect.triggered_by_coupon for effect in theirs] == [3, 2]


async def test_a_code_that_a_rule_answers_is_not_unknown(talon: TalonClient, deployment: Deployment) -> None:
    """A rule without coupons of its own may accept codes by what they look like."""
    deployment.add_campaign(
        granting(AcceptCouponEffectProps(value="ANY-CODE"), AcceptReferralEffectProps(value="ANY-FRIEND"))
    )
    given = shoes_and_socks(coupon_codes=["ANY-CODE"], referral_code="ANY-FRIEND")
    answer = await talon.sessions.update("cart-1", given)
    assert types(answer.effects) == ["acceptCoupon", "acceptReferral"]


async def test_effect_types_are_spelled_as_the_service_does(
    deployment: Deployment, http: httpx.AsyncClient
) -> None:
    """Webhooks and attribute updates bear the two wire names that differ, new types their own."""
    deployment.add_campaign(
        granting(
            TriggerWebhookEffectProps(webhook_id=1, webhook_name="hook"),
            UpdateAttributeEffectProps(path="Session.Attributes.x", value=[1]),
            UnknownEffectProps("unlockEverything", {"key": 1}),
        )
    )
    body = {"customerSession": {"profileId": "customer-7"}}
    answer = (await http.put("/v2/customer_sessions/cart-1", json=body)).json()
    assert [(effect["effectType"], effect["props"]) for effect in answer["effects"]] == [
        ("callApi", {"webhookId": 1, "webhookName": "hook"}),
        ("set", {"path": "Session.Attributes.x", "value": [1]}),
        ("unlockEverything", {"key": 1}),
    ]


async def test_spending_points_is_tentative_until_the_session_closes(
    talon: TalonClient, deployment: Deployment
) -> None:
    """An open session shows what its effects would leave; closing makes it so, below zero too."""
    deployment.add_campaign(
        granting(
            DeductLoyaltyPointsEffectProps(
                rule_title="spend",
                program_id=1,
                sub_ledger_id="",
                value=130.0,
                transaction_uuid="spent",
                name="spend",
            )
        )
    )
    opened = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["loyalty"])
    closed = await talon.sessions.update(
        "cart-1", NewCustomerSessionV2(state="closed"), response_content=["loyalty"]
    )
    assert opened.loyalty
    assert closed.loyalty
    before, after = (answer.programs["points"].ledger for answer in (opened.loyalty, closed.loyalty))
    assert (before.current_balance, before.tentative_negative_balance) == (0.0, -130.0)
    assert (after.current_balance, after.negative_balance) == (0.0, -30.0)


async def test_a_rule_that_fails_is_told_on_both_ends(
    talon: TalonClient, deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in a rule is an answer of 500 that names it, and a traceback in the log."""

    def rule(_occasion: EvaluationContext) -> list[EffectProps]:
        raise LookupError("no such price")

    deployment.add_campaign(Campaign(name="broken", rule=rule))
    with pytest.raises(ServerError, match="LookupError: no such price"):
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert "no such price" in caplog.text
    assert not deployment.sessions


@pytest.mark.parametrize("code", ["ABC", "x" * 101])
def test_coupons_have_codes_that_the_service_allows(code: str) -> None:
    """A campaign refuses codes of another length than 4 to 100 characters."""
    with pytest.raises(ValueError, match="coupons: expected codes of 4 to 100 characters"):
        Campaign(name="short", rule=lambda _: (), coupons=(code,))


def test_a_code_belongs_to_one_campaign() -> None:
    """A second campaign with the same code is refused."""
    deployment = checked_deployment()
    with pytest.raises(ValueError, match="coupons: WELCOME10 belong to another campaign"):
        deployment.add_campaign(percentage_coupon("WELCOME10", 20))
