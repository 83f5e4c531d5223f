"""The models of the API: attrs classes with the provider's schema names, grouped by domain.

Importing this package loads no model: a domain is imported when one of its names is first used. Every model
also has the attribute `Model.extra`.
"""

from typing import TYPE_CHECKING

from talon_async._lazy import lazy_getattr

if TYPE_CHECKING:
    from talon_async.models.achievements import *
    from talon_async.models.audiences import *
    from talon_async.models.base import *
    from talon_async.models.campaigns import *
    from talon_async.models.catalogs import *
    from talon_async.models.coupons import *
    from talon_async.models.effect_props import *
    from talon_async.models.effect_props_codes import *
    from talon_async.models.effect_props_loyalty import *
    from talon_async.models.effect_props_rewards import *
    from talon_async.models.effects import *
    from talon_async.models.eligibility import *
    from talon_async.models.errors import *
    from talon_async.models.events import *
    from talon_async.models.giveaways import *
    from talon_async.models.integration import *
    from talon_async.models.ledgers import *
    from talon_async.models.loyalty import *
    from talon_async.models.pages import *
    from talon_async.models.prices import *
    from talon_async.models.profiles import *
    from talon_async.models.referrals import *
    from talon_async.models.sessions import *

NAMES_BY_DOMAIN = {
    "achievements": """
        AchievementActivationPolicy AchievementProgress AchievementProgressStatus
        AchievementProgressWithDefinition AchievementRecurrencePolicy AchievementStatus
        AchievementStatusEntry CampaignReference CustomerAchievement TimePoint
    """,
    "audiences": """
        Audience AudienceAction CustomerProfileAudienceRequest CustomerProfileAudienceRequestItem
        NewAudience UpdateAudience
    """,
    "base": """
        CouponCode IntegrationId Limit LoyaltyCardIdentifier Model Omittable StoreIntegrationId UNSET Unset
    """,
    "campaigns": """
        Campaign CampaignBudget CampaignFeature CampaignFrontendState CampaignState CampaignType
        CodeGeneratorSettings IntegrationCampaign IntegrationCampaignBase LimitConfig LimitEntity
        LimitPeriod RevisionFrontendState RuleMetadata RunningCampaignFeature RunningCampaignState
    """,
    "catalogs": """
        AddItemCatalogAction AddPriceAdjustmentCatalogAction CATALOG_ACTIONS Catalog CatalogAction
        CatalogActionFilter CatalogActionPayload CatalogActionType CatalogFilterOperator CatalogSyncRequest
        NewPriceAdjustment PatchItemCatalogAction PatchManyItemsCatalogAction RemoveItemCatalogAction
        RemoveManyItemsCatalogAction
    """,
    "coupons": """
        Coupon CouponRejectionCode CouponRejectionReason CouponReservations IntegrationCoupon
        InventoryCoupon
    """,
    "effect_props": """
        AddFreeItemEffectProps AwardGiveawayEffectProps CustomEffectProps ErrorEffectProps
        RollbackDiscountEffectProps SetDiscountEffectProps SetDiscountPerAdditionalCostEffectProps
        SetDiscountPerAdditionalCostPerItemEffectProps SetDiscountPerItemEffectProps
        ShowBundleMetadataEffectProps ShowNotificationEffectProps TriggerWebhookEffectProps
        UpdateAttributeEffectProps WillAwardGiveawayEffectProps
    """,
    "effect_props_codes": """
        AcceptCouponEffectProps AcceptReferralEffectProps CouponCreatedEffectProps RedeemReferralEffectProps
        ReferralCreatedEffectProps RejectCouponEffectProps RejectReferralEffectProps
        ReserveCouponEffectProps RollbackCouponEffectProps RollbackReferralEffectProps
    """,
    "effect_props_loyalty": """
        AddLoyaltyPointsEffectProps AddToAudienceEffectProps ChangeLoyaltyTierLevelEffectProps
        DeductLoyaltyPointsEffectProps ExtendLoyaltyPointsExpiryDateEffectProps
        IncreaseAchievementProgressEffectProps LoyaltyLedgerEntryExpiryDateChange
        RemoveFromAudienceEffectProps RollbackAddedLoyaltyPointsEffectProps
        RollbackDeductedLoyaltyPointsEffectProps RollbackIncreasedAchievementProgressEffectProps
        SetLoyaltyPointsExpiryDateEffectProps StartAchievementProgressEffectProps
    """,
    "effect_props_rewards": """
        RollbackUseRewardEffectProps UnlockRewardEffectProps UseRewardEffectProps
    """,
    "effects": """
        EFFECT_PROPS Effect EffectProps EffectType UnknownEffectProps
    """,
    "eligibility": """
        CampaignEligibility CampaignEligibilityDetails CampaignEligibilityExperiment
        CampaignEligibilityFailureDetails CampaignFailureCode RuleEligibility RuleEligibilityFailureDetails
        RuleFailureCode RuleFailureReason RuleMetadataEligibility
    """,
    "errors": """
        APIError ErrorResponse ErrorResponseWithStatus ErrorSource
    """,
    "events": """
        AdvancedEventResponseContent Event EventV3 IntegrationEventV2Request IntegrationEventV3Request Meta
    """,
    "giveaways": """
        Giveaway
    """,
    "integration": """
        CustomerInventory CustomerProfileIntegrationResponseV2 IntegrationCustomerSessionResponse
        IntegrationEventV2Response IntegrationEventV3Response IntegrationRequest IntegrationResponse
        IntegrationStateV2 ReopenSessionResponse ReturnIntegrationRequest ReturnResponseContent
        SessionResponseContent
    """,
    "ledgers": """
        ActivateLoyaltyPoints ActivateLoyaltyPointsResponse CardLedgerPointsEntryIntegrationAPI
        CardLedgerTransactionLogEntryIntegrationAPI DeleteLoyaltyTransactionsRequest LedgerDeletionScope
        LedgerEntry LedgerPointsEntryIntegrationAPI LedgerTransactionLogEntryIntegrationAPI
        LedgerTransactionType LoyaltyLedgerEntry LoyaltyLedgerEntryFlags LoyaltyPointsOrder
        LoyaltyPointsStatus LoyaltyTransactionOrigin
    """,
    "loyalty": """
        GenerateLoyaltyCard LedgerInfo Loyalty LoyaltyBalance LoyaltyBalanceWithTier
        LoyaltyBalancesWithTiers LoyaltyCard LoyaltyCardBalances LoyaltyCardProfileRegistration
        LoyaltyCardRegistration LoyaltyCardStatus LoyaltyProgramBalance LoyaltyProgramLedgers ProjectedTier
        Tier TierDowngradePolicy
    """,
    "pages": """
        CountedPage MorePage
    """,
    "prices": """
        AdjustmentDetails AudienceReference BestPriorPrice BestPriorPriceMetadata BestPriorPriceRequest
        BestPriorTarget InfluencingCampaignDetails LabelTarget PriceTargetType TimeframeEndDateType
    """,
    "profiles": """
        AudienceMembership CustomerProfile CustomerProfileIntegrationRequestV2
        CustomerProfileUpdateV2Response LoyaltyMembership MultipleCustomerProfileIntegrationRequest
        MultipleCustomerProfileIntegrationRequestItem MultipleCustomerProfileIntegrationResponseV2
        ProfileAudiencesChanges ProfileResponseContent
    """,
    "referrals": """
        InventoryReferral NewReferral NewReferralsForMultipleAdvocates Referral ReferralRejectionCode
        ReferralRejectionReason
    """,
    "sessions": """
        AdditionalCost CartItem CustomerSessionV2 ExperimentVariantAllocation NewCustomerSessionV2 NewReturn
        PriceDetail Product Return ReturnedCartItem SessionState
    """,
}
"""Every public name, by the module that defines it."""

_MODULES = {
    name: f"{__name__}.{domain}" for domain, names in NAMES_BY_DOMAIN.items() for name in names.split()
}

if not TYPE_CHECKING:  # to which any name would look valid
    __all__ = sorted(_MODULES)
    __getattr__ = lazy_getattr(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted(_MODULES)
