"""Handlers of profile updates, single and multiple."""

from collections.abc import Iterator

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
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.attributes import (
    attribute_errors,
    check_attributes,
    write_times_in_utc,
)
from talon_async.sandbox._domain.audiences import join, leave
from talon_async.sandbox._errors import INVALID, ApiError
from talon_async.sandbox._handlers.content.table import build_sections
from talon_async.sandbox._rules.activity import record_activity
from talon_async.sandbox._rules.context import evaluation_context
from talon_async.sandbox._rules.effects.apply import apply_effects
from talon_async.sandbox._rules.evaluation import evaluate


def update_profile(
    deployment: DeploymentView,
    body: CustomerProfileIntegrationRequestV2,
    *,
    integration_id: str,
    run_rule_engine: bool = False,
) -> CustomerProfileIntegrationResponseV2:
    """Create or update a profile; campaigns are evaluated only if the request says so."""
    store, now = deployment.store, deployment.clock.now()
    check_attributes(deployment.application.attributes, [("CustomerProfile", body.attributes, "/attributes")])
    _check_audiences(deployment, body.audiences_changes)
    before = store.profiles.get(integration_id)
    event_type = "talon_profile_created" if before is None or before.hidden else "talon_profile_updated"
    profile = store.get_or_create_profile(integration_id, now).profile
    profile.attributes = profile.attributes | (body.attributes or {})
    _change_audiences(deployment, profile, body.audiences_changes)
    if not run_rule_engine:
        return CustomerProfileIntegrationResponseV2(effects=[], created_coupons=[], created_referrals=[])
    event = store.record_event(event_type, now, profile_id=integration_id)
    context = evaluation_context(deployment, event, profile=profile)
    result = evaluate(deployment, context, body.evaluable_campaign_ids)
    record_activity(deployment, profile, now)
    apply_effects(deployment, result)
    sections = build_sections(deployment, body.response_content, result)
    sections.pop("achievements", None)  # requestable, but the contract's response has no field for them
    return CustomerProfileIntegrationResponseV2(
        effects=result.effects,
        created_coupons=result.created_coupons,
        created_referrals=result.created_referrals,
        **sections,
    )


def _check_audiences(deployment: DeploymentView, changes: Omittable[ProfileAudiencesChanges]) -> None:
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
        if number not in deployment.store.audiences
    ]
    if errors:
        raise ApiError(400, INVALID, errors)


def _change_audiences(
    deployment: DeploymentView, profile: CustomerProfile, changes: Omittable[ProfileAudiencesChanges]
) -> None:
    if not changes:
        return
    now = deployment.clock.now()
    for change, audience_ids in ((join, changes.adds), (leave, changes.deletes)):
        for audience_id in audience_ids:
            change(deployment.store.audiences[audience_id], profile, now)


def update_profiles(
    deployment: DeploymentView, body: MultipleCustomerProfileIntegrationRequest, *, silent: bool = True
) -> MultipleCustomerProfileIntegrationResponseV2 | None:
    """Create or update many profiles, all or, if one is invalid, none; no campaign is evaluated."""
    items, now = body.customer_profiles or [], deployment.clock.now()
    errors = [error for index, item in enumerate(items) for error in _errors(deployment, item, index)]
    if errors:
        raise ApiError(400, INVALID, errors)
    states: list[CustomerProfileUpdateV2Response] = []
    for item in items:
        profile = deployment.store.get_or_create_profile(item.integration_id, now).profile
        write_times_in_utc(deployment.application.attributes or {}, "CustomerProfile", item.attributes)
        profile.attributes = profile.attributes | (item.attributes or {})
        states.append(CustomerProfileUpdateV2Response(customer_profile=profile))
    return None if silent else MultipleCustomerProfileIntegrationResponseV2(integration_states=states)


def _errors(
    deployment: DeploymentView, item: MultipleCustomerProfileIntegrationRequestItem, index: int
) -> Iterator[APIError]:
    pointer = f"/customerProfiles/{index}"
    if not item.integration_id:
        yield APIError(
            title="Invalid value",
            details="expected an identifier, found an empty text",
            source=ErrorSource(pointer=f"{pointer}/integrationId"),
        )
    if deployment.application.attributes is not None:
        yield from attribute_errors(
            deployment.application.attributes, "CustomerProfile", item.attributes, f"{pointer}/attributes"
        )
