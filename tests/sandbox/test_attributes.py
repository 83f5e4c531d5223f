"""Attributes: declared ones, undeclared ones, and those that rules set."""

from collections.abc import Mapping
from typing import Any

import pytest

from talon_async import (
    BadRequestError,
    CartItem,
    CustomerProfileAudienceRequestItem,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    MultipleCustomerProfileIntegrationRequestItem,
    NewAudience,
    NewCustomerSessionV2,
    NewReferral,
    TalonClient,
    UpdateAttributeEffectProps,
)
from talon_async.sandbox import AttributeDeclarations, Deployment, referral_reward
from talon_async.sandbox._domain.attributes import AttributeType
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import configure, granting, profile_of, session_of, shoes_and_socks, types

DECLARED: AttributeDeclarations = {
    "CustomerProfile": {
        "Language": "string",
        "Visits": "number",
        "Adult": "boolean",
        "Born": "time",
        "Tags": "(list string)",
        "Sizes": "(list number)",
        "Seen": "(list time)",
    },
    "CustomerSession": {"City": "string"},
    "CartItem": {"Colour": "string"},
    "Event": {"Channel": "string"},
}


async def errors_of(call: Any) -> list[tuple[str, str]]:
    """Title and pointer of each error of a refused call."""
    with pytest.raises(BadRequestError, match="The submitted data was invalid") as refused:
        await call
    assert all(error.details for error in refused.value.errors)
    return [(error.title or "", error.pointer or "") for error in refused.value.errors]


def profile(**attributes: Any) -> CustomerProfileIntegrationRequestV2:
    """A profile with attributes."""
    return CustomerProfileIntegrationRequestV2(attributes=attributes)


@pytest.fixture
def declared(deployment: Deployment) -> Deployment:
    """The deployment with declared attributes."""
    configure(deployment, attributes=DECLARED)
    return deployment


@pytest.mark.usefixtures("declared")
async def test_attribute_values_have_the_declared_type(talon: TalonClient) -> None:
    """Values of the declared type and `null` are valid. Others are refused, each with its pointer."""
    valid = {
        "Language": "en",
        "Visits": 2.5,
        "Adult": True,
        "Born": "2000-01-01T00:00:00Z",
        "Tags": ["a", "b"],
        "Sizes": [],
        "Seen": ["2026-01-01T00:00:00+02:00"],
    }
    await talon.profiles.update("customer-7", profile(**valid))
    await talon.profiles.update("customer-7", profile(**dict.fromkeys(valid)))
    invalid: dict[str, Any] = {
        "Language": 7,
        "Visits": True,
        "Adult": "yes",
        "Born": "yesterday",
        "Tags": "a",
        "Sizes": [1, "2"],
        "Seen": {},
        "a/b~c": 1,
    }
    found = await errors_of(talon.profiles.update("customer-7", profile(**invalid)))
    assert found[:-1] == [("Invalid type", f"/attributes/{name}") for name in valid]
    assert found[-1] == ("Unknown", "/attributes/a~1b~0c")


async def test_attributes_are_declared_per_entity(talon: TalonClient, declared: Deployment) -> None:
    """An attribute that is not declared for the entity is refused, and nothing is stored."""
    profiles = [
        MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-7"),
        MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-8", attributes={"City": "x"}),
    ]
    items = [
        CartItem(sku="A", quantity=1, price=1.0, attributes={"Colour": "red"}),
        CartItem(sku="B", quantity=1, price=1.0, attributes={"City": "x"}),
    ]
    session = NewCustomerSessionV2(attributes={"Channel": "x"}, cart_items=items)
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", attributes={"City": "x"})
    assert await errors_of(talon.profiles.update_many(profiles)) == [
        ("Unknown", "/customerProfiles/1/attributes/City")
    ]
    assert await errors_of(talon.sessions.update("cart-1", session)) == [
        ("Unknown", "/attributes/Channel"),
        ("Unknown", "/cartItems/1/attributes/City"),
    ]
    assert await errors_of(talon.events.track(event)) == [("Unknown", "/attributes/City")]
    assert not declared.profiles
    assert not declared.sessions
    assert not declared.events


async def test_audience_attributes_are_profile_attributes(declared: Deployment) -> None:
    """An update of all members is validated like profile attributes. One error refuses all."""
    # The contract declares no 400 for this operation, so the contract check skips it.
    async with TalonClient(declared.url, api_key=declared.api_key, strict=True) as talon:
        await talon.audiences.create(NewAudience(name="VIPs"))
        member = CustomerProfileAudienceRequestItem(
            action="add", profile_integration_id="customer-7", audience_id=1
        )
        await talon.audiences.update_members([member])
        call = talon.audiences.update_attributes(1, {"Language": "en", "City": "x"})
        assert await errors_of(call) == [("Unknown", "/City")]
    assert profile_of(declared).attributes == {}


@pytest.mark.parametrize(
    "declarations", [{"Customer": {}}, {"CustomerProfile": {"Age": "integer"}}], ids=["entity", "type"]
)
def test_invalid_declarations_are_errors(declarations: Any) -> None:
    """A declaration with an unknown entity or type raises `ValueError`."""
    with pytest.raises(ValueError, match="attributes: expected one of"):
        checked_deployment(attributes=declarations)


