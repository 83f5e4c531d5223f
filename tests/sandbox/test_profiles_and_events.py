"""Profiles and events: what updates keep, and when the rules see them."""

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
    """A profile with attributes."""
    return CustomerProfileIntegrationRequestV2(attributes=given, response_content=["customerProfile"])


async def test_attributes_of_a_profile_add_up(talon: TalonClient, deployment: Deployment) -> None:
    """An attribute that an update does not name stays as it is."""
    await talon.profiles.update("customer-7", attributes(Name="Ada", Language="en"))
    await talon.profiles.update("customer-7", attributes(Language="de"))
    assert profile_of(deployment).attributes == {"Name": "Ada", "Language": "de"}


async def test_without_the_rules_an_update_answers_nothing(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Unless asked to, an update runs no rules, gives no part, makes no event, and is no activity."""
    deployment.add_campaign(granting(NOTE))
    await talon.profiles.update("customer-7", attributes())
    begun = profile_of(deployment).last_activity
    deployment.clock.advance(hours=1)
    answer = await talon.profiles.update("customer-7", attributes(a=1), dry=True)
    assert (answer.effects, answer.customer_profile) == ([], None)
    assert not deployment.events
    assert profile_of(deployment).last_activity == begun
    assert profile_of(deployment).attributes == {"a": 1}, "dry means nothing here"


async def test_the_rules_see_an_update_that_asks_for_it(talon: TalonClient, deployment: Deployment) -> None:
    """The first such update is a created profile to the rules, the next an updated one."""
    deployment.add_campaign(granting(NOTE))
    await talon.profiles.update("customer-7", attributes(a=1), run_rule_engine=True)
    deployment.clock.advance(hours=1)
    answer = await talon.profiles.update("customer-7", attributes(b=2), run_rule_engine=True)
    assert types(answer.effects) == ["showNotification"]
    assert answer.customer_profile == profile_of(deployment)
    assert profile_of(deployment).attributes == {"a": 1, "b": 2}
    assert profile_of(deployment).last_activity == deployment.clock.now()
    assert [event.type for event in deployment.events] == [
        "talon_profile_created",
        "talon_profile_updated",
    ]


async def test_a_dry_update_of_a_profile_keeps_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry call evaluates the profile as it would be and stores nothing of it."""
    answer = await talon.profiles.update("customer-7", attributes(a=1), run_rule_engine=True, dry=True)
    assert answer.customer_profile
    assert answer.customer_profile.attributes == {"a": 1}
    assert not deployment.profiles
    await talon.profiles.update("customer-7", attributes(a=1))
    await talon.profiles.update("customer-7", attributes(a=2), run_rule_engine=True, dry=True)
    assert profile_of(deployment).attributes == {"a": 1}
    assert not deployment.events


async def test_audiences_are_joined_and_left(talon: TalonClient, deployment: Deployment) -> None:
    """Memberships change by the numbers of audiences, and joining twice is once."""
    for name in ("VIPs", "Runners", "Skiers", "Staff"):
        await talon.audiences.create(NewAudience(name=name))
    for adds, deletes in (([1, 2], []), ([1, 3], [2, 4])):
        changes = ProfileAudiencesChanges(adds=adds, deletes=deletes)
        await talon.profiles.update(
            "customer-7", CustomerProfileIntegrationRequestV2(audiences_changes=changes)
        )
    memberships = profile_of(deployment).audience_memberships or []
    assert [membership.id for membership in memberships] == [1, 3]


async def test_a_profile_update_has_all_parts_that_the_contract_knows(talon: TalonClient) -> None:
    """Every part can be asked for; the answer has no field for achievements and leaves them out."""
    request = CustomerProfileIntegrationRequestV2(response_content=PROFILE_PARTS)
    answer = await talon.profiles.update("customer-7", request, run_rule_engine=True)
    assert answer.event
    assert answer.loyalty
    assert answer.triggered_campaigns == []
    assert answer.rule_failure_reasons
    assert answer.awarded_giveaways == []


async def test_events_are_silent_unless_told_otherwise(talon: TalonClient, deployment: Deployment) -> None:
    """An event answers nothing by default, and its effects with `silent=False`; both are evaluated."""
    deployment.add_campaign(granting(NOTE))
    event = IntegrationEventV2Request(
        profile_id="customer-7",
        type="product_shared",
        attributes={"channel": "mail"},
        store_integration_id="store-1",
        response_content=PROFILE_PARTS,
    )
    # Whether `None` comes back is what is asked here; the type says that it does.
    assert await talon.events.track(event) is None  # type: ignore[func-returns-value]
    assert await talon.events.track(event, silent=True) is None  # type: ignore[func-returns-value]
    answer = await talon.events.track(event, silent=False)
    assert types(answer.effects) == ["showNotification"]
    assert answer.event
    assert answer.event == deployment.events[-1]
    assert (answer.event.type, answer.event.attributes) == ("product_shared", {"channel": "mail"})
    assert answer.event.store_integration_id == "store-1"
    assert len(deployment.events) == 3


async def test_points_of_an_event_count_at_once(talon: TalonClient, deployment: Deployment) -> None:
    """No session has to be closed for points that an event earns."""
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
    answer = await talon.events.track(event, silent=False)
    assert answer.loyalty
    assert answer.loyalty.programs["points"].ledger.current_balance == 5.0


async def test_a_dry_event_leaves_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry event makes no profile, no event, and moves no points."""
    event = IntegrationEventV2Request(profile_id="customer-7", type="shared", response_content=["event"])
    answer = await talon.events.track(event, silent=False, dry=True, force_complete_evaluation=True)
    assert answer.event
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
async def test_events_need_a_customer_and_a_type_of_their_own(
    talon: TalonClient, event: IntegrationEventV2Request, pointer: str
) -> None:
    """An event for nobody, or with the type of a built-in event, is refused."""
    with pytest.raises(BadRequestError) as refused:
        await talon.events.track(event)
    assert [error.pointer for error in refused.value.errors] == [pointer]
