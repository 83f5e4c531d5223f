"""Profiles: bulk updates, and deletion of customer data."""

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


async def test_bulk_updates_create_and_update_profiles(talon: TalonClient, deployment: Deployment) -> None:
    """Profiles are created or updated in order, attributes are merged, and no rules run."""
    deployment.add_campaign(granting())
    await talon.profiles.update_many([Item(integration_id="customer-7", attributes={"a": 1})])
    last_activity = profile_of(deployment).last_activity
    deployment.clock.advance(hours=1)
    response = await talon.profiles.update_many(
        [
            Item(integration_id="customer-7", attributes={"b": 2}),
            Item(integration_id="customer-8"),
            Item(integration_id="customer-7", attributes={"c": 3}),
        ],
        silent=False,
    )
    assert response.integration_states
    profiles = [state.customer_profile for state in response.integration_states]
    assert [profile.integration_id for profile in profiles] == ["customer-7", "customer-8", "customer-7"]
    assert profiles[0].attributes == {"a": 1, "b": 2, "c": 3}
    assert profile_of(deployment).last_activity == last_activity
    assert not deployment.events


async def test_bulk_updates_are_silent_by_default(talon: TalonClient) -> None:
    """Without `silent=False`, the result is `None`."""
    # The result is `None` by its type, and this test checks the value.
    items = [Item(integration_id="customer-7")]
    assert await talon.profiles.update_many(items) is None  # type: ignore[func-returns-value]
    assert await talon.profiles.update_many(items, silent=True) is None  # type: ignore[func-returns-value]
    assert (await talon.profiles.update_many([], silent=False)).integration_states == []


async def test_an_invalid_bulk_update_changes_nothing(talon: TalonClient, deployment: Deployment) -> None:
    """An empty identifier is refused with its JSON pointer, and no profile is updated."""
    with pytest.raises(BadRequestError) as refused:
        await talon.profiles.update_many([Item(integration_id="customer-7"), Item(integration_id="")])
    assert [error.pointer for error in refused.value.errors] == ["/customerProfiles/1/integrationId"]
    assert not deployment.profiles


async def test_customer_data_is_deleted(talon: TalonClient, deployment: Deployment) -> None:
    """Attributes of the profile, its sessions and events are deleted. Orders and points stay."""
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


async def test_deleting_data_of_an_unknown_profile_is_not_found(talon: TalonClient) -> None:
    """Deleting the data of an unknown profile gives 404."""
    with pytest.raises(NotFoundError, match="'nobody'"):
        await talon.profiles.delete_data("nobody")
