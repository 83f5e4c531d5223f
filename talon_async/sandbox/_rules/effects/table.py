"""The table of effect appliers."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import attrs

from talon_async.models.effect_props import UpdateAttributeEffectProps, WillAwardGiveawayEffectProps
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    ReserveCouponEffectProps,
    RollbackCouponEffectProps,
    RollbackReferralEffectProps,
)
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    AddToAudienceEffectProps,
    DeductLoyaltyPointsEffectProps,
    ExtendLoyaltyPointsExpiryDateEffectProps,
    IncreaseAchievementProgressEffectProps,
    RemoveFromAudienceEffectProps,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
    SetLoyaltyPointsExpiryDateEffectProps,
    StartAchievementProgressEffectProps,
)
from talon_async.models.effects import EffectProps
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._rules.effects import (
    achievements,
    attributes,
    audiences,
    codes,
    giveaways,
    loyalty_points,
)

Apply: TypeAlias = Callable[
    [DeploymentView, EvaluationContext, Any], EffectProps | tuple[EffectProps, ...] | None
]
"""Applies an effect with its properties.

Returns the new properties if the effect changes as it is applied, in a tuple with those of the effects that
follow it if there are any.
"""


@attrs.frozen
class EffectApplier:
    """How an effect is applied.

    Attributes:
        apply: Applies it.
        while_open: Whether it applies on each update of an open session, not only once the session closes.
    """

    apply: Apply
    while_open: bool = False


APPLIERS: Final[Mapping[type, EffectApplier]] = {
    AcceptCouponEffectProps: EffectApplier(codes.redeem_coupon),
    AcceptReferralEffectProps: EffectApplier(codes.redeem_referral),
    AddLoyaltyPointsEffectProps: EffectApplier(loyalty_points.add_points),
    AddToAudienceEffectProps: EffectApplier(audiences.add_to_audience, while_open=True),
    DeductLoyaltyPointsEffectProps: EffectApplier(loyalty_points.deduct_points),
    ExtendLoyaltyPointsExpiryDateEffectProps: EffectApplier(loyalty_points.extend_expiry_dates),
    IncreaseAchievementProgressEffectProps: EffectApplier(achievements.increase_progress),
    RemoveFromAudienceEffectProps: EffectApplier(audiences.remove_from_audience, while_open=True),
    ReserveCouponEffectProps: EffectApplier(codes.reserve_coupon),
    RollbackAddedLoyaltyPointsEffectProps: EffectApplier(loyalty_points.roll_back_added_points),
    RollbackCouponEffectProps: EffectApplier(codes.roll_back_coupon),
    RollbackDeductedLoyaltyPointsEffectProps: EffectApplier(loyalty_points.roll_back_deducted_points),
    RollbackIncreasedAchievementProgressEffectProps: EffectApplier(achievements.roll_back_progress),
    RollbackReferralEffectProps: EffectApplier(codes.roll_back_referral),
    SetLoyaltyPointsExpiryDateEffectProps: EffectApplier(loyalty_points.set_expiry_dates),
    StartAchievementProgressEffectProps: EffectApplier(achievements.start_progress),
    UpdateAttributeEffectProps: EffectApplier(attributes.update_attribute, while_open=True),
    WillAwardGiveawayEffectProps: EffectApplier(giveaways.award_giveaway),
}
"""The effects that change records; all others are for the client alone."""
