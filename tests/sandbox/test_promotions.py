"""Promotions: the context of rules, how effects apply, and the default campaigns."""

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
    """WELCOME10 is accepted and takes 10 % off. Its effects have the ID of the coupon."""
    response = await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    accepted, discount = response.effects
    assert accepted.props == AcceptCouponEffectProps(value="WELCOME10")
    assert discount.props == SetDiscountEffectProps(name="10% off with WELCOME10", value=10.0)
    assert (discount.campaign_id, discount.ruleset_id, discount.rule_index) == (1, 1, 0)
    assert (discount.rule_name, discount.triggered_by_coupon) == ("10% off with WELCOME10", 1)


async def test_unknown_codes_are_rejected(talon: TalonClient) -> None:
    """An unknown coupon or referral code is rejected once, without a campaign."""
    given = shoes_and_socks(coupon_codes=["NOPE", "NOPE"], referral_code="NOBODY")
    coupon, referral = (await talon.sessions.update("cart-1", given)).effects
    assert coupon.props == RejectCouponEffectProps(value="NOPE", rejection_reason="CouponNotFound")
    assert referral.props == RejectReferralEffectProps(value="NOBODY", rejection_reason="ReferralNotFound")
    assert (coupon.campaign_id, coupon.rule_name, coupon.triggered_by_coupon) == (0, "", None)


async def test_each_update_replaces_the_effects(talon: TalonClient) -> None:
    """Each update evaluates the whole session, and the session has only the latest effects."""
    await talon.sessions.update("cart-1", shoes_and_socks(coupon_codes=["WELCOME10"]))
    response = await talon.sessions.update("cart-1", NewCustomerSessionV2(coupon_codes=[]))
    assert response.effects == []
    assert (await talon.sessions.get("cart-1")).effects == []


async def test_points_are_added_when_a_session_closes(talon: TalonClient, deployment: Deployment) -> None:
    """Closing adds a point per currency unit to the profile's balance."""
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
    """Without a profile, a session earns no points and has no balance."""
    given = shoes_and_socks(profile_id=UNSET, state="closed")
    response = await talon.sessions.update("cart-1", given, response_content=["loyalty", "customerProfile"])
    assert response.effects == []
    assert response.loyalty is None
    assert response.customer_profile is None


