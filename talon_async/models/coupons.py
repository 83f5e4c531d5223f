"""Coupons: codes that customers redeem, and their reservation for customers."""

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
"""The known reasons to refuse a coupon."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Coupon(Model):
    """A coupon code with its limits and how far they are used up.

    Answers `createCouponReservation`; also in `created_coupons` of answers that ran the rules.

    Attributes:
        id: The service's number for the coupon.
        value: The code itself.
        usage_limit: How often it can be redeemed; `0` sets no limit, while those of the campaign still hold.
        discount_limit: How much discount it can give in all, in the Application's currency, as with a gift
            card.
        reservation_limit: How many reservations it allows; `createCouponReservation` ignores it.
        start_date: Valid from then on.
        expiry_date: Valid until then; without it, for good.
        limits: Limits of its own in place of the campaign's: per profile only, and only if it was created
            singly and for no one in particular.
        usage_counter: How often it was redeemed.
        discount_counter: The discount given so far; of use only if the coupon has a discount budget.
        discount_remainder: The discount that it can still give.
        reservation_counter: How often it was reserved.
        referral_id: Points to the customer whose referral made a rule create the coupon, if that is how it
            arose.
        recipient_integration_id: The one customer who may redeem it, by your identifier.
        import_id: The import that it came from.
        reservation: `True` if many customers can reserve it, `False` if only one can, as for a personal code.
        batch_id: The batch that it was made in.
        is_reservation_mandatory: Whether only those who reserved it can redeem it; reservations are then
            hard, else soft.
        implicitly_reserved: Whether it counts as reserved for every customer.
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
    """A coupon used in a session.

    In answers of `updateCustomerSessionV2` and `returnCartItems`.

    Attributes:
        profile_redemption_count: How often the customer redeemed it.
    """

    profile_redemption_count: int


@attrs.define(kw_only=True, eq=False, repr=False)
class InventoryCoupon(Coupon):
    """A coupon that a customer holds.

    In answers of `getCustomerInventory`.

    Attributes:
        profile_redemption_count: How often the customer redeemed it.
        state: `active` (can be redeemed once its campaign runs), `used` (redeemed, no more to come),
            `expired` (ran out without being redeemed), `pending` (valid later on) or `disabled` (its campaign
            is not active).
    """

    profile_redemption_count: int
    state: str


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponReservations(Model):
    """The customers to reserve a coupon for, or to free it from.

    Sent by `createCouponReservation` and `deleteCouponReservation`.

    Attributes:
        integration_ids: Your identifiers for the customers, at most 1000.
    """

    integration_ids: Annotated[list[str], Limit(max_length=1000), Wire("integrationIDs")]


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponRejectionReason(Model):
    """Why a coupon was refused.

    Comes along with a `rejectCoupon` effect.

    Attributes:
        reason: A `CouponRejectionCode`, or one that is newer.
    """

    campaign_id: int
    coupon_id: int
    reason: CouponRejectionCode | str
