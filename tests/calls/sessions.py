"""Calls of `sessions`."""

from typing import Final

from talon_async import (
    AdditionalCost,
    CartItem,
    ExperimentVariantAllocation,
    NewCustomerSessionV2,
    Product,
    ReturnedCartItem,
)
from tests.calls.example import JUNE, JUNE_TEXT, ODD, Calls, Example, both

CALLS: Final[dict[str, Calls]] = {
    "updateCustomerSessionV2": Calls(
        minimal=Example(
            lambda talon: talon.sessions.update("cart-1", NewCustomerSessionV2()),
            {"customerSessionId": "cart-1"},
            {"customerSession": {}},
        ),
        full=(
            Example(
                lambda talon: talon.sessions.update(
                    ODD,
                    NewCustomerSessionV2(
                        profile_id="customer-7",
                        store_integration_id="store-1",
                        evaluable_campaign_ids=[3, 4],
                        coupon_codes=["WELCOME10"],
                        referral_code="FRIEND",
                        loyalty_cards=["CARD-7"],
                        state="closed",
                        cart_items=[
                            CartItem(
                                name="Sneakers",
                                sku="S-1",
                                quantity=2,
                                price=99.5,
                                category="Shoes",
                                product=Product(name="Footwear"),
                                weight=1.5,
                                height=12,
                                width=20,
                                length=30,
                                attributes={"Color": "red", "Sizes": [41, None, {"half": True}]},
                                additional_costs={"packing": AdditionalCost(price=0.5)},
                            ),
                            CartItem(sku="S-2", quantity=1),
                        ],
                        experiment_variant_allocations=[
                            ExperimentVariantAllocation(experiment_id=5, variant_id=6)
                        ],
                        additional_costs={"shipping": AdditionalCost(price=4.9)},
                        identifiers=["d41306257915f83fe01e54092ae470f6"],
                        attributes={"PaymentMethod": "invoice \u2603"},
                    ),
                    response_content=["customerSession", "campaignEligibility"],
                    dry=True,
                    now=JUNE,
                ),
                {"customerSessionId": ODD, "dry": True, "now": JUNE_TEXT},
                {
                    "customerSession": {
                        "profileId": "customer-7",
                        "storeIntegrationId": "store-1",
                        "evaluableCampaignIds": [3, 4],
                        "couponCodes": ["WELCOME10"],
                        "referralCode": "FRIEND",
                        "loyaltyCards": ["CARD-7"],
                        "state": "closed",
                        "cartItems": [
                            {
                                "name": "Sneakers",
                                "sku": "S-1",
                                "quantity": 2,
                                "price": 99.5,
                                "category": "Shoes",
                                "product": {"name": "Footwear"},
                                "weight": 1.5,
                                "height": 12,
                                "width": 20,
                                "length": 30,
                                "attributes": {"Color": "red", "Sizes": [41, None, {"half": True}]},
                                "additionalCosts": {"packing": {"price": 0.5}},
                            },
                            {"sku": "S-2", "quantity": 1},
                        ],
                        "experimentVariantAllocations": [{"experimentID": 5, "variantID": 6}],
                        "additionalCosts": {"shipping": {"price": 4.9}},
                        "identifiers": ["d41306257915f83fe01e54092ae470f6"],
                        "attributes": {"PaymentMethod": "invoice \u2603"},
                    },
                    "responseContent": ["customerSession", "campaignEligibility"],
                },
            ),
        ),
    ),
    "getCustomerSession": both(Example(lambda talon: talon.sessions.get(ODD), {"customerSessionId": ODD})),
    "returnCartItems": Calls(
        minimal=Example(
            lambda talon: talon.sessions.return_items("cart-1", []),
            {"customerSessionId": "cart-1"},
            {"return": {"returnedCartItems": []}},
        ),
        full=(
            Example(
                lambda talon: talon.sessions.return_items(
                    ODD,
                    [ReturnedCartItem(position=0, quantity=1, sku="S-1"), ReturnedCartItem(position=1)],
                    response_content=["customerSession", "previousReturns"],
                    dry=False,
                    run_rule_engine=True,
                ),
                {"customerSessionId": ODD, "dry": False, "runRuleEngine": True},
                {
                    "return": {
                        "returnedCartItems": [{"position": 0, "quantity": 1, "sku": "S-1"}, {"position": 1}]
                    },
                    "responseContent": ["customerSession", "previousReturns"],
                },
            ),
        ),
    ),
    "reopenCustomerSession": both(
        Example(lambda talon: talon.sessions.reopen(ODD), {"customerSessionId": ODD})
    ),
}
"""The calls of each operation."""
