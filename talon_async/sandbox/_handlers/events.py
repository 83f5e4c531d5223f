"""Handlers of custom events: events, and advanced events, which have an identifier."""

import attrs

from talon_async.models.events import EventV3, IntegrationEventV2Request, IntegrationEventV3Request
from talon_async.models.integration import IntegrationEventV2Response, IntegrationEventV3Response
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import check_attributes
from talon_async.sandbox._errors import ApiError, bad_field
from talon_async.sandbox._handlers.content.context import advanced_event
from talon_async.sandbox._handlers.content.table import build_sections
from talon_async.sandbox._rules.activity import record_activity
from talon_async.sandbox._rules.context import evaluation_context
from talon_async.sandbox._rules.effects.apply import apply_effects
from talon_async.sandbox._rules.evaluation import evaluate
from talon_async.sandbox._rules.results import EvaluationResult


def track_event(
    deployment: DeploymentView,
    body: IntegrationEventV2Request,
    *,
    silent: bool = True,
    force_complete_evaluation: bool = False,  # noqa: ARG001  every campaign is evaluated anyway
) -> IntegrationEventV2Response | None:
    """Evaluate an event and apply its effects; the response to a silent request is empty."""
    result = _track(deployment, body, _checked_customer(deployment, body))
    if silent:
        return None
    return IntegrationEventV2Response(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **build_sections(deployment, body.response_content, result),
    )


def track_advanced_event(
    deployment: DeploymentView,
    body: IntegrationEventV3Request,
    *,
    silent: bool = True,
    force_complete_evaluation: bool = False,  # noqa: ARG001  every campaign is evaluated anyway
) -> IntegrationEventV3Response:
    """Evaluate an event with a unique identifier; rules see the connected session.

    They do not see the codes of that session: those were redeemed when it closed. The contract declares no
    empty response, so the response to a silent request has empty lists.
    """
    profile_id = _checked_customer(deployment, body)
    session: CustomerSessionV2 | None = None
    if body.connected_session_id:
        record = deployment.store.sessions.get(body.connected_session_id)
        if record is None or record.session.state != "closed":
            raise bad_field("/connectedSessionId", "expected a session that is closed")
        session = attrs.evolve(record.session, coupon_codes=[], referral_code="")
    if body.integration_id in deployment.store.advanced_events:
        raise ApiError(409, f"There is an advanced event {body.integration_id!r}")
    result = _track(deployment, body, profile_id, session=session)
    deployment.store.advanced_events[body.integration_id] = advanced_event(deployment, result)
    return IntegrationEventV3Response(
        effects=[] if silent else result.effects,
        created_coupons=[] if silent else result.created_coupons,
        created_referrals=[] if silent else result.created_referrals,
        **build_sections(deployment, None if silent else body.response_content, result),
    )


def get_advanced_event(deployment: DeploymentView, *, integration_id: str) -> EventV3:
    """Get an advanced event with its effects."""
    event = deployment.store.advanced_events.get(integration_id)
    if event is None:
        raise ApiError(404, f"There is no advanced event {integration_id!r}")
    return event


def _checked_customer(
    deployment: DeploymentView, body: IntegrationEventV2Request | IntegrationEventV3Request
) -> str:
    """The customer of an event.

    Raises:
        ApiError: It has none, is a built-in event, or has undeclared attributes; status 400.
    """
    if not body.profile_id:
        raise bad_field("/profileId", "expected the customer of the event", title="required")
    if body.type.startswith("talon_"):
        raise bad_field("/type", "built-in events cannot be tracked")
    check_attributes(deployment.application.attributes, [("Event", body.attributes, "/attributes")])
    return body.profile_id


def _track(
    deployment: DeploymentView,
    body: IntegrationEventV2Request | IntegrationEventV3Request,
    profile_id: str,
    *,
    session: CustomerSessionV2 | None = None,
) -> EvaluationResult:
    store, now = deployment.store, deployment.clock.now()
    profile = store.get_or_create_profile(profile_id, now).profile
    event = store.record_event(
        body.type,
        now,
        profile_id=profile_id,
        attributes=body.attributes or {},
        store_integration_id=body.store_integration_id or None,
    )
    referral_code = ""
    if isinstance(body, IntegrationEventV3Request):
        event.integration_id = body.integration_id
        event.session_id = body.connected_session_id or None
        referral_code = body.referral_code or ""
    context = evaluation_context(
        deployment, event, session=session, profile=profile, event_referral_code=referral_code
    )
    result = evaluate(deployment, context, body.evaluable_campaign_ids)
    record_activity(deployment, profile, now)
    apply_effects(deployment, result)
    return result
