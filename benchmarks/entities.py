"""Campaigns, coupons, referrals and loyalty data for the responses in `benchmarks.payloads`."""

from typing import Any

CREATED = "2026-04-02T08:15:30.123456Z"
UPDATED = "2026-05-01T12:00:00Z"
LATER = "2026-12-31T23:59:59+01:00"
PROFILE = "customer-7f3a91c2"


def loyalty() -> dict[str, Any]:
    """The loyalty section: one card, and three programs with subledgers."""

    def ledger(points: float) -> dict[str, Any]:
        return {
            "currentBalance": points,
            "pendingBalance": 12.5,
            "negativeBalance": 0,
            "expiredBalance": 0,
            "spentBalance": 0,
            "tentativeCurrentBalance": points + 25.5,
            "tentativePendingBalance": 12.5,
            "tentativeNegativeBalance": 0,
            "currentTier": {
                "id": 2,
                "name": "Silver",
                "startDate": CREATED,
                "expiryDate": LATER,
                "downgradePolicy": "one_down",
            },
            "pointsToNextTier": 74.5,
        }

    return {
        "cards": [
            {
                "id": 51,
                "created": CREATED,
                "programID": 6,
                "programName": "cards",
                "programTitle": "Card program",
                "status": "active",
                "identifier": "card-4711-0815",
                "usersPerCardLimit": 4,
                "profiles": [{"integrationId": PROFILE, "timestamp": CREATED}],
                "ledger": ledger(80.0),
            }
        ],
        "programs": {
            str(number): {
                "id": number,
                "title": f"Program {number}",
                "name": f"program-{number}",
                "joinDate": CREATED,
                "ledger": ledger(120.0 + number),
                "subLedgers": {"main": ledger(60.0), "games": ledger(15.0)},
            }
            for number in range(3)
        },
    }


def campaign(number: int) -> dict[str, Any]:
    """A campaign with every field."""
    return {
        "id": 200 + number,
        "created": CREATED,
        "applicationId": 12,
        "userId": 4,
        "name": f"Spring promotion {number}",
        "description": "Ten percent off for everyone who comes back, and points on top of that.",
        "startTime": CREATED,
        "endTime": LATER,
        "attributes": {"owner": "marketing", "costCenter": 1400 + number},
        "state": "enabled",
        "activeRulesetId": 7100 + number,
        "tags": ["spring", "retention"],
        "reevaluateOnReturn": False,
        "features": ["coupons", "loyalty", "giveaways"],
        "couponSettings": {
            "validCharacters": list("ABCDEFGHJKLMNPQRSTUVWXYZ"),
            "couponPattern": "SPRING-####",
        },
        "limits": [{"action": "redeemCoupon", "limit": 1000, "period": "monthly", "entities": ["Coupon"]}],
        "campaignGroups": [1, 2],
        "type": "advanced",
        "budgets": [{"action": "setDiscount", "limit": 10_000, "counter": 1234.5}],
        "couponRedemptionCount": 163,
        "discountCount": 1234.5,
        "discountEffectCount": 343,
        "couponCreationCount": 16,
        "createdLoyaltyPointsCount": 9.5,
        "createdLoyaltyPointsEffectCount": 2,
        "lastActivity": UPDATED,
        "updated": UPDATED,
        "createdBy": "Jane Example",
        "frontendState": "running",
        "storesImported": False,
        "activeRevisionId": 6,
        "activeRevisionVersionId": 6,
        "version": 6,
    }


def coupon(number: int) -> dict[str, Any]:
    """A coupon with every field."""
    return {
        "id": number,
        "created": CREATED,
        "campaignId": 200,
        "value": f"WELCOME{number:04d}",
        "usageLimit": 10,
        "discountLimit": 30.5,
        "reservationLimit": 45,
        "startDate": CREATED,
        "expiryDate": LATER,
        "limits": [{"action": "redeemCoupon", "limit": 1, "entities": ["Profile"]}],
        "usageCounter": 1,
        "discountCounter": 10.5,
        "discountRemainder": 20.0,
        "attributes": {"source": "newsletter"},
        "recipientIntegrationId": PROFILE,
        "reservation": False,
        "batchId": "32535-43255",
        "isReservationMandatory": False,
        "implicitlyReserved": False,
    }


def referral(number: int) -> dict[str, Any]:
    """A referral."""
    return {
        "id": number,
        "created": CREATED,
        "startDate": CREATED,
        "expiryDate": LATER,
        "usageLimit": 1,
        "campaignId": 201,
        "advocateProfileIntegrationId": PROFILE,
        "code": "27G47Y54VH9L",
        "usageCounter": 0,
    }


def failure(number: int) -> dict[str, Any]:
    """Why a rule did not apply."""
    return {
        "campaignID": 300 + number,
        "campaignName": f"Summer promotion {number}",
        "rulesetID": 7200 + number,
        "ruleIndex": 0,
        "ruleName": "Weekend only",
        "conditionIndex": number % 3,
        "details": "the condition on the day of the week was not met",
        "evaluationGroupID": 3,
        "evaluationGroupMode": "stackable",
    }
