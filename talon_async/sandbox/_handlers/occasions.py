"""The parts of answers that tell of the context itself."""

from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._handlers.registry import tells
from talon_async.sandbox._rules.evaluation import EvaluationResult


@tells("customerSession", "customer_session")
def session_of(_deployment: Deployment, result: EvaluationResult) -> CustomerSessionV2 | None:
    """The session as the call leaves it."""
    return result.context.session


@tells("customerProfile", "customer_profile")
def profile_of(_deployment: Deployment, result: EvaluationResult) -> CustomerProfile | None:
    """The customer as the call leaves it."""
    return result.context.profile


@tells("event", "event")
def event_of(_deployment: Deployment, result: EvaluationResult) -> Event:
    """What happened."""
    return result.context.event


@tells("previousReturns", "previous_returns")
def returns_before(_deployment: Deployment, result: EvaluationResult) -> list[Return]:
    """What was returned of the session before the call."""
    return list(result.returns_before)
