"""Where we part from the published document on purpose, and why."""

from collections.abc import Mapping
from typing import Final

_EFFECTS = "the provider's own client expects objects: both are read"
_UNDEFINED = "nobody can say what it would hold"
_PROSE = "the bound stands in prose only"
_DESCENDING = "that a - turns the order around stands in prose only"
_LENGTH = "min_length=4, max_length=108"
_CARD = "the schema LoyaltyCardIdentifier has the pattern too; the parameters were written without it"
_ENUM = "the members are far shorter"

ACCEPTED_DIFFERENCES: Final[Mapping[tuple[str, str], str]] = {
    ("CustomerSessionV2.coupon", "required, yet undefined"): _UNDEFINED,
    ("CustomerSessionV2.referral", "required, yet undefined"): _UNDEFINED,
    ("CustomerAchievement.isCappedByTarget", "required, yet undefined"): _UNDEFINED,
    (
        "ExtendLoyaltyPointsExpiryDateEffectProps.previousExpirationDate",
        "required, yet undefined",
    ): _UNDEFINED,
    ("Event.effects[]: type", "array of anything"): _EFFECTS,
    ("EventV3.effects[]: type", "array of anything"): _EFFECTS,
    ("Effect.props = callApi", ""): "what the provider's newer clients call the title triggerWebhook",
    ("Effect.props = set", ""): "what the provider's newer clients call the title updateAttribute",
    ("trackEventV3 > 204", ""): "silent is yes by default, and trackEventV2 answers that with 204",
    (
        "CustomerSessionV2.cartItemAdditionalCostTotal: source",
        "set by the service only",
    ): "a session of this class is only ever read",
    ("NewCustomerSessionV2.cartItems: limits", "none"): _PROSE,
    ("MultipleCustomerProfileIntegrationRequest.customerProfiles: limits", "none"): _PROSE,
    ("CustomerProfileAudienceRequest.data: limits", "none"): _PROSE,
    ("AddPriceAdjustmentCatalogAction.adjustments: limits", "none"): "those of the array stand at its items",
    ("CardLedgerTransactionLogEntryIntegrationAPI.type: limits", "max_length=255"): _ENUM,
    ("LedgerTransactionLogEntryIntegrationAPI.type: limits", "max_length=255"): _ENUM,
    ("parameters/skip: limits", "none"): "fewer than no entries cannot be skipped",
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
"""The reason for each difference that stays, by the name of its place and what the document says there."""
