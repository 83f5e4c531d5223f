"""Audiences: creation, membership, renaming, deletion, and unknown audiences."""

from datetime import timedelta

import pytest

from talon_async import (
    AddToAudienceEffectProps,
    Audience,
    BadRequestError,
    ConflictError,
    CustomerProfileAudienceRequestItem,
    CustomerProfileIntegrationRequestV2,
    NewAudience,
    NewCustomerSessionV2,
    NotFoundError,
    ProfileAudiencesChanges,
    RemoveFromAudienceEffectProps,
    TalonClient,
)
from talon_async.sandbox import Deployment
from tests.sandbox.support import granting, profile_of, shoes_and_socks


def memberships(deployment: Deployment, integration_id: str = "customer-7") -> dict[int, str]:
    """The names of a profile's audiences, by ID."""
    found = profile_of(deployment, integration_id).audience_memberships or []
    return {membership.id: membership.name for membership in found}


def change(action: str, integration_id: str, audience_id: int = 1) -> CustomerProfileAudienceRequestItem:
    """Adds a profile to an audience, or deletes it from one."""
    return CustomerProfileAudienceRequestItem(
        action=action, profile_integration_id=integration_id, audience_id=audience_id
    )


async def test_an_audience_keeps_the_given_fields(talon: TalonClient, deployment: Deployment) -> None:
    """An audience requires only a name, and keeps all fields of the request."""
    own = await talon.audiences.create(NewAudience(name="VIPs"))
    assert own == Audience(
        account_id=1,
        id=1,
        created=deployment.clock.now(),
        name="VIPs",
        sandbox=True,
        description="",
        subscribed_applications_ids=[],
        created_in_3rd_party=False,
    )
    last_update = deployment.clock.now() - timedelta(days=3)
    imported = await talon.audiences.create(
        NewAudience(
            name="Travellers",
            sandbox=False,
            description="over 18",
            subscribed_applications_ids=[1],
            integration="mparticle",
            integration_id="382370",
            last_update=last_update,
        )
    )
    assert (imported.id, imported.integration, imported.integration_id) == (2, "mparticle", "382370")
    assert (imported.sandbox, imported.description, imported.last_update) == (False, "over 18", last_update)
    assert (imported.subscribed_applications_ids, imported.created_in_3rd_party) == ([1], True)


async def test_integration_ids_are_unique_per_integration(talon: TalonClient) -> None:
    """A second audience with the same integration and ID is a conflict. Names are not unique."""
    await talon.audiences.create(NewAudience(name="VIPs", integration="segment", integration_id="a-1"))
    with pytest.raises(ConflictError):
        await talon.audiences.create(NewAudience(name="Other", integration="segment", integration_id="a-1"))
    await talon.audiences.create(NewAudience(name="VIPs", integration="braze", integration_id="a-1"))
    await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))
    with pytest.raises(ConflictError, match="'a-1'"):
        await talon.audiences.create(NewAudience(name="Other", integration_id="a-1"))


