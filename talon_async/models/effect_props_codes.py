"""Properties of effects on coupon and referral codes.

`talon_async.models.effects` maps effect types to these classes.
"""

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
    """A coupon code that is valid. Closing the session redeems it.

    Attributes:
        value: The coupon code.
    """

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class AcceptReferralEffectProps(Model):
    """A referral code that is valid. Closing the session redeems it.

    Attributes:
        value: The referral code.
    """

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RedeemReferralEffectProps(Model):
    """Deprecated; `AcceptReferralEffectProps` replaces it. A referral code that was redeemed.

    Attributes:
        id: Talon.One's ID of the referral code.
        value: The referral code.
    """

    id: int
    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RejectCouponEffectProps(Model):
    """A coupon code that is rejected, with the reason.

    Attributes:
        value: The coupon code.
        rejection_reason: A `CouponRejectionCode` (see `talon_async.models.coupons`), or
            ``CouponLimitReached`` for a coupon limit or campaign budget that is used up.
        condition_index: The index of the condition that rejected the code.
        effect_index: The index of the effect that rejected the code.
        details: Further details.
        campaign_exclusion_reason: Why the campaign was excluded, for the reason
            ``CouponPartOfNotTriggeredCampaign``: ``CampaignGaveLowerDiscount`` (another campaign of the group
            gives a higher discount), ``CampaignIsNotFirst`` (another campaign of the group came first) or
            ``CampaignNotInEvaluationSet`` (any other cause, such as an archived campaign).
    """

    value: str
    rejection_reason: str
    condition_index: int | None = None
    effect_index: int | None = None
    details: str | None = None
    campaign_exclusion_reason: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RejectReferralEffectProps(Model):
    """A referral code that is rejected, with the reason.

    Attributes:
        value: The referral code.
        rejection_reason: A `ReferralRejectionCode` (see `talon_async.models.referrals`), or
            ``AdvocateNotFound`` or ``ReferralCustomerAlreadyReferred``.
        condition_index: The index of the condition that rejected the code.
        effect_index: The index of the effect that rejected the code.
        details: Further details.
        campaign_exclusion_reason: Why the campaign was excluded; values as in `RejectCouponEffectProps`.
    """

    value: str
    rejection_reason: str
    condition_index: int | None = None
    effect_index: int | None = None
    details: str | None = None
    campaign_exclusion_reason: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class CouponCreatedEffectProps(Model):
    """A coupon that a rule created.

    Attributes:
        value: The coupon code.
        profile_id: The integration ID of the profile that the coupon is for.
    """

    value: str
    profile_id: str


@attrs.define(kw_only=True, eq=False, repr=False)
class ReferralCreatedEffectProps(Model):
    """A referral code that a rule created. Anyone can redeem it unless it is for one friend.

    Attributes:
        value: The referral code.
    """

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class ReserveCouponEffectProps(Model):
    """A coupon that a rule reserved for a profile.

    Attributes:
        coupon_value: The coupon code.
        profile_integration_id: The integration ID of the profile.
        is_new_reservation: Whether the reservation is new; `False` if the profile had it before.
    """

    coupon_value: str
    profile_integration_id: str
    is_new_reservation: bool


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackCouponEffectProps(Model):
    """A coupon redemption that is rolled back because its session was cancelled.

    The code can be redeemed again.

    Attributes:
        value: The coupon code.
    """

    value: str


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackReferralEffectProps(Model):
    """A referral redemption that is rolled back because its closed session was cancelled.

    The code can be redeemed again.

    Attributes:
        value: The referral code.
    """

    value: str
