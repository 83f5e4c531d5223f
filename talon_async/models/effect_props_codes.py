"""Properties of the effects that concern coupon and referral codes."""

import attrs

from talon_async.models.base import Model

__all__ = [
    "AcceptCouponEffectProps",
    "AcceptReferralEffectProps",
    "CouponCreatedEffectProps",
    "RedeemReferralEffectProps",
    "ReferralCreatedEffectProps",
    "RejectCouponEffectProps",
    "RejectReferralEffectProps",
    "ReserveCouponEffectProps",
    "RollbackCouponEffectProps",
    "RollbackReferralEffectProps",
]


@attrs.define(kw_only=True, eq=False, repr=False)
class AcceptCouponEffectProps(Model):
    """The coupon code `value` can be used; it counts as redeemed once the session is closed."""

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AcceptReferralEffectProps(Model):
    """The referral code `value` can be used; it counts as redeemed once the session is closed."""

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RedeemReferralEffectProps(Model):
    """Deprecated. A referral code that was used; now told by `AcceptReferralEffectProps`."""

    id: int
    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RejectCouponEffectProps(Model):
    """A coupon code that was refused, and why.

    Attributes:
        value: The refused code.
        rejection_reason: A `CouponRejectionCode` (see `talon_async.models.coupons`), or
            ``CouponLimitReached``: the code or a budget of its campaign is used up.
        condition_index: The condition of the rule that refused the code.
        effect_index: The effect of the rule that refused the code.
        campaign_exclusion_reason: Comes with ``CouponPartOfNotTriggeredCampaign``.
            ``CampaignGaveLowerDiscount``: a rival campaign takes off more; ``CampaignIsNotFirst``: another
            one had its turn; ``CampaignNotInEvaluationSet``: ruled out otherwise, such as by archiving.
    """

    value: str
    rejection_reason: str
    condition_index: int | None = None
    effect_index: int | None = None
    details: str | None = None
    campaign_exclusion_reason: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RejectReferralEffectProps(Model):
    """A referral code that was refused, and why.

    Attributes:
        value: The refused code.
        rejection_reason: A `ReferralRejectionCode` (see `talon_async.models.referrals`), or
            ``AdvocateNotFound`` or ``ReferralCustomerAlreadyReferred``.
        condition_index: The condition of the rule that refused the code.
        effect_index: The effect of the rule that refused the code.
        campaign_exclusion_reason: Why its campaign was passed over; as for coupons.
    """

    value: str
    rejection_reason: str
    condition_index: int | None = None
    effect_index: int | None = None
    details: str | None = None
    campaign_exclusion_reason: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponCreatedEffectProps(Model):
    """A new coupon code, `value`, for the profile whose integration ID is `profile_id`."""

    value: str
    profile_id: str


@attrs.define(kw_only=True, eq=False, repr=False)
class ReferralCreatedEffectProps(Model):
    """A new referral code, `value`; open to all friends unless it was made for one of them."""

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class ReserveCouponEffectProps(Model):
    """A coupon code set aside for a profile; `is_new_reservation` tells a first time from a repeat."""

    coupon_value: str
    profile_integration_id: str
    is_new_reservation: bool


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackCouponEffectProps(Model):
    """The coupon code `value` can be redeemed anew, as after its session was cancelled."""

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackReferralEffectProps(Model):
    """The referral code `value` can be redeemed anew, as after its closed session was cancelled."""

    value: str
