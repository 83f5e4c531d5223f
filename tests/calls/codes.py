"""Calls of `coupons` and `referrals`."""

from typing import Final

from talon_async import NewReferral, NewReferralsForMultipleAdvocates
from tests.calls.example import JUNE, JUNE_TEXT, MAY, MAY_TEXT, ODD, Calls, Example, both

CALLS: Final[dict[str, Calls]] = {
    "createCouponReservation": both(
        Example(
            lambda talon: talon.coupons.reserve(ODD, ["customer-7", "customer-8"]),
            {"couponValue": ODD},
            {"integrationIDs": ["customer-7", "customer-8"]},
        )
    ),
    "deleteCouponReservation": both(
        Example(
            lambda talon: talon.coupons.release(ODD, ["customer-7"]),
            {"couponValue": ODD},
            {"integrationIDs": ["customer-7"]},
        )
    ),
    "getReservedCustomers": both(
        Example(lambda talon: talon.coupons.reserved_customers(ODD), {"couponValue": ODD})
    ),
    "createReferral": Calls(
        minimal=Example(
            lambda talon: talon.referrals.create(
                NewReferral(campaign_id=3, advocate_profile_integration_id="customer-7")
            ),
            {},
            {"campaignId": 3, "advocateProfileIntegrationId": "customer-7"},
        ),
        full=(
            Example(
                lambda talon: talon.referrals.create(
                    NewReferral(
                        start_date=MAY,
                        expiry_date=JUNE,
                        usage_limit=0,
                        campaign_id=3,
                        advocate_profile_integration_id="customer-7",
                        friend_profile_integration_id="customer-8",
                        attributes={"Channel": "mail"},
                    )
                ),
                {},
                {
                    "startDate": MAY_TEXT,
                    "expiryDate": JUNE_TEXT,
                    "usageLimit": 0,
                    "campaignId": 3,
                    "advocateProfileIntegrationId": "customer-7",
                    "friendProfileIntegrationId": "customer-8",
                    "attributes": {"Channel": "mail"},
                },
            ),
        ),
    ),
    "createReferralsForMultipleAdvocates": Calls(
        minimal=Example(
            lambda talon: talon.referrals.create_many(
                NewReferralsForMultipleAdvocates(
                    usage_limit=1, campaign_id=3, advocate_profile_integration_ids=["customer-7"]
                )
            ),
            {},
            {"usageLimit": 1, "campaignId": 3, "advocateProfileIntegrationIds": ["customer-7"]},
        ),
        full=(
            Example(
                lambda talon: talon.referrals.create_many(
                    NewReferralsForMultipleAdvocates(
                        start_date=MAY,
                        expiry_date=JUNE,
                        usage_limit=999_999,
                        campaign_id=3,
                        advocate_profile_integration_ids=["customer-7", "customer-8"],
                        attributes={"Channel": "mail"},
                        valid_characters=["A", "B"],
                        referral_pattern="FRIEND-###",
                    ),
                    silent=False,
                ),
                {"silent": "no"},
                {
                    "startDate": MAY_TEXT,
                    "expiryDate": JUNE_TEXT,
                    "usageLimit": 999_999,
                    "campaignId": 3,
                    "advocateProfileIntegrationIds": ["customer-7", "customer-8"],
                    "attributes": {"Channel": "mail"},
                    "validCharacters": ["A", "B"],
                    "referralPattern": "FRIEND-###",
                },
            ),
        ),
    ),
}
"""The calls of each operation."""
