"""Custom events, things that customers do outside the cart, and their advanced (V3) form."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, Limit, Model, Omittable, StoreIntegrationId
from talon_async.models.coupons import CouponRejectionReason
from talon_async.models.effects import Effect
from talon_async.models.ledgers import LedgerEntry
from talon_async.models.profiles import ProfileResponseContent
from talon_async.models.referrals import ReferralRejectionReason

__all__ = [
    "AdvancedEventResponseContent",
    "Event",
    "EventV3",
    "IntegrationEventV2Request",
    "IntegrationEventV3Request",
    "Meta",
]

AdvancedEventResponseContent: TypeAlias = Literal[
    "customerProfile",
    "triggeredCampaigns",
    "loyalty",
    "advancedEvent",
    "awardedGiveaways",
    "ruleFailureReasons",
]
"""What an answer of `trackEventV3` can include besides the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Meta(Model):
    """What went on behind an event.

    Attributes:
        campaigns: Attributes of the campaigns that were evaluated, by campaign ID; a campaign without any is
            not listed.
        coupons: Attributes of coupons, by code.
        coupon_rejection_reason: Why a coupon was refused, if one was.
        referral_rejection_reason: Why a referral was refused, if one was.
        warnings: Signs that something is used in the wrong way.
    """

    campaigns: dict[str, Any] | None = None
    coupons: dict[str, Any] | None = None
    coupon_rejection_reason: CouponRejectionReason | None = None
    referral_rejection_reason: ReferralRejectionReason | None = None
    warnings: dict[str, Any] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class Event(Model):
    """An event as the service recorded it.

    In answers of session, return and profile calls and of `trackEventV2`.

    Attributes:
        id: The service's number for the event.
        profile_id: Your identifier for the customer.
        store_integration_id: The store where it happened.
        type: The name of the event.
        attributes: Attributes by name.
        integration_id: Your identifier for the event; no two events share one.
        session_id: The session in which it happened.
        effects: What the rules made of it, for you to carry out.
        ledger_entries: Ledger entries that go with the event.
    """

    id: int
    created: datetime
    application_id: int
    profile_id: str | None = None
    store_integration_id: StoreIntegrationId | None = None
    type: Annotated[str, Limit(min_length=1)]
    attributes: dict[str, Any]
    integration_id: Annotated[str, Limit(min_length=1)] | None = None
    session_id: str | None = None
    # The contract makes this an array of arrays, the provider's own client expects objects: both are read.
    effects: list[Effect | list[Any]]
    ledger_entries: list[LedgerEntry] | None = None
    meta: Meta | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class EventV3(Model):
    """An advanced event as the service recorded it.

    Read by `getEventV3`; also in answers of `trackEventV3`.

    Attributes:
        connected_session_id: The closed session that the event refers to.
        id: The service's number for the event.
        profile_id: Your identifier for the customer.
        store_integration_id: The store where it happened.
        type: The name of the event.
        attributes: Attributes by name.
        integration_id: Your identifier for the event; no two events share one.
        effects: What the rules made of it, for you to carry out.
    """

    connected_session_id: Annotated[str, Limit(min_length=1)] | None = None
    id: int
    created: datetime
    application_id: int
    profile_id: str | None = None
    store_integration_id: StoreIntegrationId | None = None
    type: Annotated[str, Limit(min_length=1)]
    attributes: dict[str, Any]
    integration_id: Annotated[str, Limit(min_length=1)] | None = None
    # The contract makes this an array of arrays, the provider's own client expects objects: both are read.
    effects: list[Effect | list[Any]]


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV2Request(Model):
    """An event to track.

    Sent by `trackEventV2`.

    Attributes:
        profile_id: The customer, by your identifier; required in effect. An unknown one creates the profile.
        store_integration_id: The store where it happened.
        evaluable_campaign_ids: For dry calls: the campaigns to evaluate, disabled ones included.
        type: The name of the custom event; built-in events cannot be sent.
        attributes: Attributes by name; custom ones must exist in the Campaign Manager.
        response_content: The parts to include in the answer.
        loyalty_cards: Identifiers of the loyalty cards used, one at most.
    """

    profile_id: Omittable[str] = UNSET
    store_integration_id: Omittable[StoreIntegrationId] = UNSET
    evaluable_campaign_ids: Omittable[list[int]] = UNSET
    type: Annotated[str, Limit(min_length=1)]
    attributes: Omittable[dict[str, Any]] = UNSET
    response_content: Omittable[list[ProfileResponseContent | str]] = UNSET
    loyalty_cards: Omittable[Annotated[list[str], Limit(max_length=1)]] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV3Request(Model):
    """An advanced event to track: one with an identifier, which may refer to a session.

    Sent by `trackEventV3`.

    Attributes:
        profile_id: The customer, by your identifier. An unknown one creates the profile.
        store_integration_id: The store where it happened.
        evaluable_campaign_ids: For dry calls: the campaigns to evaluate, disabled ones included.
        type: The name of the custom event; built-in events cannot be sent.
        attributes: Attributes by name; custom ones must exist in the Campaign Manager.
        integration_id: Your identifier for the event. A second event with the same one is refused with 409.
        connected_session_id: The session that the event refers to; the call fails unless it is closed.
        loyalty_cards: Identifiers of the loyalty cards used, one at most.
        response_content: The parts to include in the answer.
    """

    profile_id: str
    store_integration_id: Omittable[StoreIntegrationId] = UNSET
    evaluable_campaign_ids: Omittable[list[int]] = UNSET
    type: Annotated[str, Limit(min_length=1)]
    attributes: Omittable[dict[str, Any]] = UNSET
    integration_id: Annotated[str, Limit(min_length=1)]
    connected_session_id: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET
    loyalty_cards: Omittable[Annotated[list[str], Limit(max_length=1)]] = UNSET
    response_content: Omittable[list[AdvancedEventResponseContent | str]] = UNSET
