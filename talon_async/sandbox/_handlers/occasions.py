"""The parts of answers that tell of the occasion itself."""

from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._rules.evaluation import Outcome
from talon_async.sandbox._handlers.registry import tells


@tells("customerSession", "customer_session")
def session_of(_deployment: Deployment, outcome: Outcome) -> CustomerSessionV2 | None:
    """The session as the call leaves it."""
    return outcome.occasion.session


@tells("customerProfile", "customer_profile")
def profile_of(_deployment: Deployment, outcome: Outcome) -> CustomerProfile | None:
    """The customer as the call leaves it."""
    return outcome.occasion.profile


@tells("event", "event")
def event_of(_deployment: Deployment, outcome: Outcome) -> Event:
    """What happened."""
    return outcome.occasion.event


@tells("previousReturns", "previous_returns")
def returns_before(_deployment: Deployment, outcome: Outcome) -> list[Return]:
    """What was returned of the session before the call."""
    return list(outcome.returns_before)
