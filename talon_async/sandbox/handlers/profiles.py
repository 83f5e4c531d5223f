"""Customer profiles."""

import attrs

from talon_async.models.base import Omittable
from talon_async.models.integration import CustomerProfileIntegrationResponseV2
from talon_async.models.profiles import (
    AudienceMembership,
    CustomerProfile,
    CustomerProfileIntegrationRequestV2,
    ProfileAudiencesChanges,
)
from talon_async.operations import UPDATE_CUSTOMER_PROFILE
from talon_async.sandbox.answers import parts
from talon_async.sandbox.evaluation import evaluate, take_hold
from talon_async.sandbox.registry import handles
from talon_async.sandbox.state import Deployment


@handles(UPDATE_CUSTOMER_PROFILE)
def update_profile(
    deployment: Deployment,
    body: CustomerProfileIntegrationRequestV2,
    *,
    integration_id: str,
    run_rule_engine: bool = False,
    dry: bool = False,
) -> CustomerProfileIntegrationResponseV2:
    """Create or change a profile; the rules see it only if the call says so."""
    dry = dry and run_rule_engine
    kind = "talon_profile_updated" if integration_id in deployment.profiles else "talon_profile_created"
    record = deployment.profile(integration_id, keep=not dry)
    profile = attrs.evolve(
        record.profile,
        attributes=record.profile.attributes | (body.attributes or {}),
        audience_memberships=_memberships(record.profile, body.audiences_changes),
    )
    if not dry:
        record.profile = profile
    if not run_rule_engine:
        return CustomerProfileIntegrationResponseV2(effects=[], created_coupons=[], created_referrals=[])
    occasion = deployment.occasion(
        deployment.event(kind, profile_id=integration_id, keep=not dry), profile=profile
    )
    outcome = evaluate(deployment, occasion, body.evaluable_campaign_ids if dry else None)
    if not dry:
        profile.last_activity = occasion.now
        take_hold(deployment, outcome)
    found = parts(deployment, body.response_content, outcome)
    found.pop("achievements", None)  # can be asked for, but the contract's answer has no field for them
    return CustomerProfileIntegrationResponseV2(
        effects=outcome.effects, created_coupons=[], created_referrals=[], **found
    )


def _memberships(
    profile: CustomerProfile, changes: Omittable[ProfileAudiencesChanges]
) -> list[AudienceMembership] | None:
    if not changes:
        return profile.audience_memberships
    members = {membership.id: membership for membership in profile.audience_memberships or ()}
    for number in changes.adds:
        members.setdefault(number, AudienceMembership(id=number, name=f"Audience {number}"))
    for number in changes.deletes:
        members.pop(number, None)
    return list(members.values())
