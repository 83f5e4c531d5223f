"""The requests and responses of the benchmarks as plain JSON values.

Every measured client accepts them: each value has the type in the API's contract.
"""

from typing import Any

from benchmarks.entities import (
    CREATED,
    LATER,
    PROFILE,
    UPDATED,
    campaign,
    coupon,
    failure,
    loyalty,
    referral,
)

CART_SIZE = 20


def session_request(items: int = CART_SIZE) -> dict[str, Any]:
    """Build the request of a session update with a cart of `items` items."""
    return {
        "customerSession": {
            "profileId": PROFILE,
            "couponCodes": ["WELCOME10", "SPRING-2026"],
            "loyaltyCards": ["card-4711-0815"],
            "state": "open",
            "cartItems": [_cart_item(index) for index in range(items)],
            "additionalCosts": {"shipping": {"price": 4.9}, "giftWrap": {"price": 2.5}},
            "identifiers": ["d41d8cd98f00b204e9800998ecf8427e"],
            "attributes": {"channel": "web", "shippingCity": "Berlin", "express": False},
        },
        "responseContent": ["customerSession", "customerProfile", "loyalty", "triggeredCampaigns", "coupons"],
    }


def small_response() -> dict[str, Any]:
    """Build the smallest response to a session update."""
    return {"effects": [], "createdCoupons": [], "createdReferrals": []}


def large_response() -> dict[str, Any]:
    """Build the response to a full cart with every content section: about 45 KB."""
    return {
        "effects": [_effect(index, kind, props) for index, (kind, props) in enumerate(_effects())],
        "createdCoupons": [coupon(900)],
        "createdReferrals": [referral(30)],
        "customerProfile": {
            "id": 61234,
            "created": CREATED,
            "integrationId": PROFILE,
            "attributes": {"Name": "Ada Example", "Language": "de", "Newsletter": True, "Visits": 42},
            "accountId": 31,
            "closedSessions": 17,
            "totalSales": 2410.55,
            "audienceMemberships": [{"id": n, "name": f"Audience {n}"} for n in range(5)],
            "lastActivity": UPDATED,
            "sandbox": True,
        },
        "loyalty": loyalty(),
        "triggeredCampaigns": [campaign(number) for number in range(6)],
        "coupons": [{**coupon(number), "profileRedemptionCount": 1} for number in range(4)],
        "awardedGiveaways": [
            {
                "id": 5,
                "created": CREATED,
                "code": "GIFT-5-AX81",
                "poolId": 2,
                "startDate": CREATED,
                "endDate": LATER,
                "attributes": {"provider": "cinema"},
                "used": True,
                "importId": 9,
                "profileIntegrationId": PROFILE,
                "profileId": 61234,
            }
        ],
        "ruleFailureReasons": [failure(number) for number in range(6)],
        "customerSession": _session(),
    }


def _cart_item(index: int) -> dict[str, Any]:
    return {
        "name": f"Running shoe, model {index}",
        "sku": f"SKU-{10_000 + index}",
        "quantity": 1 + index % 3,
        "price": 19.99 + index,
        "category": "shoes" if index % 2 else "apparel",
        "product": {"name": f"Runner {index}"},
        "weight": 350.5,
        "attributes": {"color": "blue", "size": 42, "brand": "Example", "onSale": index % 4 == 0},
        "additionalCosts": {"engraving": {"price": 1.5}},
    }


def _session() -> dict[str, Any]:
    return {
        **session_request()["customerSession"],
        "id": 881234,
        "created": CREATED,
        "integrationId": "cart-1",
        "applicationId": 12,
        "storeIntegrationId": "store-berlin-1",
        "cartItems": [_priced_item(index) for index in range(CART_SIZE)],
        "firstSession": False,
        "updateCount": 7,
        "total": 1234.56,
        "cartItemTotal": 1200.16,
        "additionalCostTotal": 7.4,
        "cartItemAdditionalCostTotal": 27.0,
        "updated": UPDATED,
    }


def _priced_item(index: int) -> dict[str, Any]:
    return {
        **_cart_item(index),
        "returnedQuantity": 0,
        "remainingQuantity": 1 + index % 3,
        "position": index,
        "catalogItemID": 70_000 + index,
        "selectedPriceType": "member",
        "adjustmentReferenceId": f"68851723-e6fa-488f-ace9-112581e6c1{index:02d}",
        "adjustmentEffectiveFrom": CREATED,
        "adjustmentEffectiveUntil": LATER,
        "prices": {
            "base": {"price": 24.99 + index},
            "member": {
                "price": 19.99 + index,
                "adjustmentReferenceId": f"68851723-e6fa-488f-ace9-112581e6c1{index:02d}",
                "adjustmentEffectiveFrom": CREATED,
            },
        },
    }


