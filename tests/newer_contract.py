"""What API version 26.17 adds to the published contract, as the provider's client for it states."""

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_INTEGER: Final = {"type": "integer"}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_REFERRAL_CODE: Final = {"type": "string", "maxLength": 100}
_CAMPAIGNS: Final = {
    "campaignIds": {"type": "array", "items": _INTEGER},
    "referencedByCampaigns": {"type": "array", "items": {"$ref": "#/components/schemas/CampaignReference"}},
}
_REWARD: Final = {"integrationId": _TEXT, "rewardId": _INTEGER, "applicationId": _INTEGER}

_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "AchievementProgressWithDefinition": _CAMPAIGNS,
    "AchievementStatusEntry": _CAMPAIGNS,
    "CustomerAchievement": _CAMPAIGNS,
    "CustomerInventory": {"rewards": {"type": "array", "items": {}}},
    "EventV3": {"referralCode": _REFERRAL_CODE},
    "IntegrationEventV3Request": {"referralCode": _REFERRAL_CODE},
    "IntegrationEventV3Response": {"referral": {"$ref": "#/components/schemas/InventoryReferral"}},
}
"""The fields of published schemas."""

_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "CampaignReference": {"id": _INTEGER, "applicationId": _INTEGER},
    "RollbackUseRewardEffectProps": _REWARD,
    "UnlockRewardEffectProps": {
        **_REWARD,
        "profileIntegrationId": _TEXT,
        "unlockedAt": _MOMENT,
        "loyaltyCardId": _TEXT,
    },
    "UseRewardEffectProps": _REWARD,
}
"""The fields of schemas that the published document does not have."""


def add_newer_facts(schemas: dict[str, Any]) -> None:
    """Add the fields and schemas to those of the published document."""
    schemas |= {name: {"type": "object", "properties": fields} for name, fields in _SCHEMAS.items()}
    for name, fields in _FIELDS.items():
        schemas[name]["properties"] = schemas[name].get("properties", {}) | fields
    for part in schemas["IntegrationEventV3Request"]["allOf"]:
        if "responseContent" in part.get("properties", {}):
            part["properties"]["responseContent"]["items"]["enum"].append("referral")
