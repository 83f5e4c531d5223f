"""Memberships in audiences, which profiles hold."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from talon_async.models.audiences import Audience
from talon_async.models.profiles import AudienceMembership, CustomerProfile
from talon_async.sandbox._domain.records import ProfileRecord


def join(audience: Audience, profile: CustomerProfile, now: datetime) -> None:
    """Add a profile to an audience, unless it is a member."""
    memberships = profile.audience_memberships or []
    if all(membership.id != audience.id for membership in memberships):
        joined = AudienceMembership(id=audience.id, name=audience.name)
        profile.audience_memberships = [*memberships, joined]
        audience.last_update = now


def leave(audience: Audience, profile: CustomerProfile, now: datetime) -> None:
    """Remove a profile from an audience, if it is a member."""
    memberships = profile.audience_memberships or []
    left = [membership for membership in memberships if membership.id != audience.id]
    if len(left) < len(memberships):
        profile.audience_memberships = left
        audience.last_update = now


def members(profiles: Iterable[ProfileRecord], audience_id: int) -> Iterator[CustomerProfile]:
    """Iterate over the members of an audience."""
    for record in profiles:
        memberships = record.profile.audience_memberships or ()
        if any(membership.id == audience_id for membership in memberships):
            yield record.profile
