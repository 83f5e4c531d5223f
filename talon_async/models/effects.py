"""Effects: the results of the promotion rules, each with the properties of its effect type.

The contract puts the type in `Effect.effect_type` and declares no discriminator for `Effect.props`.
`EFFECT_PROPS` is that discriminator.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

import attrs

from talon_async.models.base import NOT_AN_ENUM, Model, TaggedBy, Verbatim, Wire
from talon_async.models.effect_props import (
    AddFreeItemEffectProps,
    AwardGiveawayEffectProps,
    CustomEffectProps,
    ErrorEffectProps,
    RollbackDiscountEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
    ShowBundleMetadataEffectProps,
    ShowNotificationEffectProps,
    TriggerWebhookEffectProps,
    UpdateAttributeEffectProps,
    WillAwardGiveawayEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    CouponCreatedEffectProps,
    RedeemReferralEffectProps,
    ReferralCreatedEffectProps,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
    ReserveCouponEffectProps,
    RollbackCouponEffectProps,
    RollbackReferralEffectProps,
)
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    AddToAudienceEffectProps,
    ChangeLoyaltyTierLevelEffectProps,
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
from talon_async.models.effect_props_rewards import (
    RollbackUseRewardEffectProps,
    UnlockRewardEffectProps,
    UseRewardEffectProps,
)

__all__ = ["EFFECT_PROPS", "Effect", "EffectProps", "EffectType", "UnknownEffectProps"]


@attrs.define
class UnknownEffectProps(Verbatim):
    """The properties of an effect that this release has no model for, as sent by the service.

    The effect type is newer than this release, or the properties of a supported type are not a JSON object.

    Attributes:
        effect_type: The effect type, such as ``newestEffect``.
        raw: The JSON value of ``props``, usually a `dict`; `None` if the effect has none.
    """

    effect_type: str
    raw: Any = None


EffectProps: TypeAlias = (
    AcceptCouponEffectProps
    | AcceptReferralEffectProps
    | RedeemReferralEffectProps
    | RejectCouponEffectProps
    | RejectReferralEffectProps
    | CouponCreatedEffectProps
    | ReferralCreatedEffectProps
    | ReserveCouponEffectProps
    | RollbackCouponEffectProps
    | RollbackReferralEffectProps
    | SetDiscountEffectProps
    | SetDiscountPerItemEffectProps
    | SetDiscountPerAdditionalCostEffectProps
    | SetDiscountPerAdditionalCostPerItemEffectProps
    | RollbackDiscountEffectProps
    | AddFreeItemEffectProps
    | ShowBundleMetadataEffectProps
    | ShowNotificationEffectProps
    | AwardGiveawayEffectProps
    | WillAwardGiveawayEffectProps
    | TriggerWebhookEffectProps
    | UpdateAttributeEffectProps
    | CustomEffectProps
    | ErrorEffectProps
    | AddLoyaltyPointsEffectProps
    | DeductLoyaltyPointsEffectProps
    | RollbackAddedLoyaltyPointsEffectProps
    | RollbackDeductedLoyaltyPointsEffectProps
    | ChangeLoyaltyTierLevelEffectProps
    | ExtendLoyaltyPointsExpiryDateEffectProps
    | SetLoyaltyPointsExpiryDateEffectProps
    | AddToAudienceEffectProps
    | RemoveFromAudienceEffectProps
    | IncreaseAchievementProgressEffectProps
    | RollbackIncreasedAchievementProgressEffectProps
    | StartAchievementProgressEffectProps
    | UnlockRewardEffectProps
    | UseRewardEffectProps
    | RollbackUseRewardEffectProps
    | UnknownEffectProps
)
"""Every class of `Effect.props`, for ``match effect.props``."""

EffectType: TypeAlias = Literal[
    "acceptCoupon",
    "acceptReferral",
    "redeemReferral",
    "rejectCoupon",
    "rejectReferral",
    "couponCreated",
    "referralCreated",
    "reserveCoupon",
    "rollbackCoupon",
    "rollbackReferral",
    "setDiscount",
    "setDiscountPerItem",
    "setDiscountPerAdditionalCost",
    "setDiscountPerAdditionalCostPerItem",
    "rollbackDiscount",
    "addFreeItem",
    "showBundleMetadata",
    "showNotification",
    "awardGiveaway",
    "willAwardGiveaway",
    "callApi",
    "set",
    "customEffect",
    "error",
    "addLoyaltyPoints",
    "deductLoyaltyPoints",
    "rollbackAddedLoyaltyPoints",
    "rollbackDeductedLoyaltyPoints",
    "changeLoyaltyTierLevel",
    "extendLoyaltyPointsExpiryDate",
    "setLoyaltyPointsExpiryDate",
    "addToAudience",
    "removeFromAudience",
    "increaseAchievementProgress",
    "rollbackIncreasedAchievementProgress",
    "startAchievementProgress",
    "unlockReward",
    "useReward",
    "rollbackUseReward",
    "triggerWebhook",
    "updateAttribute",
    "addNegativeLoyaltyPoints",
    "offsetNegativeLoyaltyPoints",
    "joinLoyaltyProgram",
]
"""The supported types of effects: the keys of `EFFECT_PROPS`."""

EFFECT_PROPS: Final[Mapping[str, type[Model] | None]] = {
    "acceptCoupon": AcceptCouponEffectProps,
    "acceptReferral": AcceptReferralEffectProps,
    "redeemReferral": RedeemReferralEffectProps,
    "rejectCoupon": RejectCouponEffectProps,
    "rejectReferral": RejectReferralEffectProps,
    "couponCreated": CouponCreatedEffectProps,
    "referralCreated": ReferralCreatedEffectProps,
    "reserveCoupon": ReserveCouponEffectProps,
    "rollbackCoupon": RollbackCouponEffectProps,
    "rollbackReferral": RollbackReferralEffectProps,
    "setDiscount": SetDiscountEffectProps,
    "setDiscountPerItem": SetDiscountPerItemEffectProps,
    "setDiscountPerAdditionalCost": SetDiscountPerAdditionalCostEffectProps,
    "setDiscountPerAdditionalCostPerItem": SetDiscountPerAdditionalCostPerItemEffectProps,
    "rollbackDiscount": RollbackDiscountEffectProps,
    "addFreeItem": AddFreeItemEffectProps,
    "showBundleMetadata": ShowBundleMetadataEffectProps,
    "showNotification": ShowNotificationEffectProps,
    "awardGiveaway": AwardGiveawayEffectProps,
    "willAwardGiveaway": WillAwardGiveawayEffectProps,
    "callApi": TriggerWebhookEffectProps,
    "set": UpdateAttributeEffectProps,
    "customEffect": CustomEffectProps,
    "error": ErrorEffectProps,
    "addLoyaltyPoints": AddLoyaltyPointsEffectProps,
    "deductLoyaltyPoints": DeductLoyaltyPointsEffectProps,
    "rollbackAddedLoyaltyPoints": RollbackAddedLoyaltyPointsEffectProps,
    "rollbackDeductedLoyaltyPoints": RollbackDeductedLoyaltyPointsEffectProps,
    "changeLoyaltyTierLevel": ChangeLoyaltyTierLevelEffectProps,
    "extendLoyaltyPointsExpiryDate": ExtendLoyaltyPointsExpiryDateEffectProps,
    "setLoyaltyPointsExpiryDate": SetLoyaltyPointsExpiryDateEffectProps,
    "addToAudience": AddToAudienceEffectProps,
    "removeFromAudience": RemoveFromAudienceEffectProps,
    "increaseAchievementProgress": IncreaseAchievementProgressEffectProps,
    "rollbackIncreasedAchievementProgress": RollbackIncreasedAchievementProgressEffectProps,
    "startAchievementProgress": StartAchievementProgressEffectProps,
    "unlockReward": UnlockRewardEffectProps,
    "useReward": UseRewardEffectProps,
    "rollbackUseReward": RollbackUseRewardEffectProps,
    # The contract's schema titles say these names, newer official clients the two above: both are read.
    "triggerWebhook": TriggerWebhookEffectProps,
    "updateAttribute": UpdateAttributeEffectProps,
    # Newer official clients list these; no published schema defines properties for them.
    "addNegativeLoyaltyPoints": None,
    "offsetNegativeLoyaltyPoints": None,
    "joinLoyaltyProgram": None,
}
"""The model of the properties for each effect type; `None` for a type without properties."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Effect(Model):
    """An effect of a promotion rule.

    Returned by `updateCustomerSessionV2`, `getCustomerSession` (without effects that were rolled back),
    `returnCartItems`, `reopenCustomerSession`, `updateCustomerProfileV2`, `trackEventV2` and `trackEventV3`.
    The effects of a response replace those of earlier responses.

    Attributes:
        experiment_id: The experiment that the campaign belongs to.
        campaign_id: The campaign of the rule.
        ruleset_id: The campaign's ruleset when the rule was evaluated.
        rule_index: The index of the rule in the ruleset.
        rule_name: The name of the rule.
        effect_type: An `EffectType`, or a type newer than this release.
        triggered_by_coupon: The ID (not the code) of the coupon being evaluated.
        triggered_for_catalog_item: The ID of the catalog item being evaluated.
        condition_index: The index of the condition that triggered the effect.
        evaluation_group_id: The evaluation group of the campaign.
        evaluation_group_mode: How the evaluation group selects campaigns, such as ``stackable``.
        campaign_revision_id: The campaign revision that was evaluated.
        campaign_revision_version_id: The version of that revision.
        selected_price_type: The price type selected for the SKU of the effect.
        selected_price: The price of that type before discounts, in the Application's currency.
        adjustment_reference_id: The reference ID of the price adjustment that `selected_price` comes from, if
            any.
        props: The properties; match on their class. `UnknownEffectProps` for a type that this release does
            not support, `None` for a type without properties.
    """

    experiment_id: int | None = None
    campaign_id: int
    ruleset_id: int
    rule_index: int
    rule_name: str
    effect_type: Annotated[EffectType | str, NOT_AN_ENUM]
    triggered_by_coupon: int | None = None
    triggered_for_catalog_item: int | None = None
    condition_index: int | None = None
    evaluation_group_id: Annotated[int | None, Wire("evaluationGroupID")] = None
    evaluation_group_mode: str | None = None
    campaign_revision_id: int | None = None
    campaign_revision_version_id: int | None = None
    selected_price_type: str | None = None
    selected_price: float | None = None
    adjustment_reference_id: str | None = None
    props: Annotated[
        EffectProps | None, TaggedBy("effect_type", EFFECT_PROPS, unknown=UnknownEffectProps)
    ] = None
