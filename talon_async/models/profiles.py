"""Customer profiles: the people (or guests) that sessions, events, coupons and points belong to."""

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
"""What an answer of `updateCustomerProfileV2` or `trackEventV2` can include besides the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class LoyaltyMembership(Model):
    """A customer's membership of a loyalty program.

    Found only in `CustomerProfile.loyalty_memberships`, which is deprecated.

    Attributes:
        joined: When the customer joined.
    """

    joined: datetime | None = None
    loyalty_program_id: int


@attrs.define(kw_only=True, eq=False, repr=False)
class AudienceMembership(Model):
    """An audience that a customer is in.

    Attributes:
        id: The audience's number.
        name: The audience's name.
    """

    id: int
    name: str


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfile(Model):
    """A customer as the service holds them.

    In answers of session, profile and event calls, of `getCustomerInventory` and of `getReservedCustomers`.

    Attributes:
        id: The service's number for the profile.
        integration_id: Your identifier for the customer.
        attributes: Attributes by name.
        account_id: The account that the profile belongs to.
        closed_sessions: How many sessions stand closed; those cancelled or reopened since do not count.
        total_sales: What the customer bought, before discounts, without returned items and without sessions
            cancelled or reopened.
        loyalty_memberships: Deprecated. Always `null`.
        last_activity: When the customer last sent an event. Only calls that run the rules move it, dry ones
            not.
        sandbox: Whether the profile lives in a sandbox rather than in a live environment.
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
    """Audiences to put a customer in and to take them out of; both lists must be given.

    Attributes:
        adds: Numbers of the audiences to join.
        deletes: Numbers of the audiences to leave.
    """

    adds: list[int]
    deletes: list[int]


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileIntegrationRequestV2(Model):
    """A profile to create or update.

    Sent by `updateCustomerProfileV2`.

    Attributes:
        attributes: Attributes by name.
        evaluable_campaign_ids: For dry calls: the campaigns to evaluate, disabled ones included.
        response_content: The parts to include in the answer; has no use unless the call runs the rules
            (`runRuleEngine`).
        audiences_changes: Memberships to change.
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
        integration_id: Your identifier for the customer, unique within the account.
    """

    attributes: Omittable[dict[str, Any]] = UNSET
    integration_id: IntegrationId


@attrs.define(kw_only=True, eq=False, repr=False)
class MultipleCustomerProfileIntegrationRequest(Model):
    """Profiles to create or update in one go, without running the rules.

    Sent by `updateCustomerProfilesV2`.

    Attributes:
        customer_profiles: At most 1000.
    """

    customer_profiles: Omittable[
        Annotated[list[MultipleCustomerProfileIntegrationRequestItem], Limit(max_length=1000)]
    ] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class CustomerProfileUpdateV2Response(Model):
    """One profile after an update of many."""

    customer_profile: CustomerProfile


@attrs.define(kw_only=True, eq=False, repr=False)
class MultipleCustomerProfileIntegrationResponseV2(Model):
    """The profiles after an update of many.

    Answers `updateCustomerProfilesV2` with `silent=no`; otherwise that call answers without a body.

    Attributes:
        integration_states: One entry for each updated profile.
    """

    integration_states: list[CustomerProfileUpdateV2Response] | None = None