def _effect(index: int, kind: str, props: dict[str, Any]) -> dict[str, Any]:
    return {
        "campaignId": 200 + index % 6,
        "rulesetId": 7100 + index % 6,
        "ruleIndex": index % 4,
        "ruleName": f"Rule {index % 4}: spring promotion",
        "effectType": kind,
        "triggeredByCoupon": 4928 + index,
        "conditionIndex": 0,
        "evaluationGroupID": 3,
        "evaluationGroupMode": "stackable",
        "campaignRevisionId": 11,
        "campaignRevisionVersionId": 12,
        "props": props,
    }


def _effects() -> list[tuple[str, dict[str, Any]]]:
    points = {"programId": 5, "subLedgerId": "main", "value": 25.5, "transactionUUID": "0c3a-44d1-a7"}
    achievement = {"achievementId": 8, "achievementName": "FiveOrders", "progressTrackerId": 77}
    return [
        ("acceptCoupon", {"value": "WELCOME10"}),
        ("rejectCoupon", {"value": "SPRING-2026", "rejectionReason": "CouponExpired", "conditionIndex": 1}),
        ("acceptReferral", {"value": "FRIEND-77"}),
        ("couponCreated", {"value": "THANKS-AX81-77", "profileId": PROFILE}),
        (
            "reserveCoupon",
            {"couponValue": "VIP-1", "profileIntegrationId": PROFILE, "isNewReservation": True},
        ),
        ("setDiscount", {"name": "10% off", "value": 120.02, "scope": "cartItems", "desiredValue": 130.0}),
        ("setDiscountPerAdditionalCost", {**_shipping(), "value": 4.9}),
        ("setDiscountPerAdditionalCostPerItem", {**_shipping(), "value": 1.5, "position": 3}),
        *(("setDiscountPerItem", _item_discount(position)) for position in range(8)),
        ("addFreeItem", {"sku": "SKU-FREE-1", "name": "Free socks"}),
        (
            "showNotification",
            {"notificationType": "Info", "title": "Nearly there", "body": "12.50 more ships free"},
        ),
        (
            "showBundleMetadata",
            {"description": "Shoes and socks", "bundleAttributes": ["color"], "itemsIndices": [0, 1]},
        ),
        ("addLoyaltyPoints", {**points, **_earned()}),
        ("deductLoyaltyPoints", {**points, "ruleTitle": "Pay with points", "name": "Spent"}),
        (
            "changeLoyaltyTierLevel",
            {"ruleTitle": "Tiers", "programId": 5, "subLedgerId": "", "newTierName": "Gold"},
        ),
        (
            "increaseAchievementProgress",
            {**achievement, "delta": 1, "value": 3, "target": 5, "isJustCompleted": False},
        ),
        ("addToAudience", {"audienceId": 4, "audienceName": "VIP", "profileIntegrationId": PROFILE}),
        ("willAwardGiveaway", {"poolId": 2, "poolName": "Cinema", "recipientIntegrationId": PROFILE}),
        ("callApi", {"webhookId": 6, "webhookName": "notify-warehouse"}),
        ("set", {"path": "Session.Attributes.loyaltyTier", "value": "Gold"}),
        (
            "customEffect",
            {"effectId": 3, "name": "badge", "cartItemPosition": 2, "payload": {"badge": "new", "weight": 3}},
        ),
        ("rollbackDiscount", {"name": "Old offer", "value": 3.25, "cartItemPosition": 4}),
        ("error", {"message": "a collection of the rule is empty"}),
    ]


def _shipping() -> dict[str, Any]:
    return {"name": "Free shipping", "additionalCostId": 7, "additionalCost": "shipping"}


def _earned() -> dict[str, Any]:
    return {
        "name": "Points for shoes",
        "recipientIntegrationId": PROFILE,
        "startDate": CREATED,
        "expiryDate": LATER,
        "cartItemPosition": 1,
        "cardIdentifier": "card-4711-0815",
    }


def _item_discount(position: int) -> dict[str, Any]:
    return {
        "name": f"Two for one#{position}",
        "value": 9.99 + position,
        "position": position,
        "subPosition": 0,
        "desiredValue": 10.99 + position,
        "scope": "price",
        "totalDiscount": 98.5,
        "bundleIndex": position // 2,
        "bundleName": "Two for one",
        "targetedItemPosition": position,
    }