async def test_members_are_added_and_removed(talon: TalonClient, deployment: Deployment) -> None:
    """Changes apply in order. A change without effect does not touch `last_update`."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.audiences.create(NewAudience(name="Runners"))
    await talon.audiences.update_members(
        [change("add", "customer-7"), change("add", "customer-8"), change("add", "customer-7", 2)]
    )
    assert memberships(deployment) == {1: "VIPs", 2: "Runners"}
    first = deployment.clock.now()
    deployment.clock.advance(hours=1)
    await talon.audiences.update_members(
        [change("add", "customer-7"), change("delete", "customer-7", 2), change("delete", "nobody")]
    )
    assert memberships(deployment) == {1: "VIPs"}
    assert (deployment.store.audiences[1].last_update, deployment.store.audiences[2].last_update) == (
        first,
        deployment.clock.now(),
    )
    await talon.audiences.clear(1)
    assert memberships(deployment) == memberships(deployment, "customer-8") == {}
    assert list(deployment.store.audiences) == [1, 2], "an empty audience remains"


async def test_profiles_created_by_audiences_are_hidden_until_updated(
    talon: TalonClient, deployment: Deployment
) -> None:
    """A profile that only an audience created is not found until a stored update or session names it."""
    deployment.add_campaign(granting())
    await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.audiences.update_members([change("add", "by-profile"), change("add", "by-session")])
    update = CustomerProfileIntegrationRequestV2(response_content=["event", "customerProfile"])
    dry = await talon.profiles.update("by-profile", update, run_rule_engine=True, dry=True)
    assert dry.event
    for hidden in ("by-profile", "by-session"):
        with pytest.raises(NotFoundError):
            await talon.profiles.inventory(hidden, profile=True)
        with pytest.raises(NotFoundError):
            await talon.profiles.delete_data(hidden)
    response = await talon.profiles.update("by-profile", update, run_rule_engine=True)
    assert response.event
    assert response.event.type == dry.event.type == "talon_profile_created"
    await talon.sessions.update("cart-1", NewCustomerSessionV2(profile_id="by-session"))
    for shown in ("by-profile", "by-session"):
        profile = (await talon.profiles.inventory(shown, profile=True)).profile
        assert profile
        assert [membership.id for membership in profile.audience_memberships or ()] == [1]


async def test_renaming_updates_memberships(talon: TalonClient, deployment: Deployment) -> None:
    """Renaming changes the name in each membership, and the Applications only if given."""
    await talon.audiences.create(NewAudience(name="VIPs", subscribed_applications_ids=[1]))
    await talon.audiences.update_members([change("add", "customer-7")])
    assert (await talon.audiences.rename(1, "Gold")).subscribed_applications_ids == [1]
    assert memberships(deployment) == {1: "Gold"}
    response = await talon.audiences.rename(1, "Silver", subscribed_applications_ids=[3, 13])
    assert (response.name, response.subscribed_applications_ids) == ("Silver", [3, 13])


async def test_deleting_an_audience_removes_its_members(talon: TalonClient, deployment: Deployment) -> None:
    """Deleting an audience ends all its memberships, and its ID is not used again."""
    await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))
    await talon.audiences.update_members([change("add", "customer-7")])
    await talon.audiences.delete(1)
    assert memberships(deployment) == {}
    assert (await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))).id == 2


async def test_unknown_audiences_are_not_found(talon: TalonClient, deployment: Deployment) -> None:
    """A request with an unknown audience is refused and changes nothing."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    for call in (
        talon.audiences.rename(9, "Gold"),
        talon.audiences.delete(9),
        talon.audiences.clear(9),
        talon.audiences.update_attributes(9, {"a": 1}),
        talon.audiences.update_members([change("add", "customer-7"), change("add", "customer-7", 9)]),
    ):
        with pytest.raises(NotFoundError, match="no audience 9"):
            await call
    changes = ProfileAudiencesChanges(adds=[1, 9], deletes=[8])
    update = CustomerProfileIntegrationRequestV2(attributes={"a": 1}, audiences_changes=changes)
    with pytest.raises(BadRequestError) as refused:
        await talon.profiles.update("customer-7", update)
    assert [error.pointer for error in refused.value.errors] == [
        "/audiencesChanges/adds/1",
        "/audiencesChanges/deletes/0",
    ]
    with pytest.raises(BadRequestError):
        await talon.audiences.update_members([change("add", "customer-7"), change("add", "")])
    assert not deployment.profiles


async def test_attributes_are_set_for_all_members(talon: TalonClient, deployment: Deployment) -> None:
    """Members get the attributes in addition to their own. Other profiles do not."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.profiles.update(
        "customer-7", CustomerProfileIntegrationRequestV2(attributes={"a": 1, "b": 1})
    )
    await talon.profiles.update("customer-8", CustomerProfileIntegrationRequestV2(attributes={"a": 1}))
    await talon.audiences.update_members([change("add", "customer-7")])
    await talon.audiences.update_attributes(1, {"b": 2, "c": 3})
    assert profile_of(deployment).attributes == {"a": 1, "b": 2, "c": 3}
    assert profile_of(deployment, "customer-8").attributes == {"a": 1}


async def test_a_dry_run_changes_no_membership(talon: TalonClient, deployment: Deployment) -> None:
    """A dry profile update returns the changed memberships and stores none."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    update = CustomerProfileIntegrationRequestV2(
        audiences_changes=ProfileAudiencesChanges(adds=[1], deletes=[]), response_content=["customerProfile"]
    )
    response = await talon.profiles.update("customer-7", update, run_rule_engine=True, dry=True)
    assert response.customer_profile
    assert len(response.customer_profile.audience_memberships or []) == 1
    assert not deployment.profiles
    assert deployment.store.audiences[1].last_update is None


async def test_rules_change_audiences(talon: TalonClient, deployment: Deployment) -> None:
    """Effects add and remove profiles immediately and for good. Unknown audiences are ignored."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.audiences.create(NewAudience(name="Newcomers"))
    await talon.audiences.update_members([change("add", "friend", 2)])
    deployment.add_campaign(
        granting(
            AddToAudienceEffectProps(audience_id=1, audience_name="VIPs"),
            AddToAudienceEffectProps(audience_id=9),
            RemoveFromAudienceEffectProps(audience_id=2, profile_integration_id="friend"),
        )
    )
    await talon.sessions.update("cart-1", shoes_and_socks(), dry=True)
    assert not deployment.sessions
    assert memberships(deployment, "friend") == {2: "Newcomers"}
    await talon.sessions.update("cart-1", shoes_and_socks())
    assert memberships(deployment) == {1: "VIPs"}
    assert memberships(deployment, "friend") == {}
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="closed"))
    await talon.sessions.update("cart-1", NewCustomerSessionV2(state="cancelled"))
    assert memberships(deployment) == {1: "VIPs"}
