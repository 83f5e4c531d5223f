"""Advanced events: unique identifiers, connected sessions, and reading them."""

from typing import Any

import httpx
import pytest

from talon_async import (
    AcceptReferralEffectProps,
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    ConflictError,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV3Request,
    NewCustomerSessionV2,
    NewReferral,
    NotFoundError,
    RejectReferralEffectProps,
    ReturnedCartItem,
    TalonClient,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Campaign, Deployment, EvaluationContext
from tests.sandbox.support import close_order, points_of, profile_of, props, shoes_and_socks, types


def review(**fields: Any) -> IntegrationEventV3Request:
    """A review of a product by the customer."""
    given: dict[str, Any] = {
        "profile_id": "customer-7",
        "type": "product_reviewed",
        "integration_id": "review-1",
    }
    return IntegrationEventV3Request(**given | fields)


def points_for_reviews() -> Campaign:
    """A campaign that adds a tenth of the order's total as points for a review of the order."""

    def rule(context: EvaluationContext) -> list[AddLoyaltyPointsEffectProps]:
        if context.event.type != "product_reviewed" or context.session is None:
            return []
        return [
            AddLoyaltyPointsEffectProps(
                name="review",
                program_id=1,
                sub_ledger_id="",
                value=context.session.total / 10,
                recipient_integration_id=context.profile_id,
                transaction_uuid=context.new_uuid(),
            )
        ]

    return Campaign(name="reviews", rule=rule)


async def test_an_event_is_evaluated_with_its_connected_session(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Rules see the session of the event. Its coupons are not redeemed again."""
    deployment.add_campaign(points_for_reviews())
    await close_order(talon)
    response = await talon.events.track_advanced(
        review(
            connected_session_id="cart-1",
            attributes={"stars": 5},
            store_integration_id="store-1",
            response_content=["advancedEvent", "customerProfile", "loyalty"],
        ),
        silent=False,
    )
    assert types(response.effects) == ["addLoyaltyPoints"]
    assert response.loyalty
    assert response.loyalty.programs["points"].ledger.current_balance == points_of(deployment) == 110.0
    assert sum(deployment.coupons["WELCOME10"].redemptions.values()) == 1
    event = response.advanced_event
    assert event
    assert (event.integration_id, event.connected_session_id) == ("review-1", "cart-1")
    assert (event.type, event.attributes, event.store_integration_id) == (
        "product_reviewed",
        {"stars": 5},
        "store-1",
    )


async def test_a_stored_event_is_read_with_its_effects(talon: TalonClient, deployment: Deployment) -> None:
    """`get` returns the stored event with its effects, also if `track_advanced` was silent."""
    deployment.add_campaign(points_for_reviews())
    await close_order(talon)
    silent = await talon.events.track_advanced(review(connected_session_id="cart-1"))
    assert silent
    assert silent.effects == []
    event = await talon.events.get("review-1")
    effect = event.effects[0]
    assert not isinstance(effect, list)
    assert [effect.props] == props([effect])
    assert isinstance(effect.props, AddLoyaltyPointsEffectProps)
    assert effect.props.value == 10.0
    assert (event.created, event.profile_id) == (deployment.clock.now(), "customer-7")
    assert deployment.events[-1].integration_id == "review-1"


async def test_event_identifiers_are_unique(talon: TalonClient, deployment: Deployment) -> None:
    """A second event with the same identifier is a conflict, also in a dry run, and changes nothing."""
    await talon.events.track_advanced(review())
    for dry in (False, True):
        with pytest.raises(ConflictError, match="'review-1'"):
            await talon.events.track_advanced(review(profile_id="customer-8"), dry=dry)
    assert list(deployment.profiles) == ["customer-7"]
    assert len(deployment.events) == 1


@pytest.mark.parametrize("state", [None, "open", "cancelled", "partially_returned"])
async def test_only_a_closed_session_can_be_connected(
    talon: TalonClient, deployment: Deployment, state: str | None
) -> None:
    """A connected session that is missing or not closed is refused with its JSON pointer."""
    if state:
        await talon.sessions.update("cart-1", shoes_and_socks())
    if state == "cancelled":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    if state == "partially_returned":
        await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
        await talon.sessions.return_items("cart-1", [ReturnedCartItem(position=0)])
    count = len(deployment.events)
    with pytest.raises(BadRequestError) as refused:
        await talon.events.track_advanced(review(connected_session_id="cart-1"))
    assert [error.pointer for error in refused.value.errors] == ["/connectedSessionId"]
    assert (len(deployment.events), deployment.store.advanced_events) == (count, {})


async def test_a_dry_event_stores_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry event returns its effects, is not stored, and adds no points."""
    deployment.add_campaign(points_for_reviews())
    await close_order(talon)
    response = await talon.events.track_advanced(
        review(connected_session_id="cart-1"), silent=False, dry=True, force_complete_evaluation=True
    )
    assert types(response.effects) == ["addLoyaltyPoints"]
    assert points_of(deployment) == 100.0
    with pytest.raises(NotFoundError):
        await talon.events.get("review-1")


async def test_an_event_creates_its_profile_without_a_created_event(
    talon: TalonClient, deployment: Deployment
) -> None:
    """An event creates its profile, so the next update with rules is `talon_profile_updated`."""
    await talon.events.track_advanced(review())
    profile = CustomerProfileIntegrationRequestV2(response_content=["event"])
    response = await talon.profiles.update("customer-7", profile, run_rule_engine=True)
    assert response.event
    assert response.event.type == "talon_profile_updated"
    assert [event.type for event in deployment.events] == ["product_reviewed", "talon_profile_updated"]
    assert profile_of(deployment).integration_id == "customer-7"


def thanks_for_referrals() -> Campaign:
    """A campaign that redeems its referral codes."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        assert context.referral
        return [AcceptReferralEffectProps(value=context.referral.code)]

    return Campaign(name="referrals", rule=rule, referrals=True)


async def test_rules_redeem_the_referral_code_of_an_event(talon: TalonClient, deployment: Deployment) -> None:
    """A campaign with referrals accepts the code of an event once per customer, and the event shows it."""
    campaign = deployment.add_campaign(thanks_for_referrals())
    code = (
        await talon.referrals.create(
            NewReferral(campaign_id=campaign.id, advocate_profile_integration_id="advocate")
        )
    ).code
    event = review(referral_code=code, response_content=["advancedEvent", "referral"])
    dry = await talon.events.track_advanced(event, silent=False, dry=True)
    assert (types(dry.effects), deployment.referrals[code].referred) == (["acceptReferral"], [])
    response = await talon.events.track_advanced(event, silent=False)
    assert types(response.effects) == ["acceptReferral"]
    assert response.referral
    assert (response.referral.code, response.referral.referred_customers) == (code, ["customer-7"])
    assert response.advanced_event
    assert response.advanced_event.referral_code == code
    assert (await talon.events.get("review-1")).referral_code == code
    again = await talon.events.track_advanced(
        review(integration_id="review-2", referral_code=code), silent=False
    )
    assert props(again.effects) == [
        RejectReferralEffectProps(value=code, rejection_reason="ReferralCustomerAlreadyReferred")
    ]
    session = await talon.sessions.update(
        "cart-1", shoes_and_socks(profile_id="customer-8", referral_code=code)
    )
    assert "acceptReferral" in types(session.effects)


async def test_an_event_does_not_validate_its_referral_code(talon: TalonClient) -> None:
    """Without a campaign for it, the referral code of an event has no effect, and no referral is returned."""
    response = await talon.events.track_advanced(
        review(referral_code="NOPE", response_content=["referral"]), silent=False
    )
    assert (response.effects, response.referral) == ([], None)
    assert (await talon.events.get("review-1")).referral_code == "NOPE"


@pytest.mark.parametrize(
    ("path", "change", "source"),
    [
        ("/v3/events", {"profileId": ""}, {"pointer": "/profileId"}),
        ("/v3/events", {"type": "talon_session_closed"}, {"pointer": "/type"}),
        ("/v3/events", {"referralCode": "x" * 101}, {"pointer": "/referralCode"}),
        ("/v3/events", {"responseContent": ["event"]}, {"pointer": "/responseContent/0"}),
        ("/v3/events?forceCompleteEvaluation=true", {}, {"parameter": "forceCompleteEvaluation"}),
        ("/v2/events?forceCompleteEvaluation=true", {}, {"parameter": "forceCompleteEvaluation"}),
        ("/v2/events", {"responseContent": ["advancedEvent"]}, {"pointer": "/responseContent/0"}),
    ],
)
async def test_invalid_events_are_refused(
    http: httpx.AsyncClient, deployment: Deployment, path: str, change: dict[str, Any], source: dict[str, str]
) -> None:
    """Empty profiles, built-in types, and options of the other version are refused."""
    event = {"profileId": "customer-7", "type": "product_reviewed", "integrationId": "review-1"} | change
    response = await http.post(path, json=event)
    assert response.status_code == 400
    assert [error["source"] for error in response.json()["errors"]] == [source]
    assert not deployment.events
