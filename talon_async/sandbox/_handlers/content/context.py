"""The sections with what was evaluated: session, profile, event and earlier returns."""

from talon_async.models.events import Event, EventV3
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.records import APPLICATION_ID
from talon_async.sandbox._rules.results import EvaluationResult


def customer_session(_deployment: DeploymentView, result: EvaluationResult) -> CustomerSessionV2 | None:
    """The session after the request."""
    return result.context.session


def customer_profile(_deployment: DeploymentView, result: EvaluationResult) -> CustomerProfile | None:
    """The customer's profile after the request."""
    return result.context.profile


def event(_deployment: DeploymentView, result: EvaluationResult) -> Event:
    """The evaluated event."""
    return result.context.event


def advanced_event(_deployment: DeploymentView, result: EvaluationResult) -> EventV3:
    """The evaluated advanced event, with its effects."""
    source = result.context.event
    return EventV3(
        connected_session_id=source.session_id,
        id=source.id,
        created=source.created,
        application_id=APPLICATION_ID,
        profile_id=source.profile_id,
        store_integration_id=source.store_integration_id,
        type=source.type,
        attributes=source.attributes,
        integration_id=source.integration_id,
        referral_code=result.context.event_referral_code or None,
        effects=[*result.effects],
    )


def previous_returns(_deployment: DeploymentView, result: EvaluationResult) -> list[Return]:
    """The earlier returns of the session."""
    return list(result.returns_before)
