"""Coupons: codes that customers redeem, and their reservations."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import attrs

from talon_async.models.base import IntegrationId, Limit, Model, Wire
from talon_async.models.campaigns import LimitConfig

__all__ = [
    "Coupon",
    "CouponRejectionCode",
    "CouponRejectionReason",
    "CouponReservations",
    "IntegrationCoupon",
    "InventoryCoupon",
]

CouponRejectionCode: TypeAlias = Literal[
    "CouponNotFound",
    "CouponPartOfNotRunningCampaign",
    "CampaignLimitReached",
    "ProfileLimitReached",
    "CouponRecipientDoesNotMatch",
    "CouponExpired",
    "CouponStartDateInFuture",
    "CouponRejectedByCondition",
    "EffectCouldNotBeApplied",
    "CouponPartOfNotTriggeredCampaign",
    "CouponReservationRequired",
    "ProfileRequired",
]
"""The documented reasons why a coupon code is rejected."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Coupon(Model):
    """A coupon code with its limits and usage.

    Returned by `createCouponReservation`, and in `created_coupons` of Rule Engine responses.

    Attributes:
        id: Talon.One's ID of the coupon.
        created: When the coupon was created.
        campaign_id: The campaign of the coupon.
        value: The coupon code.
        usage_limit: How often the code can be redeemed; 0 for no limit. The campaign's limits apply as well.
        discount_limit: The total discount that the code can give, in the Application's currency, as for a
            gift card.
        reservation_limit: How often the code can be reserved; `createCouponReservation` ignores this limit.
        start_date: When the coupon becomes valid.
        expiry_date: When the coupon expires; `None` for never.
        limits: Limits that override the campaign's. Only limits per profile, and only for a coupon that was
            created individually and without a recipient.
        usage_counter: How often the code was redeemed.
        discount_counter: The discount given so far, in the Application's currency. Meaningful only with a
            discount limit.
        discount_remainder: The discount that the code can still give, in the Application's currency.
        reservation_counter: How often the code was reserved.
        attributes: Custom attributes of the coupon.
        referral_id: The referring customer for whom a rule created the coupon, if any. The contract declares
            an integer and describes an integration ID.
        recipient_integration_id: The integration ID of the only profile that can redeem the code, if any.
        import_id: The import that created the coupon.
        reservation: `True` if several profiles can reserve the code, `False` if only one can (a personal
            code).
        batch_id: The batch of the coupon.
        is_reservation_mandatory: Whether only profiles with a reservation can redeem the code. Reservations
            of such a code are hard, all others soft.
        implicitly_reserved: Whether the code counts as reserved for all customers.
    """

    id: int
    created: datetime
    campaign_id: int
    value: Annotated[str, Limit(min_length=4)]
    usage_limit: Annotated[int, Limit(minimum=0, maximum=999999)]
    discount_limit: Annotated[float, Limit(minimum=0, maximum=1000000000000000)] | None = None
    reservation_limit: Annotated[int, Limit(minimum=0, maximum=999999)] | None = None
    start_date: datetime | None = None
    expiry_date: datetime | None = None
    limits: list[LimitConfig] | None = None
    usage_counter: int
    discount_counter: float | None = None
    discount_remainder: float | None = None
    reservation_counter: float | None = None
    attributes: dict[str, Any] | None = None
    referral_id: int | None = None
    recipient_integration_id: IntegrationId | None = None
    import_id: int | None = None
    reservation: bool | None = None
    batch_id: str | None = None
    is_reservation_mandatory: bool | None = None
    implicitly_reserved: bool | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class IntegrationCoupon(Coupon):
    """A coupon of a session.

    Returned by `updateCustomerSessionV2` and `returnCartItems`. `Coupon` documents the inherited attributes.

    Attributes:
        profile_redemption_count: How often the customer redeemed the code.
    """

    profile_redemption_count: int


@attrs.define(kw_only=True, eq=False, repr=False)
class InventoryCoupon(Coupon):
    """A coupon of a customer.

    Returned by `getCustomerInventory`. `Coupon` documents the inherited attributes.

    Attributes:
        profile_redemption_count: How often the customer redeemed the code.
        state: ``active`` (valid; usable once its campaign runs), ``used`` (redeemed and not redeemable
            again), ``expired`` (never redeemed), ``pending`` (valid in the future) or ``disabled`` (its
            campaign is not active).
    """

    profile_redemption_count: int
    state: str


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponReservations(Model):
    """The customers whose reservations of a coupon to create or delete.

    Sent by `createCouponReservation` and `deleteCouponReservation`.

    Attributes:
        integration_ids: The integration IDs of the profiles, at most 1000.
    """

    integration_ids: Annotated[list[str], Limit(max_length=1000), Wire("integrationIDs")]


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponRejectionReason(Model):
    """Why a coupon code was rejected; accompanies a ``rejectCoupon`` effect.

    Attributes:
        campaign_id: The campaign of the coupon.
        coupon_id: Talon.One's ID of the coupon.
        reason: A `CouponRejectionCode`, or a reason newer than this release.
    """

    campaign_id: int
    coupon_id: int
    reason: CouponRejectionCode | str
