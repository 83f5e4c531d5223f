"""Customer profiles: the customers, or guests, that sessions, events, coupons and points belong to."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import NULL_IN_RESPONSES, UNSET, IntegrationId, Limit, Model, Omittable

__all__ = [
    "AudienceMembership",
    "CustomerProfile",
    "CustomerProfileIntegrationRequestV2",
    "CustomerProfileUpdateV2Response",
    "LoyaltyMembership",
    "MultipleCustomerProfileIntegrationRequest",
    "MultipleCustomerProfileIntegrationRequestItem",
    "MultipleCustomerProfileIntegrationResponseV2",
    "ProfileAudiencesChanges",
    "ProfileResponseContent",
]

ProfileResponseContent: TypeAlias = Literal[
    "customerProfile",
    "triggeredCampaigns",
    "loyalty",
    "event",
    "awardedGiveaways",
    "ruleFailureReasons",
    "campaignEligibility",
    "achievements",
]
"""What `updateCustomerProfileV2` and `trackEventV2` can return in addition to the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyMembership(Model):
    """A customer's membership in a loyalty program.

    Only in `CustomerProfile.loyalty_memberships`, which is deprecated.

    Attributes:
        joined: When the customer joined.
        loyalty_program_id: The loyalty program.
    """

    joined: datetime | None = None
    loyalty_program_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class AudienceMembership(Model):
    """An audience that a customer belongs to.

    Attributes:
        id: Talon.One's ID of the audience.
        name: The name of the audience.
    """

    id: int
    name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfile(Model):
    """A customer profile as stored by the service.

    Returned by session, profile and event operations, `getCustomerInventory` and `getReservedCustomers`.

    Attributes:
        id: Talon.One's ID of the profile.
        created: When the profile was created.
        integration_id: The integration ID of the profile.
        attributes: Attributes by name.
        account_id: The Talon.One account.
        closed_sessions: The number of closed sessions, without those that were cancelled or reopened later.
        total_sales: The amount of all purchases before discounts, without cancelled or reopened sessions and
            without returned items.
        loyalty_memberships: Deprecated. Always `None`.
        audience_memberships: The audiences that the customer belongs to.
        last_activity: When the customer last sent an event. Only requests that run the Rule Engine and are
            not dry change it.
        sandbox: Whether the profile belongs to the sandbox environment instead of the live one.
    """

    id: int
    created: datetime
    integration_id: IntegrationId
    attributes: dict[str, Any]
    account_id: int
    closed_sessions: int
    total_sales: float
    loyalty_memberships: Annotated[list[LoyaltyMembership] | None, NULL_IN_RESPONSES] = None
    audience_memberships: list[AudienceMembership] | None = None
    last_activity: datetime
    sandbox: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ProfileAudiencesChanges(Model):
    """Audiences that a customer joins and leaves. Both lists are required.

    Attributes:
        adds: The IDs of the audiences to join.
        deletes: The IDs of the audiences to leave.
    """

    adds: list[int]
    deletes: list[int]


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileIntegrationRequestV2(Model):
    """A profile to create or update.

    Sent by `updateCustomerProfileV2`.

    Attributes:
        attributes: Attributes by name; custom ones must exist in the Campaign Manager.
        evaluable_campaign_ids: The campaigns to evaluate in a dry request, disabled ones included.
        response_content: What the response includes in addition to the effects. Only with ``runRuleEngine``.
        audiences_changes: Audience memberships to change.
    """

    attributes: Omittable[dict[str, Any]] = UNSET
    evaluable_campaign_ids: Omittable[list[int]] = UNSET
    response_content: Omittable[list[ProfileResponseContent | str]] = UNSET
    audiences_changes: Omittable[ProfileAudiencesChanges] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class MultipleCustomerProfileIntegrationRequestItem(Model):
    """One of many profiles to create or update.

    Attributes:
        attributes: Attributes by name.
        integration_id: The integration ID of the profile, unique in the Talon.One account.
    """

    attributes: Omittable[dict[str, Any]] = UNSET
    integration_id: IntegrationId


@attrs.define(kw_only=True, eq=False, repr=False)
class MultipleCustomerProfileIntegrationRequest(Model):
    """Profiles to create or update without running the Rule Engine.

    Sent by `updateCustomerProfilesV2`.

    Attributes:
        customer_profiles: The profiles, at most 1000.
    """

    customer_profiles: Omittable[
        Annotated[list[MultipleCustomerProfileIntegrationRequestItem], Limit(max_length=1000)]
    ] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileUpdateV2Response(Model):
    """One profile after `updateCustomerProfilesV2`.

    Attributes:
        customer_profile: The profile.
    """

    customer_profile: CustomerProfile


@attrs.define(kw_only=True, eq=False, repr=False)
class MultipleCustomerProfileIntegrationResponseV2(Model):
    """The profiles after their update.

    Returned by `updateCustomerProfilesV2` with ``silent=no``; otherwise the response has no body.

    Attributes:
        integration_states: One entry for each profile.
    """

    integration_states: list[CustomerProfileUpdateV2Response] | None = None
