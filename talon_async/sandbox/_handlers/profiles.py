"""Customer profiles, one by one and in bulk."""

from collections.abc import Iterator

import attrs

from talon_async._operations import UPDATE_CUSTOMER_PROFILE, UPDATE_CUSTOMER_PROFILES
from talon_async.models.base import Omittable
from talon_async.models.errors import APIError, ErrorSource
from talon_async.models.integration import CustomerProfileIntegrationResponseV2
from talon_async.models.profiles import (
    CustomerProfile,
    CustomerProfileIntegrationRequestV2,
    CustomerProfileUpdateV2Response,
    MultipleCustomerProfileIntegrationRequest,
    MultipleCustomerProfileIntegrationRequestItem,
    MultipleCustomerProfileIntegrationResponseV2,
    ProfileAudiencesChanges,
)
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.attributes import attribute_errors, check_attributes
from talon_async.sandbox._domain.audiences import join, leave
from talon_async.sandbox._errors import INVALID, ApiError
from talon_async.sandbox._handlers.answers import parts
from talon_async.sandbox._handlers.registry import handles
from talon_async.sandbox._rules.evaluation import apply_effects, evaluate


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
    check_attributes(deployment.attributes, [("CustomerProfile", body.attributes, "/attributes")])
    _check_audiences(deployment, body.audiences_changes)
    dry = dry and run_rule_engine
    before = deployment.profiles.get(integration_id)
    kind = "talon_profile_created" if before is None or before.hidden else "talon_profile_updated"
    record = deployment.profile(integration_id, keep=not dry)
    profile = attrs.evolve(record.profile, attributes=record.profile.attributes | (body.attributes or {}))
    _change_audiences(deployment, profile, body.audiences_changes, keep=not dry)
    if not dry:
        record.profile = profile
    if not run_rule_engine:
        return CustomerProfileIntegrationResponseV2(effects=[], created_coupons=[], created_referrals=[])
    context = deployment.context(
        deployment.event(kind, profile_id=integration_id, keep=not dry), profile=profile
    )
    result = evaluate(deployment, context, body.evaluable_campaign_ids if dry else None)
    if not dry:
        profile.last_activity = context.now
        apply_effects(deployment, result)
    found = parts(deployment, body.response_content, result)
    found.pop("achievements", None)  # can be asked for, but the contract's answer has no field for them
    return CustomerProfileIntegrationResponseV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **found,
    )


def _check_audiences(deployment: Deployment, changes: Omittable[ProfileAudiencesChanges]) -> None:
    if not changes:
        return
    errors = [
        APIError(
            title="Unknown",
            details=f"there is no audience {number}",
            source=ErrorSource(pointer=f"/audiencesChanges/{field}/{index}"),
        )
        for field, numbers in (("adds", changes.adds), ("deletes", changes.deletes))
        for index, number in enumerate(numbers)
        if number not in deployment.audiences
    ]
    if errors:
        raise ApiError(400, INVALID, errors)


def _change_audiences(
    deployment: Deployment,
    profile: CustomerProfile,
    changes: Omittable[ProfileAudiencesChanges],
    *,
    keep: bool,
) -> None:
    """Put a profile into audiences and take it out of others, of which a dry call takes copies."""
    if not changes:
        return
    now = deployment.clock.now()
    for change, numbers in ((join, changes.adds), (leave, changes.deletes)):
        for number in numbers:
            audience = deployment.audiences[number]
            change(audience if keep else attrs.evolve(audience), profile, now)


@handles(UPDATE_CUSTOMER_PROFILES)
def update_profiles(
    deployment: Deployment, body: MultipleCustomerProfileIntegrationRequest, *, silent: bool = True
) -> MultipleCustomerProfileIntegrationResponseV2 | None:
    """Create or change many profiles, all of them or, if one cannot be, none; no rule sees them."""
    items = body.customer_profiles or []
    errors = [error for index, item in enumerate(items) for error in _errors(deployment, item, index)]
    if errors:
        raise ApiError(400, INVALID, errors)
    states: list[CustomerProfileUpdateV2Response] = []
    for item in items:
        profile = deployment.profile(item.integration_id, keep=True).profile
        profile.attributes = profile.attributes | (item.attributes or {})
        states.append(CustomerProfileUpdateV2Response(customer_profile=profile))
    return None if silent else MultipleCustomerProfileIntegrationResponseV2(integration_states=states)


def _errors(
    deployment: Deployment, item: MultipleCustomerProfileIntegrationRequestItem, index: int
) -> Iterator[APIError]:
    pointer = f"/customerProfiles/{index}"
    if not item.integration_id:
        yield APIError(
            title="Invalid value",
            details="expected an identifier, found an empty text",
            source=ErrorSource(pointer=f"{pointer}/integrationId"),
        )
    if deployment.attributes is not None:
        yield from attribute_errors(
            deployment.attributes, "CustomerProfile", item.attributes, f"{pointer}/attributes"
        )
