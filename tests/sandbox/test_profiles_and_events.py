"""Profile updates and events: what they store, and when rules run."""

from typing import Any

import pytest

from talon_async import (
    AddLoyaltyPointsEffectProps,
    BadRequestError,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    NewAudience,
    ProfileAudiencesChanges,
    ShowNotificationEffectProps,
    TalonClient,
)
from talon_async.sandbox import Deployment
from tests.sandbox.support import granting, profile_of, types

NOTE = ShowNotificationEffectProps(notification_type="Info", title="Hello", body="there")
PROFILE_PARTS = [
    "customerProfile",
    "triggeredCampaigns",
    "loyalty",
    "event",
    "awardedGiveaways",
    "ruleFailureReasons",
    "achievements",
]


def attributes(**given: Any) -> CustomerProfileIntegrationRequestV2:
    """A profile update with attributes."""
    return CustomerProfileIntegrationRequestV2(attributes=given, response_content=["customerProfile"])


async def test_profile_attributes_are_merged(talon: TalonClient, deployment: Deployment) -> None:
    """An update keeps the attributes that it omits."""
    await talon.profiles.update("customer-7", attributes(Name="Ada", Language="en"))
    await talon.profiles.update("customer-7", attributes(Language="de"))
    assert profile_of(deployment).attributes == {"Name": "Ada", "Language": "de"}


async def test_an_update_without_rules_returns_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """By default an update runs no rules, returns no sections, and creates no event or activity."""
    deployment.add_campaign(granting(NOTE))
    await talon.profiles.update("customer-7", attributes())
    last_activity = profile_of(deployment).last_activity
    deployment.clock.advance(hours=1)
    response = await talon.profiles.update("customer-7", attributes(a=1), dry=True)
    assert (response.effects, response.customer_profile) == ([], None)
    assert not deployment.events
    assert profile_of(deployment).last_activity == last_activity
    assert profile_of(deployment).attributes == {"a": 1}, "without rules, `dry` has no effect"


async def test_an_update_can_run_the_rules(talon: TalonClient, deployment: Deployment) -> None:
    """With rules, the first update is a `talon_profile_created` event, the next `talon_profile_updated`."""
    deployment.add_campaign(granting(NOTE))
    await talon.profiles.update("customer-7", attributes(a=1), run_rule_engine=True)
    deployment.clock.advance(hours=1)
    response = await talon.profiles.update("customer-7", attributes(b=2), run_rule_engine=True)
    assert types(response.effects) == ["showNotification"]
    assert response.customer_profile == profile_of(deployment)
    assert profile_of(deployment).attributes == {"a": 1, "b": 2}
    assert profile_of(deployment).last_activity == deployment.clock.now()
    assert [event.type for event in deployment.events] == [
        "talon_profile_created",
        "talon_profile_updated",
    ]


async def test_a_dry_profile_update_stores_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry run evaluates the updated profile and stores nothing."""
    response = await talon.profiles.update("customer-7", attributes(a=1), run_rule_engine=True, dry=True)
    assert response.customer_profile
    assert response.customer_profile.attributes == {"a": 1}
    assert not deployment.profiles
    await talon.profiles.update("customer-7", attributes(a=1))
    await talon.profiles.update("customer-7", attributes(a=2), run_rule_engine=True, dry=True)
    assert profile_of(deployment).attributes == {"a": 1}
    assert not deployment.events


async def test_updates_change_audience_memberships(talon: TalonClient, deployment: Deployment) -> None:
    """Memberships are added and deleted by audience ID. Adding one twice has no effect."""
    for name in ("VIPs", "Runners", "Skiers", "Staff"):
        await talon.audiences.create(NewAudience(name=name))
    for adds, deletes in (([1, 2], []), ([1, 3], [2, 4])):
        changes = ProfileAudiencesChanges(adds=adds, deletes=deletes)
        await talon.profiles.update(
            "customer-7", CustomerProfileIntegrationRequestV2(audiences_changes=changes)
        )
    memberships = profile_of(deployment).audience_memberships or []
    assert [membership.id for membership in memberships] == [1, 3]


async def test_a_profile_update_has_all_sections_of_the_contract(talon: TalonClient) -> None:
    """Every section can be requested. The response has no field for achievements."""
    request = CustomerProfileIntegrationRequestV2(response_content=PROFILE_PARTS)
    response = await talon.profiles.update("customer-7", request, run_rule_engine=True)
    assert response.event
    assert response.loyalty
    assert response.triggered_campaigns == []
    assert response.rule_failure_reasons
    assert response.awarded_giveaways == []


async def test_events_are_silent_by_default(talon: TalonClient, deployment: Deployment) -> None:
    """An event returns its effects only with `silent=False`. Both kinds are evaluated."""
    deployment.add_campaign(granting(NOTE))
    event = IntegrationEventV2Request(
        profile_id="customer-7",
        type="product_shared",
        attributes={"channel": "mail"},
        store_integration_id="store-1",
        response_content=PROFILE_PARTS,
    )
    # The result is `None` by its type, and this test checks the value.
    assert await talon.events.track(event) is None  # type: ignore[func-returns-value]
    assert await talon.events.track(event, silent=True) is None  # type: ignore[func-returns-value]
    response = await talon.events.track(event, silent=False)
    assert types(response.effects) == ["showNotification"]
    assert response.event
    assert response.event == deployment.events[-1]
    assert (response.event.type, response.event.attributes) == ("product_shared", {"channel": "mail"})
    assert response.event.store_integration_id == "store-1"
    assert len(deployment.events) == 3


async def test_points_of_an_event_count_at_once(talon: TalonClient, deployment: Deployment) -> None:
    """Points that an event earns count immediately, without a closed session."""
    deployment.add_campaign(
        granting(
            AddLoyaltyPointsEffectProps(
                name="share",
                program_id=1,
                sub_ledger_id="",
                value=5.0,
                recipient_integration_id="customer-7",
                transaction_uuid="t-1",
            )
        )
    )
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", response_content=["loyalty"])
    response = await talon.events.track(event, silent=False)
    assert response.loyalty
    assert response.loyalty.programs["points"].ledger.current_balance == 5.0


async def test_a_dry_event_stores_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry event creates no profile and no event."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", response_content=["event"])
    response = await talon.events.track(event, silent=False, dry=True, force_complete_evaluation=True)
    assert response.event
    assert not deployment.profiles
    assert not deployment.events


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (IntegrationEventV2Request(type="shared"), "/profileId"),
        (IntegrationEventV2Request(type="shared", profile_id=""), "/profileId"),
        (IntegrationEventV2Request(type="talon_session_closed", profile_id="c"), "/type"),
    ],
)
async def test_invalid_events_are_refused(
    talon: TalonClient, event: IntegrationEventV2Request, pointer: str
) -> None:
    """An event without a profile, or with a built-in type, is refused."""
    with pytest.raises(BadRequestError) as refused:
        await talon.events.track(event)
    assert [error.pointer for error in refused.value.errors] == [pointer]
