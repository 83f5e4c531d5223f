"""The intended differences from the published document, each with its reason."""

from collections.abc import Mapping
from typing import Final

_EFFECTS = "the provider's own client expects objects; both are decoded"
_UNDEFINED = "the document does not define the field"
_PROSE = "the document states the limit in prose only"
_DESCENDING = "the document states in prose only that - means descending"
_LENGTH = "min_length=4, max_length=108"
_CARD = "the schema LoyaltyCardIdentifier also has the pattern; the document omits it for the parameters"
_ITEMS = "the document states the limits of the array at its items"
_ENUM = "all members of the enum are shorter"
_NEWER = "the provider's client for API version 26.17 has it"

ACCEPTED_DIFFERENCES: Final[Mapping[tuple[str, str], str]] = {
    ("CustomerSessionV2.coupon", "required, but undefined"): _UNDEFINED,
    ("CustomerSessionV2.referral", "required, but undefined"): _UNDEFINED,
    (
        "ExtendLoyaltyPointsExpiryDateEffectProps.previousExpirationDate",
        "required, but undefined",
    ): _UNDEFINED,
    ("Event.effects[]: type", "array of anything"): _EFFECTS,
    ("EventV3.effects[]: type", "array of anything"): _EFFECTS,
    ("Effect.props = callApi", ""): "the provider's newer clients use this name for the title triggerWebhook",
    ("Effect.props = set", ""): "the provider's newer clients use this name for the title updateAttribute",
    ("AchievementProgressWithDefinition.campaignIds", ""): _NEWER,
    ("AchievementProgressWithDefinition.referencedByCampaigns", ""): _NEWER,
    ("AchievementStatusEntry.campaignIds", ""): _NEWER,
    ("AchievementStatusEntry.referencedByCampaigns", ""): _NEWER,
    ("CampaignReference", ""): _NEWER,
    ("CustomerAchievement.campaignIds", ""): _NEWER,
    ("CustomerAchievement.referencedByCampaigns", ""): _NEWER,
    ("CustomerInventory.rewards", ""): _NEWER,
    ("Effect.props = rollbackUseReward", ""): _NEWER,
    ("Effect.props = unlockReward", ""): _NEWER,
    ("Effect.props = useReward", ""): _NEWER,
    ("EventV3.referralCode", ""): _NEWER,
    ("IntegrationEventV3Request.referralCode", ""): _NEWER,
    (
        "IntegrationEventV3Request.responseContent[] = referral",
        "",
    ): "requests IntegrationEventV3Response.referral",
    ("IntegrationEventV3Response.referral", ""): _NEWER,
    ("RollbackUseRewardEffectProps", ""): _NEWER,
    ("UnlockRewardEffectProps", ""): _NEWER,
    ("UseRewardEffectProps", ""): _NEWER,
    ("trackEventV3 > 204", ""): "silent defaults to yes, for which trackEventV2 responds with 204",
    (
        "CustomerSessionV2.cartItemAdditionalCostTotal: source",
        "set by the service only",
    ): "the client only decodes sessions of this class",
    ("NewCustomerSessionV2.cartItems: limits", "none"): _PROSE,
    ("MultipleCustomerProfileIntegrationRequest.customerProfiles: limits", "none"): _PROSE,
    ("CustomerProfileAudienceRequest.data: limits", "none"): _PROSE,
    (
        "AddPriceAdjustmentCatalogAction.adjustments: limits",
        "none",
    ): "the document states the limits of the array at its items",
    ("CardLedgerTransactionLogEntryIntegrationAPI.type: limits", "max_length=255"): _ENUM,
    ("LedgerTransactionLogEntryIntegrationAPI.type: limits", "max_length=255"): _ENUM,
    ("parameters/skip: limits", "none"): "a negative number of entries cannot be skipped",
    ("getLoyaltyCardPoints > query sort = -startDate", ""): _DESCENDING,
    ("getLoyaltyCardPoints > query sort = -expiryDate", ""): _DESCENDING,
    ("getLoyaltyProgramProfilePoints > query sort = -startDate", ""): _DESCENDING,
    ("getLoyaltyProgramProfilePoints > query sort = -expiryDate", ""): _DESCENDING,
    ("getLoyaltyCardBalances > path loyaltyCardId: limits", _LENGTH): _CARD,
    ("getLoyaltyCardPoints > path loyaltyCardId: limits", _LENGTH): _CARD,
    ("getLoyaltyCardTransactions > path loyaltyCardId: limits", _LENGTH): _CARD,
    ("linkLoyaltyCardToProfile > path loyaltyCardId: limits", _LENGTH): _CARD,
    ("unlinkLoyaltyCardFromProfile > path loyaltyCardId: limits", _LENGTH): _CARD,
}
"""The reason for each accepted difference, by the name of its place and what the document states there."""
