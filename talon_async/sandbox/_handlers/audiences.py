"""Handlers of audiences and their members."""

from typing import Any

from talon_async.models.audiences import Audience, CustomerProfileAudienceRequest, NewAudience, UpdateAudience
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.audiences import join, leave, members
from talon_async.sandbox._domain.records import ACCOUNT_ID
from talon_async.sandbox._errors import ApiError, bad_field


def create_audience(deployment: DeploymentView, body: NewAudience) -> Audience:
    """Create an audience, unless its identifier exists in the same integration."""
    identity = body.integration or None, body.integration_id or None
    if body.integration_id:
        taken = any(
            (audience.integration, audience.integration_id) == identity
            for audience in deployment.store.audiences.values()
        )
        if taken:
            raise ApiError(409, f"There is an audience {body.integration_id!r} of this integration already")
    integration, integration_id = identity
    third_party = body.created_in_3rd_party
    audience = Audience(
        account_id=ACCOUNT_ID,
        id=deployment.store.next_id("audience"),
        created=deployment.clock.now(),
        name=body.name,
        sandbox=body.sandbox if isinstance(body.sandbox, bool) else True,
        description=body.description or "",
        subscribed_applications_ids=body.subscribed_applications_ids or [],
        integration=integration,
        integration_id=integration_id,
        created_in_3rd_party=third_party if isinstance(third_party, bool) else bool(integration_id),
        last_update=body.last_update or None,
    )
    deployment.store.audiences[audience.id] = audience
    return audience


def rename_audience(deployment: DeploymentView, body: UpdateAudience, *, audience_id: int) -> Audience:
    """Rename an audience, also in the memberships of its members."""
    audience = _audience(deployment, audience_id)
    audience.name = body.name
    if isinstance(body.subscribed_applications_ids, list):
        audience.subscribed_applications_ids = body.subscribed_applications_ids
    for profile in members(deployment.store.profiles.values(), audience_id):
        for membership in profile.audience_memberships or ():
            if membership.id == audience_id:
                membership.name = body.name
    return audience


def delete_audience(deployment: DeploymentView, *, audience_id: int) -> None:
    """Delete an audience and its memberships."""
    clear_audience(deployment, audience_id=audience_id)
    del deployment.store.audiences[audience_id]


def clear_audience(deployment: DeploymentView, *, audience_id: int) -> None:
    """Remove all members from an audience."""
    audience = _audience(deployment, audience_id)
    for profile in members(deployment.store.profiles.values(), audience_id):
        leave(audience, profile, deployment.clock.now())


def update_members(deployment: DeploymentView, body: CustomerProfileAudienceRequest) -> None:
    """Add profiles to audiences and remove them; an unknown profile is created hidden."""
    changes = body.data or []
    for index, change in enumerate(changes):
        _audience(deployment, change.audience_id)
        if not change.profile_integration_id:
            raise bad_field(
                f"/data/{index}/profileIntegrationId", "expected an identifier, found an empty string"
            )
    now = deployment.clock.now()
    for change in changes:
        audience = deployment.store.audiences[change.audience_id]
        record = deployment.store.profiles.get(change.profile_integration_id)
        if change.action == "add":
            if record is None:
                record = deployment.store.get_or_create_profile(change.profile_integration_id, now)
                record.hidden = True
            join(audience, record.profile, now)
        elif record is not None:
            leave(audience, record.profile, now)


def update_attributes(deployment: DeploymentView, body: dict[str, Any], *, audience_id: int) -> None:
    """Update attributes of all members of an audience."""
    _audience(deployment, audience_id)
    check_attributes(deployment.application.attributes, [("CustomerProfile", body, "")])
    for profile in members(deployment.store.profiles.values(), audience_id):
        profile.attributes = profile.attributes | body


def _audience(deployment: DeploymentView, audience_id: int) -> Audience:
    try:
        return deployment.store.audiences[audience_id]
    except KeyError:
        raise ApiError(404, f"There is no audience {audience_id}") from None
