"""Builds the evaluation context of a request."""

import functools
from datetime import datetime

from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import TRACKER, CustomerAchievements


def evaluation_context(
    deployment: DeploymentView,
    event: Event,
    *,
    session: CustomerSessionV2 | None = None,
    profile: CustomerProfile | None = None,
    event_referral_code: str = "",
    closing: bool = False,
    now: datetime | None = None,
) -> EvaluationContext:
    """Build the context that rules evaluate.

    Args:
        deployment: The deployment.
        event: The event that triggers the evaluation.
        session: The session after the update.
        profile: The customer.
        event_referral_code: The referral code of an advanced event.
        closing: Whether the request closes the session.
        now: The time to evaluate at; the clock's time unless given.
    """
    moment = now or deployment.clock.now()
    profile_id = profile.integration_id if profile else ""
    store = deployment.store
    return EvaluationContext(
        event=event,
        session=session,
        profile=profile,
        event_referral_code=event_referral_code,
        closing=closing,
        now=moment,
        new_uuid=store.new_uuid,
        new_code=store.new_code,
        points=functools.partial(_active_points, deployment, profile_id),
        achievements=CustomerAchievements(
            deployment.application.achievements,
            store.achievement_progress.get(profile_id, ()) if profile else None,
            next_tracker_id=store.last_numbers.get(TRACKER, 0) + 1,
            now=moment,
        ),
    )


def _active_points(
    deployment: DeploymentView, profile_id: str, program_id: int, sub_ledger_id: str = ""
) -> float:
    now, points = deployment.clock.now(), deployment.store.points
    return points.balance(profile_id, now, program_id=program_id, sub_ledger_id=sub_ledger_id).active