async def test_a_coupon_is_redeemed_when_the_session_closes(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Closing counts the redemption, in total and for the profile."""
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
async def test_preset_coupons_have_a_rejection_reason(
    talon: TalonClient, deployment: Deployment, campaign: Campaign, expected: list[str]
) -> None:
    """A coupon below its minimum, or one that is always rejected, has its reason."""
    deployment.add_campaign(campaign)
    response = await talon.sessions.update(
        "cart-1", shoes_and_socks(coupon_codes=[terms.code for terms in campaign.coupons])
    )
    results = [
        effect.props.rejection_reason
        if isinstance(effect.props, RejectCouponEffectProps)
        else effect.effect_type
        for effect in response.effects
    ]
    assert results == expected


async def test_rate_and_program_of_points_can_be_set(talon: TalonClient, deployment: Deployment) -> None:
    """The points campaign has a rate and a program. Each program has its own balance."""
    deployment.add_campaign(points_per_unit(0.5, program_id=4))
    response = await talon.sessions.update(
        "cart-1", shoes_and_socks(state="closed"), response_content=["loyalty"]
    )
    assert response.loyalty
    balances = {p.id: p.ledger.current_balance for p in response.loyalty.programs.values()}
    assert balances == {1: 100.0, 4: 50.0}


async def test_the_context_of_a_rule(talon: TalonClient, deployment: Deployment) -> None:
    """A rule gets the updated session, profile, event, codes, time, and whether the session closes."""
    seen: list[EvaluationContext] = []

    def rule(context: EvaluationContext) -> list[EffectProps]:
        seen.append(context)
        return []

    deployment.add_campaign(Campaign(name="records", rule=rule))
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


async def test_a_campaign_is_evaluated_for_each_of_its_coupons(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A campaign is evaluated once for each of its codes in the session, and for no other codes."""

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.coupon == "FIRST":
            yield AcceptCouponEffectProps(value=context.coupon)

    deployment.add_campaign(Campaign(name="two codes", rule=rule, coupons=("FIRST", "OTHER", "THIRD")))
    response = await talon.sessions.update(
        "cart-1", shoes_and_socks(coupon_codes=["OTHER", "WELCOME10", "FIRST"])
    )
    effects = [effect for effect in response.effects if effect.rule_name == "two codes"]
    assert props(effects) == [
        RejectCouponEffectProps(
            value="OTHER", rejection_reason="CouponRejectedByCondition", condition_index=0
        ),
        AcceptCouponEffectProps(value="FIRST"),
    ]
    assert [effect.triggered_by_coupon for effect in effects] == [3, 2]


async def test_a_rule_can_accept_codes_without_coupons(talon: TalonClient, deployment: Deployment) -> None:
    """A rule can accept a code that belongs to no campaign."""
    deployment.add_campaign(
        granting(AcceptCouponEffectProps(value="ANY-CODE"), AcceptReferralEffectProps(value="ANY-FRIEND"))
    )
    given = shoes_and_socks(coupon_codes=["ANY-CODE"], referral_code="ANY-FRIEND")
    response = await talon.sessions.update("cart-1", given)
    assert types(response.effects) == ["acceptCoupon", "acceptReferral"]


async def test_effect_types_have_their_wire_names(deployment: Deployment, http: httpx.AsyncClient) -> None:
    """Webhooks and attribute updates have their differing wire names, unknown types their own."""
    deployment.add_campaign(
        granting(
            TriggerWebhookEffectProps(webhook_id=1, webhook_name="hook"),
            UpdateAttributeEffectProps(path="Session.Attributes.x", value=[1]),
            UnknownEffectProps("unlockEverything", {"key": 1}),
        )
    )
    body = {"customerSession": {"profileId": "customer-7"}}
    response = (await http.put("/v2/customer_sessions/cart-1", json=body)).json()
    assert [(effect["effectType"], effect["props"]) for effect in response["effects"]] == [
        ("callApi", {"webhookId": 1, "webhookName": "hook"}),
        ("set", {"path": "Session.Attributes.x", "value": [1]}),
        ("unlockEverything", {"key": 1}),
    ]


async def test_spending_points_is_tentative_until_the_session_closes(
    talon: TalonClient, deployment: Deployment
) -> None:
    """An open session has tentative balances. Closing applies them, also below zero."""
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
    before, after = (response.programs["points"].ledger for response in (opened.loyalty, closed.loyalty))
    assert (before.current_balance, before.tentative_negative_balance) == (0.0, -130.0)
    assert (after.current_balance, after.negative_balance) == (0.0, -30.0)


async def test_an_error_in_a_rule_is_reported_and_logged(
    talon: TalonClient, deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception in a rule gives 500 with its message, and is logged with a traceback."""

    def rule(_context: EvaluationContext) -> list[EffectProps]:
        raise LookupError("no such price")

    deployment.add_campaign(Campaign(name="broken", rule=rule))
    with pytest.raises(ServerError, match="LookupError: no such price"):
        await talon.sessions.update("cart-1", shoes_and_socks())
    assert "no such price" in caplog.text
    assert not deployment.sessions


@pytest.mark.parametrize("code", ["ABC", "x" * 101])
def test_codes_have_4_to_100_characters(code: str) -> None:
    """A coupon code with fewer than 4 or more than 100 characters raises `ValueError`."""
    with pytest.raises(ValueError, match="coupons: expected codes of 4 to 100 characters"):
        Campaign(name="short", rule=lambda _: (), coupons=(code,))


def test_a_code_belongs_to_one_campaign() -> None:
    """A second campaign with the same code raises `ValueError`."""
    deployment = checked_deployment()
    with pytest.raises(ValueError, match="coupons: WELCOME10 belong to another campaign"):
        deployment.add_campaign(percentage_coupon("WELCOME10", 20))
