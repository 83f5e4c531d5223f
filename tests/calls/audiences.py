"""Calls of `audiences`."""

from typing import Final

from talon_async import CustomerProfileAudienceRequestItem, NewAudience
from tests.calls.example import JUNE, JUNE_TEXT, Calls, Example, both

CALLS: Final[dict[str, Calls]] = {
    "createAudienceV2": Calls(
        minimal=Example(
            lambda talon: talon.audiences.create(NewAudience(name="Regulars")), {}, {"name": "Regulars"}
        ),
        full=(
            Example(
                lambda talon: talon.audiences.create(
                    NewAudience(
                        name="Regulars",
                        sandbox=False,
                        description="Who buy each week",
                        subscribed_applications_ids=[3, 13],
                        integration="mparticle",
                        integration_id="382370BKDB946",
                        created_in_3rd_party=True,
                        last_update=JUNE,
                    )
                ),
                {},
                {
                    "name": "Regulars",
                    "sandbox": False,
                    "description": "Who buy each week",
                    "subscribedApplicationsIds": [3, 13],
                    "integration": "mparticle",
                    "integrationId": "382370BKDB946",
                    "createdIn3rdParty": True,
                    "lastUpdate": JUNE_TEXT,
                },
            ),
        ),
    ),
    "updateAudienceV2": Calls(
        minimal=Example(
            lambda talon: talon.audiences.rename(21, "Friends"), {"audienceId": 21}, {"name": "Friends"}
        ),
        full=(
            Example(
                lambda talon: talon.audiences.rename(21, "Friends", subscribed_applications_ids=[3]),
                {"audienceId": 21},
                {"name": "Friends", "subscribedApplicationsIds": [3]},
            ),
        ),
    ),
    "deleteAudienceV2": both(Example(lambda talon: talon.audiences.delete(21), {"audienceId": 21})),
    "deleteAudienceMembershipsV2": both(Example(lambda talon: talon.audiences.clear(21), {"audienceId": 21})),
    "updateCustomerProfileAudiences": Calls(
        minimal=Example(lambda talon: talon.audiences.update_members([]), {}, {"data": []}),
        full=(
            Example(
                lambda talon: talon.audiences.update_members(
                    [
                        CustomerProfileAudienceRequestItem(
                            action="add", profile_integration_id="customer-7", audience_id=21
                        ),
                        CustomerProfileAudienceRequestItem(
                            action="delete", profile_integration_id="customer-8", audience_id=22
                        ),
                    ]
                ),
                {},
                {
                    "data": [
                        {"action": "add", "profileIntegrationId": "customer-7", "audienceId": 21},
                        {"action": "delete", "profileIntegrationId": "customer-8", "audienceId": 22},
                    ]
                },
            ),
        ),
    ),
    "updateAudienceCustomersAttributes": Calls(
        minimal=Example(lambda talon: talon.audiences.update_attributes(21, {}), {"audienceId": 21}, {}),
        full=(
            Example(
                lambda talon: talon.audiences.update_attributes(21, {"Tier": "gold", "Since": JUNE}),
                {"audienceId": 21},
                {"Tier": "gold", "Since": JUNE_TEXT},
            ),
        ),
    ),
}
"""The calls of each operation."""
