"""Calls of `profiles`."""

from typing import Final

from talon_async import (
    CustomerProfileIntegrationRequestV2,
    MultipleCustomerProfileIntegrationRequestItem,
    ProfileAudiencesChanges,
)
from tests.calls.example import JUNE, JUNE_TEXT, MAY, MAY_TEXT, ODD, Calls, Example, both

CALLS: Final[dict[str, Calls]] = {
    "updateCustomerProfileV2": Calls(
        minimal=Example(
            lambda talon: talon.profiles.update("customer-7", CustomerProfileIntegrationRequestV2()),
            {"integrationId": "customer-7"},
            {},
        ),
        full=(
            Example(
                lambda talon: talon.profiles.update(
                    ODD,
                    CustomerProfileIntegrationRequestV2(
                        attributes={"Name": "J\u00f3n", "Tags": ["a", "b"], "Born": None},
                        evaluable_campaign_ids=[3],
                        response_content=["customerProfile", "campaignEligibility"],
                        audiences_changes=ProfileAudiencesChanges(adds=[1, 2], deletes=[]),
                    ),
                    run_rule_engine=False,
                    dry=True,
                ),
                {"integrationId": ODD, "runRuleEngine": False, "dry": True},
                {
                    "attributes": {"Name": "J\u00f3n", "Tags": ["a", "b"], "Born": None},
                    "evaluableCampaignIds": [3],
                    "responseContent": ["customerProfile", "campaignEligibility"],
                    "audiencesChanges": {"adds": [1, 2], "deletes": []},
                },
            ),
        ),
    ),
    "updateCustomerProfilesV2": Calls(
        minimal=Example(lambda talon: talon.profiles.update_many([]), {}, {"customerProfiles": []}),
        full=(
            Example(
                lambda talon: talon.profiles.update_many(
                    [
                        MultipleCustomerProfileIntegrationRequestItem(
                            integration_id="customer-7", attributes={"Name": "Jo"}
                        ),
                        MultipleCustomerProfileIntegrationRequestItem(integration_id="customer-8"),
                    ],
                    silent=False,
                ),
                {"silent": "no"},
                {
                    "customerProfiles": [
                        {"integrationId": "customer-7", "attributes": {"Name": "Jo"}},
                        {"integrationId": "customer-8"},
                    ]
                },
            ),
        ),
    ),
    "getCustomerInventory": Calls(
        minimal=Example(
            lambda talon: talon.profiles.inventory("customer-7"), {"integrationId": "customer-7"}
        ),
        full=(
            Example(
                lambda talon: talon.profiles.inventory(
                    ODD, profile=True, referrals=False, coupons=True, loyalty=True, giveaways=False
                ),
                {
                    "integrationId": ODD,
                    "profile": True,
                    "referrals": False,
                    "coupons": True,
                    "loyalty": True,
                    "giveaways": False,
                },
            ),
            Example(
                lambda talon: talon.profiles.inventory(
                    ODD, profile=False, coupons=False, giveaways=True, achievements=True
                ),
                {
                    "integrationId": ODD,
                    "profile": False,
                    "coupons": False,
                    "giveaways": True,
                    "achievements": True,
                },
            ),
        ),
    ),
    "deleteCustomerData": both(
        Example(lambda talon: talon.profiles.delete_data(ODD), {"integrationId": ODD})
    ),
    "getCustomerAchievements": Calls(
        minimal=Example(
            lambda talon: talon.profiles.achievements("customer-7").page(), {"integrationId": "customer-7"}
        ),
        full=(
            Example(
                lambda talon: talon.profiles.achievements(
                    ODD,
                    campaign_ids=["3", ODD],
                    achievement_ids=["4", "5"],
                    achievement_status=["active", "scheduled"],
                    current_progress_status=["inprogress", "completed", "not_started"],
                    page_size=1000,
                    skip=50,
                ).page(),
                {
                    "integrationId": ODD,
                    "campaignIds": ["3", ODD],
                    "achievementIds": ["4", "5"],
                    "achievementStatus": ["active", "scheduled"],
                    "currentProgressStatus": ["inprogress", "completed", "not_started"],
                    "pageSize": 1000,
                    "skip": 50,
                },
            ),
        ),
    ),
    "getCustomerAchievementHistory": Calls(
        minimal=Example(
            lambda talon: talon.profiles.achievement_history("customer-7", 9).page(),
            {"integrationId": "customer-7", "achievementId": 9},
        ),
        full=(
            Example(
                lambda talon: talon.profiles.achievement_history(
                    ODD,
                    9,
                    progress_status=["inprogress", "completed", "expired"],
                    start_date=MAY,
                    end_date=JUNE,
                    page_size=1,
                    skip=7,
                ).page(),
                {
                    "integrationId": ODD,
                    "achievementId": 9,
                    "progressStatus": ["inprogress", "completed", "expired"],
                    "startDate": MAY_TEXT,
                    "endDate": JUNE_TEXT,
                    "pageSize": 1,
                    "skip": 7,
                },
            ),
        ),
    ),
}
"""The calls of each operation."""
