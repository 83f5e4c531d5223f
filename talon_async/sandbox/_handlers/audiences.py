"""Audiences: made, renamed, filled, emptied and deleted."""

from typing import Any

from talon_async._operations import (
    CLEAR_AUDIENCE,
    CREATE_AUDIENCE,
    DELETE_AUDIENCE,
    RENAME_AUDIENCE,
    UPDATE_AUDIENCE_ATTRIBUTES,
    UPDATE_AUDIENCE_MEMBERS,
)
from talon_async.models.audiences import Audience, CustomerProfileAudienceRequest, NewAudience, UpdateAudience
from talon_async.models.effect_props_loyalty import AddToAudienceEffectProps, RemoveFromAudienceEffectProps
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.records import ACCOUNT_ID
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._domain.audiences import join, leave, members
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.registry import carries_out, handles


@handles(CREATE_AUDIENCE)
def create_audience(deployment: Deployment, body: NewAudience) -> Audience:
    """Make an audience, unless there is one with its identifier from the same platform."""
    identity = body.integration or None, body.integration_id or None
    if body.integration_id:
        taken = any(
            (audience.integration, audience.integration_id) == identity
            for audience in deployment.audiences.values()
        )
        if taken:
            raise ApiError(409, f"There is an audience {body.integration_id!r} of this integration already")
    integration, integration_id = identity
    third_party = body.created_in_3rd_party
    audience = Audience(
        account_id=ACCOUNT_ID,
        id=deployment.next_id("audience"),
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
    deployment.audiences[audience.id] = audience
    return audience


@handles(RENAME_AUDIENCE)
def rename_audience(deployment: Deployment, body: UpdateAudience, *, audience_id: int) -> Audience:
    """Give an audience another name, by which its members know it from now on."""
    audience = _audience(deployment, audience_id)
    audience.name = body.name
    if isinstance(body.subscribed_applications_ids, list):
        audience.subscribed_applications_ids = body.subscribed_applications_ids
    for profile in members(deployment, audience_id):
        for membership in profile.audience_memberships or ():
            if membership.id == audience_id:
                membership.name = body.name
    return audience


@handles(DELETE_AUDIENCE)
def delete_audience(deployment: Deployment, *, audience_id: int) -> None:
    """Delete an audience, with all its memberships."""
    clear_audience(deployment, audience_id=audience_id)
    del deployment.audiences[audience_id]


@handles(CLEAR_AUDIENCE)
def clear_audience(deployment: Deployment, *, audience_id: int) -> None:
    """Take all members out of an audience."""
    audience = _audience(deployment, audience_id)
    for profile in members(deployment, audience_id):
        leave(audience, profile, deployment.clock.now())


@handles(UPDATE_AUDIENCE_MEMBERS)
def update_members(deployment: Deployment, body: CustomerProfileAudienceRequest) -> None:
    """Put customers into audiences and take them out; one who is not known comes to be, without showing."""
    changes = body.data or []
    for index, change in enumerate(changes):
        _audience(deployment, change.audience_id)
        if not change.profile_integration_id:
            raise bad_field(
                f"/data/{index}/profileIntegrationId", "expected an identifier, found an empty text"
            )
    now = deployment.clock.now()
    for change in changes:
        audience = deployment.audiences[change.audience_id]
        record = deployment.profiles.get(change.profile_integration_id)
        if change.action == "add":
            if record is None:
                record = deployment.profile(change.profile_integration_id, keep=True)
                record.hidden = True
            join(audience, record.profile, now)
        elif record is not None:
            leave(audience, record.profile, now)


@handles(UPDATE_AUDIENCE_ATTRIBUTES)
def update_attributes(deployment: Deployment, body: dict[str, Any], *, audience_id: int) -> None:
    """Set attributes of all members of an audience."""
    _audience(deployment, audience_id)
    check_attributes(deployment.attributes, [("CustomerProfile", body, "")])
    for profile in members(deployment, audience_id):
        profile.attributes = profile.attributes | body


@carries_out(AddToAudienceEffectProps, RemoveFromAudienceEffectProps, at_once=True)
def change_membership(
    deployment: Deployment,
    context: EvaluationContext,
    props: AddToAudienceEffectProps | RemoveFromAudienceEffectProps,
) -> None:
    """Put the customer, or whom else the effect names, into an audience or take them out."""
    audience = deployment.audiences.get(props.audience_id or 0)
    record = deployment.profiles.get(props.profile_integration_id or context.profile_id)
    if audience is None or record is None:
        return
    change = join if isinstance(props, AddToAudienceEffectProps) else leave
    change(audience, record.profile, context.now)


def _audience(deployment: Deployment, audience_id: int) -> Audience:
    try:
        return deployment.audiences[audience_id]
    except KeyError:
        raise ApiError(404, f"There is no audience {audience_id}") from None
