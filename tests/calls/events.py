"""Calls of `events`."""

from typing import Final

from talon_async import IntegrationEventV2Request, IntegrationEventV3Request
from tests.calls.example import ODD, Calls, Example, both

CALLS: Final[dict[str, Calls]] = {
    "trackEventV2": Calls(
        minimal=Example(
            lambda talon: talon.events.track(IntegrationEventV2Request(type="Seen")), {}, {"type": "Seen"}
        ),
        full=(
            Example(
                lambda talon: talon.events.track(
                    IntegrationEventV2Request(
                        profile_id="customer-7",
                        store_integration_id="store-1",
                        evaluable_campaign_ids=[3],
                        type="Seen",
                        attributes={"Page": 3},
                        response_content=["event", "campaignEligibility"],
                        loyalty_cards=["CARD-7"],
                    ),
                    silent=False,
                    dry=True,
                    force_complete_evaluation=True,
                ),
                {"silent": "no", "dry": True, "forceCompleteEvaluation": True},
                {
                    "profileId": "customer-7",
                    "storeIntegrationId": "store-1",
                    "evaluableCampaignIds": [3],
                    "type": "Seen",
                    "attributes": {"Page": 3},
                    "responseContent": ["event", "campaignEligibility"],
                    "loyaltyCards": ["CARD-7"],
                },
            ),
        ),
    ),
    "trackEventV3": Calls(
        minimal=Example(
            lambda talon: talon.events.track_advanced(
                IntegrationEventV3Request(profile_id="customer-7", type="Seen", integration_id="event-1")
            ),
            {},
            {"profileId": "customer-7", "type": "Seen", "integrationId": "event-1"},
        ),
        full=(
            Example(
                lambda talon: talon.events.track_advanced(
                    IntegrationEventV3Request(
                        profile_id="customer-7",
                        store_integration_id="store-1",
                        evaluable_campaign_ids=[3],
                        type="Seen",
                        attributes={"Page": 3},
                        integration_id="event-1",
                        connected_session_id="cart-1",
                        referral_code="FRIEND-7",
                        loyalty_cards=["CARD-7"],
                        response_content=["advancedEvent", "loyalty", "referral"],
                    ),
                    silent=True,
                    dry=True,
                    force_complete_evaluation=False,
                ),
                {"silent": "yes", "dry": True, "forceCompleteEvaluation": False},
                {
                    "profileId": "customer-7",
                    "storeIntegrationId": "store-1",
                    "evaluableCampaignIds": [3],
                    "type": "Seen",
                    "attributes": {"Page": 3},
                    "integrationId": "event-1",
                    "connectedSessionId": "cart-1",
                    "referralCode": "FRIEND-7",
                    "loyaltyCards": ["CARD-7"],
                    "responseContent": ["advancedEvent", "loyalty", "referral"],
                },
            ),
        ),
    ),
    "getEventV3": both(Example(lambda talon: talon.events.get(ODD), {"integrationId": ODD})),
}
"""The calls of each operation."""
