"""Effects: what the promotion rules decided, one by one, each with the properties of its type.

The contract tells the type of an effect by `Effect.effect_type` and names no discriminator for
`Effect.props`; `EFFECT_PROPS` is that discriminator.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

import attrs

from talon_async.models.base import Model, TaggedBy, Verbatim, Wire
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

__all__ = ["EFFECT_PROPS", "Effect", "EffectProps", "UnknownEffectProps"]


@attrs.define
class UnknownEffectProps(Verbatim):
    """The properties of an effect that this release has no model for, kept as they were sent.

    They come with an effect type that is newer than this release, or with a known type whose properties
    were no JSON object.

    Attributes:
        effect_type: The type that the service named, such as ``unlockReward``.
        raw: The JSON value of ``props``: usually a `dict`; `None` where the effect came without any.
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
    | UnknownEffectProps
)
"""Every class that `Effect.props` can be: ``match effect.props`` on them."""

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
    # The contract's schema titles name these two differently from the newer official clients: both are read.
    "triggerWebhook": TriggerWebhookEffectProps,
    "updateAttribute": UpdateAttributeEffectProps,
    # Newer official clients list these; no published schema describes properties for them.
    "addNegativeLoyaltyPoints": None,
    "offsetNegativeLoyaltyPoints": None,
    "joinLoyaltyProgram": None,
    "unlockReward": None,
    "useReward": None,
    "rollbackUseReward": None,
}
"""The model of the properties by effect type; `None` for a type that comes without properties."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Effect(Model):
    """One decision of the promotion rules.

    Comes with `updateCustomerSessionV2`, `getCustomerSession` (which leaves out what was rolled back),
    `returnCartItems`, `reopenCustomerSession`, `updateCustomerProfileV2`, `trackEventV2` and `trackEventV3`.
    The effects of an answer replace those of earlier ones.

    Attributes:
        experiment_id: The experiment that the campaign is part of.
        ruleset_id: The campaign's ruleset at that time.
        rule_index: The place of the rule in the ruleset.
        effect_type: A key of `EFFECT_PROPS`, or a type newer than this release.
        triggered_by_coupon: The numeric ID, not the code, of the coupon under evaluation.
        triggered_for_catalog_item: The ID of the catalog item under evaluation.
        condition_index: The index of the condition involved.
        evaluation_group_id: The group of campaigns in which this one is evaluated.
        evaluation_group_mode: How that group picks campaigns, such as ``stackable``.
        campaign_revision_id: The revision of the campaign that was in use.
        campaign_revision_version_id: The version of that revision.
        selected_price_type: The kind of price picked for the SKU that the effect is for.
        selected_price: That price before discounts, in the Application's currency.
        adjustment_reference_id: The price adjustment (a UUID) that `selected_price` came from; else `None`.
        props: What the type calls for; match on its class. `UnknownEffectProps` for a type that this release
            does not know, `None` for one that comes without properties.
    """

    experiment_id: int | None = None
    campaign_id: int
    ruleset_id: int
    rule_index: int
    rule_name: str
    effect_type: str
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