TYPES: Mapping[str, AttributeType] = {"At": "time", "Days": "(list time)", "Note": "string"}
TIMES: AttributeDeclarations = {
    "CustomerProfile": TYPES,
    "CustomerSession": TYPES,
    "CartItem": TYPES,
    "Event": TYPES,
    "Referral": TYPES,
}
SENT = {
    "At": "2026-05-01T07:00:00.5-05:00",
    "Days": ["2026-05-01T00:00:00+02:00"],
    "Note": "2026-05-01T07:00:00-05:00",
}
IN_UTC = SENT | {"At": "2026-05-01T12:00:00.500000Z", "Days": ["2026-04-30T22:00:00Z"]}


async def test_times_come_back_in_utc(talon: TalonClient, deployment: Deployment) -> None:
    """Attributes of type time are in UTC in responses, whatever their offset; other texts are as sent."""
    configure(deployment, attributes=TIMES)
    campaign = deployment.add_campaign(referral_reward(5.0, 20.0)).id
    profile_response = await talon.profiles.update(
        "customer-7",
        CustomerProfileIntegrationRequestV2(attributes=SENT, response_content=["customerProfile"]),
        run_rule_engine=True,
    )
    item = MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-8", attributes=SENT)
    many = await talon.profiles.update_many([item], silent=False)
    items = [CartItem(sku="A", quantity=1, price=1.0, attributes=SENT)]
    cart = NewCustomerSessionV2(attributes=SENT, cart_items=items)
    state = await talon.sessions.update("cart-1", cart, response_content=["customerSession"])
    event = IntegrationEventV2Request(
        profile_id="customer-7", type="shared", attributes=SENT, response_content=["event"]
    )
    tracked = await talon.events.track(event, silent=False)
    referral = await talon.referrals.create(
        NewReferral(campaign_id=campaign, advocate_profile_integration_id="customer-7", attributes=SENT)
    )
    assert profile_response.customer_profile
    assert many
    assert many.integration_states
    session = session_of(state)
    assert tracked.event
    assert [
        profile_response.customer_profile.attributes,
        many.integration_states[0].customer_profile.attributes,
        session.attributes,
        session.cart_items[0].attributes,
        tracked.event.attributes,
        referral.attributes,
    ] == [IN_UTC] * 6


async def test_times_of_audiences_and_rules_are_in_utc(talon: TalonClient, deployment: Deployment) -> None:
    """Times that a rule or an update of an audience sets are in UTC, too."""
    configure(deployment, attributes=TIMES)
    await talon.audiences.create(NewAudience(name="Fans"))
    members = [CustomerProfileAudienceRequestItem(action="add", profile_integration_id="fan", audience_id=1)]
    await talon.audiences.update_members(members)
    await talon.audiences.update_attributes(1, SENT)
    assert profile_of(deployment, "fan").attributes == IN_UTC
    deployment.add_campaign(
        granting(
            UpdateAttributeEffectProps(path="Profile.Attributes.At", value=SENT["At"]),
            UpdateAttributeEffectProps(path="Session.CartItems[0].Attributes.Days", value=SENT["Days"]),
        )
    )
    state = await talon.sessions.update("cart-1", shoes_and_socks(), response_content=["customerSession"])
    assert profile_of(deployment).attributes == {"At": IN_UTC["At"]}
    assert session_of(state).cart_items[0].attributes == {"Days": IN_UTC["Days"]}


async def test_rules_set_attributes(talon: TalonClient, deployment: Deployment) -> None:
    """Set attributes apply immediately, also in open sessions, and survive a cancellation."""
    deployment.add_campaign(
        granting(
            UpdateAttributeEffectProps(path="Profile.Attributes.Tier", value="Gold"),
            UpdateAttributeEffectProps(path="Session.Attributes.Checked", value=True),
            UpdateAttributeEffectProps(path="Session.CartItems[1].Attributes.Colour", value="red"),
            UpdateAttributeEffectProps(path="Session.CartItems[9].Attributes.Colour", value="red"),
            UpdateAttributeEffectProps(path="Event.Attributes.Seen", value=1),
            UpdateAttributeEffectProps(path="Coupon.Attributes.Seen", value=1),
        )
    )
    await talon.sessions.update("cart-1", shoes_and_socks(), dry=True)
    assert not deployment.profiles
    response = await talon.sessions.update("cart-1", shoes_and_socks())
    assert types(response.effects) == ["set"] * 6
    session = deployment.sessions["cart-1"].session
    assert session.attributes == {"Checked": True}
    assert [item.attributes for item in session.cart_items] == [{}, {"Colour": "red"}]
    assert deployment.events[-1].attributes == {"Seen": 1}
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert profile_of(deployment).attributes == {"Tier": "Gold"}
    await talon.sessions.update("cart-2", NewCustomerSessionV2())
    assert deployment.sessions["cart-2"].session.attributes == {"Checked": True}
