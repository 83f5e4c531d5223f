"""The activity counters of profiles."""

from datetime import datetime

from talon_async.models.profiles import CustomerProfile
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.amounts import amount


def record_activity(
    deployment: DeploymentView,
    profile: CustomerProfile,
    now: datetime,
    *,
    closed_sessions: int = 0,
    sales: float = 0.0,
) -> None:
    """Update a profile's counters; a dry run is not an activity and shows the stored counters.

    Args:
        deployment: The deployment.
        profile: The profile.
        now: The time of the activity.
        closed_sessions: How many closed sessions are added; negative for a rollback.
        sales: The sales added; negative for a rollback.
    """
    if deployment.dry:
        return
    profile.last_activity = now
    profile.closed_sessions += closed_sessions
    profile.total_sales = amount(profile.total_sales + sales)
