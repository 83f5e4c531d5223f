"""Profiles: many at once, and the erasing of what is known of a customer."""

import pytest

from talon_async import (
    BadRequestError,
    IntegrationEventV2Request,
    MultipleCustomerProfileIntegrationRequestItem,
    NotFoundError,
    TalonClient,
)
from talon_async.sandbox import Deployment
from tests.sandbox.support import close_order, granting, points_of, profile_of, shoes_and_socks

Item = MultipleCustomerProfileIntegrationRequestItem


async def test_many_profiles_are_made_and_changed(talon: TalonClient, deployment: Deployment) -> None:
    """Each is made or changed by its identifier; attributes add up, within the call too; no rule sees it."""
    deployment.add_campaign(granting())
    await talon.profiles.update_many([Item(integration_id="customer-7", attributes={"a": 1})])
    begun = profile_of(deployment).last_activity
    deployment.clock.advance(hours=1)
    answer = await talon.profiles.update_many(
        [
            Item(integration_id="customer-7", attributes={"b": 2}),
            Item(integration_id="customer-8"),
            Item(integration_id="customer-7", attributes={"c": 3}),
        ],
        silent=False,
    )
    assert answer.integration_states
    profiles = [state.customer_profile for state in answer.integration_states]
    assert [profile.integration_id for profile in profiles] == ["customer-7", "customer-8", "customer-7"]
    assert profiles[0].attributes == {"a": 1, "b": 2, "c": 3}
    assert profile_of(deployment).last_activity == begun
    assert not deployment.events


async def test_bulk_updates_are_silent_unless_told_otherwise(talon: TalonClient) -> None:
    """Without `silent=False` nothing comes back."""
    # Whether `None` comes back is what is asked here; the type says that it does.
    items = [Item(integration_id="customer-7")]
    assert await talon.profiles.update_many(items) is None  # type: ignore[func-returns-value]
    assert await talon.profiles.update_many(items, silent=True) is None  # type: ignore[func-returns-value]
    assert (await talon.profiles.update_many([], silent=False)).integration_states == []


async def test_a_bulk_update_with_a_fault_changes_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """An empty identifier is named by its place, and nobody else is changed."""
    with pytest.raises(BadRequestError) as refused:
        await talon.profiles.update_many([Item(integration_id="customer-7"), Item(integration_id="")])
    assert [error.pointer for error in refused.value.errors] == ["/customerProfiles/1/integrationId"]
    assert not deployment.profiles


async def test_a_customer_s_data_is_erased(talon: TalonClient, deployment: Deployment) -> None:
    """Attributes go, of the profile and all that refers to it; what was bought and earned stays."""
    await talon.profiles.update_many([Item(integration_id="customer-7", attributes={"Name": "Ada"})])
    await talon.profiles.update_many([Item(integration_id="customer-8", attributes={"Name": "Bob"})])
    for customer in ("customer-7", "customer-8"):
        await talon.sessions.update(
            f"cart-of-{customer}", shoes_and_socks(profile_id=customer, attributes={"City": "Berlin"})
        )
        await talon.events.track(
            IntegrationEventV2Request(profile_id=customer, type="shared", attributes={"With": "Eve"})
        )
    await close_order(talon)
    await talon.profiles.delete_data("customer-7")
    assert profile_of(deployment).attributes == {}
    assert deployment.sessions["cart-of-customer-7"].session.attributes == {}
    assert all(not event.attributes for event in deployment.events if event.profile_id == "customer-7")
    assert (profile_of(deployment).closed_sessions, points_of(deployment)) == (1, 100.0)
    assert profile_of(deployment, "customer-8").attributes == {"Name": "Bob"}
    assert deployment.sessions["cart-of-customer-8"].session.attributes == {"City": "Berlin"}
    assert [event.attributes for event in deployment.events if event.type == "shared"] == [
        {},
        {"With": "Eve"},
    ]


async def test_data_of_nobody_cannot_be_erased(talon: TalonClient) -> None:
    """A profile that is none is not found."""
    with pytest.raises(NotFoundError, match="'nobody'"):
        await talon.profiles.delete_data("nobody")
