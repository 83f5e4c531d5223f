"""Custom events: plain ones, and advanced ones that have an identifier."""

import attrs

from talon_async._operations import GET_ADVANCED_EVENT, TRACK_ADVANCED_EVENT, TRACK_EVENT
from talon_async.models.events import EventV3, IntegrationEventV2Request, IntegrationEventV3Request
from talon_async.models.integration import IntegrationEventV2Response, IntegrationEventV3Response
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.records import APPLICATION_ID
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.answers import parts
from talon_async.sandbox._handlers.registry import handles, tells
from talon_async.sandbox._rules.evaluation import EvaluationResult, apply_effects, evaluate


@handles(TRACK_EVENT)
def track_event(
    deployment: Deployment,
    body: IntegrationEventV2Request,
    *,
    silent: bool = True,
    dry: bool = False,
    force_complete_evaluation: bool = False,  # noqa: ARG001  every campaign is evaluated anyway
) -> IntegrationEventV2Response | None:
    """Evaluate an event and let its effects take hold at once; a silent call is told nothing of them."""
    result = _track(deployment, body, _checked_customer(deployment, body), dry=dry)
    if silent:
        return None
    return IntegrationEventV2Response(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **parts(deployment, body.response_content, result),
    )


@handles(TRACK_ADVANCED_EVENT)
def track_advanced_event(
    deployment: Deployment,
    body: IntegrationEventV3Request,
    *,
    silent: bool = True,
    dry: bool = False,
    force_complete_evaluation: bool = False,  # noqa: ARG001  every campaign is evaluated anyway
) -> IntegrationEventV3Response:
    """Evaluate an event that no other has the identifier of; its rules see the session that it refers to.

    They do not see the codes of that session: those were redeemed as it was closed. A silent call is told
    nothing of what came of it, in an answer of the usual form: the contract has no other.
    """
    profile_id = _checked_customer(deployment, body)
    session: CustomerSessionV2 | None = None
    if body.connected_session_id:
        record = deployment.sessions.get(body.connected_session_id)
        if record is None or record.session.state != "closed":
            raise bad_field("/connectedSessionId", "expected a session that is closed")
        session = attrs.evolve(record.session, coupon_codes=[], referral_code="")
    if body.integration_id in deployment.advanced_events:
        raise ApiError(409, f"There is an advanced event {body.integration_id!r}")
    result = _track(deployment, body, profile_id, session=session, dry=dry)
    if not dry:
        deployment.advanced_events[body.integration_id] = advanced_event(deployment, result)
    return IntegrationEventV3Response(
        effects=[] if silent else result.effects,
        created_coupons=[] if silent else result.created_coupons,
        created_referrals=[] if silent else result.created_referrals,
        **parts(deployment, None if silent else body.response_content, result),
    )


@handles(GET_ADVANCED_EVENT)
def get_advanced_event(deployment: Deployment, *, integration_id: str) -> EventV3:
    """Tell an advanced event and what came of it."""
    event = deployment.advanced_events.get(integration_id)
    if event is None:
        raise ApiError(404, f"There is no advanced event {integration_id!r}")
    return event


@tells("advancedEvent", "advanced_event")
def advanced_event(_deployment: Deployment, result: EvaluationResult) -> EventV3:
    """What happened, with the effects."""
    event = result.context.event
    return EventV3(
        connected_session_id=event.session_id,
        id=event.id,
        created=event.created,
        application_id=APPLICATION_ID,
        profile_id=event.profile_id,
        store_integration_id=event.store_integration_id,
        type=event.type,
        attributes=event.attributes,
        integration_id=event.integration_id,
        effects=[*result.effects],
    )


def _checked_customer(
    deployment: Deployment, body: IntegrationEventV2Request | IntegrationEventV3Request
) -> str:
    """The customer of an event.

    Raises:
        ApiError: There is none, the event is a built-in one, or its attributes are not declared.
    """
    if not body.profile_id:
        raise bad_field("/profileId", "expected the customer of the event", title="required")
    if body.type.startswith("talon_"):
        raise bad_field("/type", "built-in events cannot be tracked")
    check_attributes(deployment.attributes, [("Event", body.attributes, "/attributes")])
    return body.profile_id


def _track(
    deployment: Deployment,
    body: IntegrationEventV2Request | IntegrationEventV3Request,
    profile_id: str,
    *,
    session: CustomerSessionV2 | None = None,
    dry: bool,
) -> EvaluationResult:
    profile = deployment.profile(profile_id, keep=not dry).profile
    event = deployment.event(
        body.type,
        profile_id=profile_id,
        attributes=body.attributes or {},
        store_integration_id=body.store_integration_id or None,
        keep=not dry,
    )
    if isinstance(body, IntegrationEventV3Request):
        event.integration_id = body.integration_id
        event.session_id = body.connected_session_id or None
    context = deployment.context(event, session=session, profile=profile)
    result = evaluate(deployment, context, body.evaluable_campaign_ids if dry else None)
    if not dry:
        profile.last_activity = context.now
        apply_effects(deployment, result)
    return result
