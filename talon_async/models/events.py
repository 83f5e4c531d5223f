"""Custom events: actions of customers outside the cart, and their advanced form (V3)."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import UNSET, CouponCode, Limit, Model, Omittable, StoreIntegrationId
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
    "referral",
]
"""What `trackEventV3` can return in addition to the effects."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Meta(Model):
    """Background data of an event.

    Attributes:
        campaigns: Attributes of the evaluated campaigns, by campaign ID. Campaigns without attributes are
            absent.
        coupons: Attributes of the coupons, by coupon code.
        coupon_rejection_reason: Why a coupon was rejected, if one was.
        referral_rejection_reason: Why a referral code was rejected, if one was.
        warnings: Hints at misuse of the API.
    """

    campaigns: dict[str, Any] | None = None
    coupons: dict[str, Any] | None = None
    coupon_rejection_reason: CouponRejectionReason | None = None
    referral_rejection_reason: ReferralRejectionReason | None = None
    warnings: dict[str, Any] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class Event(Model):
    """An event as stored by the service.

    Returned by session, return and profile operations and by `trackEventV2`.

    Attributes:
        id: Talon.One's ID of the event.
        created: When the event was created.
        application_id: The Application of the event.
        profile_id: The integration ID of the customer's profile.
        store_integration_id: The integration ID of the store.
        type: The name of the event.
        attributes: Attributes by name.
        integration_id: The unique integration ID of the event.
        session_id: The session of the event.
        effects: The effects of the rules, to apply in your system.
        ledger_entries: The ledger entries of the event.
        meta: Background data of the evaluation.
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
    # An array of arrays in the contract, an array of objects in the provider's client: both are read.
    effects: list[Effect | list[Any]]
    ledger_entries: list[LedgerEntry] | None = None
    meta: Meta | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class EventV3(Model):
    """An advanced event as stored by the service.

    Returned by `getEventV3` and `trackEventV3`.

    Attributes:
        connected_session_id: The closed session that the event refers to.
        id: Talon.One's ID of the event.
        created: When the event was created.
        application_id: The Application of the event.
        profile_id: The integration ID of the customer's profile.
        store_integration_id: The integration ID of the store.
        type: The name of the event.
        attributes: Attributes by name.
        integration_id: The unique integration ID of the event.
        referral_code: The referral code of the event. Since API version 26.17.
        effects: The effects of the rules, to apply in your system.
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
    referral_code: CouponCode | None = None
    # An array of arrays in the contract, an array of objects in the provider's client: both are read.
    effects: list[Effect | list[Any]]


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationEventV2Request(Model):
    """An event to track.

    Sent by `trackEventV2`.

    Attributes:
        profile_id: The integration ID of the customer's profile. The service requires it, though its schema
            does not, and creates a profile that does not exist.
        store_integration_id: The integration ID of the store.
        evaluable_campaign_ids: The campaigns to evaluate in a dry request, disabled ones included.
        type: The name of the custom event; built-in events cannot be sent.
        attributes: Attributes by name; custom ones must exist in the Campaign Manager.
        response_content: What the response includes in addition to the effects.
        loyalty_cards: The identifier of the loyalty card used, as a list of at most one.
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
    """An advanced event to track: it has an integration ID and can refer to a closed session.

    Sent by `trackEventV3`.

    Attributes:
        profile_id: The integration ID of the customer's profile. The service creates a profile that does not
            exist.
        store_integration_id: The integration ID of the store.
        evaluable_campaign_ids: The campaigns to evaluate in a dry request, disabled ones included.
        type: The name of the custom event; built-in events cannot be sent.
        attributes: Attributes by name; custom ones must exist in the Campaign Manager.
        integration_id: The unique integration ID of the event. The service refuses a second event with the
            same ID with status 409.
        connected_session_id: The session that the event refers to; the request fails unless it is closed.
        referral_code: A referral code. Only rules validate and redeem it. Since API version 26.17.
        loyalty_cards: The identifier of the loyalty card used, as a list of at most one.
        response_content: What the response includes in addition to the effects.
    """

    profile_id: str
    store_integration_id: Omittable[StoreIntegrationId] = UNSET
    evaluable_campaign_ids: Omittable[list[int]] = UNSET
    type: Annotated[str, Limit(min_length=1)]
    attributes: Omittable[dict[str, Any]] = UNSET
    integration_id: Annotated[str, Limit(min_length=1)]
    connected_session_id: Omittable[Annotated[str, Limit(min_length=1)]] = UNSET
    referral_code: Omittable[CouponCode] = UNSET
    loyalty_cards: Omittable[Annotated[list[str], Limit(max_length=1)]] = UNSET
    response_content: Omittable[list[AdvancedEventResponseContent | str]] = UNSET
