"""Audiences: what they are, who is in them, and what is said of those that are none."""

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
    """The audiences of a profile, names by numbers."""
    found = profile_of(deployment, integration_id).audience_memberships or []
    return {membership.id: membership.name for membership in found}


def change(action: str, integration_id: str, audience_id: int = 1) -> CustomerProfileAudienceRequestItem:
    """A profile's entry into an audience, or its exit."""
    return CustomerProfileAudienceRequestItem(
        action=action, profile_integration_id=integration_id, audience_id=audience_id
    )


async def test_an_audience_is_made_as_it_is_told(talon: TalonClient, deployment: Deployment) -> None:
    """An audience of one's own needs a name only; one from elsewhere keeps all that is said of it."""
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
    moment = deployment.clock.now() - timedelta(days=3)
    foreign = await talon.audiences.create(
        NewAudience(
            name="Travellers",
            sandbox=False,
            description="over 18",
            subscribed_applications_ids=[1],
            integration="mparticle",
            integration_id="382370",
            last_update=moment,
        )
    )
    assert (foreign.id, foreign.integration, foreign.integration_id) == (2, "mparticle", "382370")
    assert (foreign.sandbox, foreign.description, foreign.last_update) == (False, "over 18", moment)
    assert (foreign.subscribed_applications_ids, foreign.created_in_3rd_party) == ([1], True)


async def test_an_identifier_of_an_audience_is_taken_once(talon: TalonClient) -> None:
    """The same identifier is refused for the same platform, and free for another; names are not unique."""
    await talon.audiences.create(NewAudience(name="VIPs", integration="segment", integration_id="a-1"))
    with pytest.raises(ConflictError):
        await talon.audiences.create(NewAudience(name="Other", integration="segment", integration_id="a-1"))
    await talon.audiences.create(NewAudience(name="VIPs", integration="braze", integration_id="a-1"))
    await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))
    with pytest.raises(ConflictError, match="'a-1'"):
        await talon.audiences.create(NewAudience(name="Other", integration_id="a-1"))


async def test_members_come_and_go(talon: TalonClient, deployment: Deployment) -> None:
    """Entries and exits follow their order; what is so already stays so, and is no change."""
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
    assert list(deployment.store.audiences) == [1, 2], "an empty audience is one nonetheless"


async def test_profiles_that_audiences_make_show_with_their_next_update(
    talon: TalonClient, deployment: Deployment
) -> None:
    """Nothing shows such a profile before a session or an update names it; a dry call does not count."""
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
    answer = await talon.profiles.update("by-profile", update, run_rule_engine=True)
    assert answer.event
    assert answer.event.type == dry.event.type == "talon_profile_created"
    await talon.sessions.update("cart-1", NewCustomerSessionV2(profile_id="by-session"))
    for shown in ("by-profile", "by-session"):
        profile = (await talon.profiles.inventory(shown, profile=True)).profile
        assert profile
        assert [membership.id for membership in profile.audience_memberships or ()] == [1]


async def test_a_new_name_is_known_to_all_members(talon: TalonClient, deployment: Deployment) -> None:
    """Renaming changes the name in each membership, and the Applications only if it names them."""
    await talon.audiences.create(NewAudience(name="VIPs", subscribed_applications_ids=[1]))
    await talon.audiences.update_members([change("add", "customer-7")])
    assert (await talon.audiences.rename(1, "Gold")).subscribed_applications_ids == [1]
    assert memberships(deployment) == {1: "Gold"}
    answer = await talon.audiences.rename(1, "Silver", subscribed_applications_ids=[3, 13])
    assert (answer.name, answer.subscribed_applications_ids) == ("Silver", [3, 13])


async def test_a_deleted_audience_has_no_members(talon: TalonClient, deployment: Deployment) -> None:
    """Deleting an audience takes everyone out of it, and its number is not given again."""
    await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))
    await talon.audiences.update_members([change("add", "customer-7")])
    await talon.audiences.delete(1)
    assert memberships(deployment) == {}
    assert (await talon.audiences.create(NewAudience(name="VIPs", integration_id="a-1"))).id == 2


async def test_audiences_that_are_none(talon: TalonClient, deployment: Deployment) -> None:
    """Calls for an unknown audience find nothing and change nothing, not even what came before it."""
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
    """Members get the attributes beside those that they have; others get none."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    await talon.profiles.update(
        "customer-7", CustomerProfileIntegrationRequestV2(attributes={"a": 1, "b": 1})
    )
    await talon.profiles.update("customer-8", CustomerProfileIntegrationRequestV2(attributes={"a": 1}))
    await talon.audiences.update_members([change("add", "customer-7")])
    await talon.audiences.update_attributes(1, {"b": 2, "c": 3})
    assert profile_of(deployment).attributes == {"a": 1, "b": 2, "c": 3}
    assert profile_of(deployment, "customer-8").attributes == {"a": 1}


async def test_a_dry_profile_update_joins_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """A dry update shows the memberships as they would be, and leaves profile and audience as they are."""
    await talon.audiences.create(NewAudience(name="VIPs"))
    update = CustomerProfileIntegrationRequestV2(
        audiences_changes=ProfileAudiencesChanges(adds=[1], deletes=[]), response_content=["customerProfile"]
    )
    answer = await talon.profiles.update("customer-7", update, run_rule_engine=True, dry=True)
    assert answer.customer_profile
    assert len(answer.customer_profile.audience_memberships or []) == 1
    assert not deployment.profiles
    assert deployment.store.audiences[1].last_update is None


async def test_rules_change_audiences(talon: TalonClient, deployment: Deployment) -> None:
    """Effects move the customer, or whom they name, at once and for good; an unknown audience is let be."""
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
