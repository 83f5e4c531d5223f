"""The handler that deletes customer data."""

from itertools import chain

from talon_async.models.events import Event, EventV3
from talon_async.models.giveaways import Giveaway
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.giveaways import awarded_to


def delete_data(deployment: DeploymentView, *, integration_id: str) -> None:
    """Delete the attributes of a profile, and of its sessions, events and giveaways."""
    deployment.store.require_profile(integration_id).profile.attributes = {}
    sessions = (record.session for record in deployment.store.sessions.values())
    events = chain[Event | EventV3](deployment.store.events, deployment.store.advanced_events.values())
    mine: list[CustomerSessionV2 | Event | EventV3 | Giveaway] = [
        *(session for session in sessions if session.profile_id == integration_id),
        *(event for event in events if event.profile_id == integration_id),
        *awarded_to(deployment.store.giveaways.values(), integration_id),
    ]
    for entity in mine:
        entity.attributes = {}
