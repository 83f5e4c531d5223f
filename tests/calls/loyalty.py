"""Calls of `loyalty`: points of profiles, points of cards, and programs."""

from typing import Final

from tests.calls.example import CARD, JUNE, JUNE_TEXT, MAY, MAY_TEXT, ODD, UUIDS, Calls, Example, both

PROFILE: Final = {"loyaltyProgramId": 11, "integrationId": ODD}
ON_CARD: Final = {"loyaltyProgramId": 12, "loyaltyCardId": CARD}

CALLS: Final[dict[str, Calls]] = {
    "getLoyaltyBalances": Calls(
        minimal=Example(lambda talon: talon.loyalty.profiles(11, ODD).balances(), PROFILE),
        full=(
            Example(
                lambda talon: talon.loyalty.profiles(11, ODD).balances(
                    end_date=JUNE, subledger_id=ODD, include_tiers=True, include_projected_tier=False
                ),
                {
                    **PROFILE,
                    "endDate": JUNE_TEXT,
                    "subledgerId": ODD,
                    "includeTiers": True,
                    "includeProjectedTier": False,
                },
            ),
        ),
    ),
    "getLoyaltyProgramProfilePoints": Calls(
        minimal=Example(lambda talon: talon.loyalty.profiles(11, ODD).points().page(), PROFILE),
        full=(
            Example(
                lambda talon: (
                    talon.loyalty.profiles(11, ODD)
                    .points(
                        status="pending",
                        subledger_ids=["", ODD],
                        customer_session_ids=["cart-1", ODD],
                        transaction_uuids=UUIDS,
                        sort="startDate",
                        page_size=50,
                        skip=100,
                    )
                    .page()
                ),
                {
                    **PROFILE,
                    "status": "pending",
                    "subledgerId": ["", ODD],
                    "customerSessionIDs": ["cart-1", ODD],
                    "transactionUUIDs": UUIDS,
                    "sort": "startDate",
                    "pageSize": 50,
                    "skip": 100,
                },
            ),
        ),
    ),
    "getLoyaltyProgramProfileTransactions": Calls(
        minimal=Example(lambda talon: talon.loyalty.profiles(11, ODD).transactions().page(), PROFILE),
        full=(
            Example(
                lambda talon: (
                    talon.loyalty.profiles(11, ODD)
                    .transactions(
                        subledger_id="sub-1",
                        loyalty_transaction_type="session",
                        start_date=MAY,
                        end_date=JUNE,
                        customer_session_ids=["cart-1", "cart-2"],
                        transaction_uuids=UUIDS,
                        awaits_activation=True,
                        page_size=2,
                        skip=4,
                    )
                    .page()
                ),
                {
                    **PROFILE,
                    "subledgerId": "sub-1",
                    "loyaltyTransactionType": "session",
                    "startDate": MAY_TEXT,
                    "endDate": JUNE_TEXT,
                    "customerSessionIDs": ["cart-1", "cart-2"],
                    "transactionUUIDs": UUIDS,
                    "awaitsActivation": True,
                    "pageSize": 2,
                    "skip": 4,
                },
            ),
        ),
    ),
    "deleteLoyaltyTransactionsFromLedgers": Calls(
        minimal=Example(
            lambda talon: talon.loyalty.profiles(11, ODD).delete_transactions("AllSubledgers"),
            PROFILE,
            {"scope": "AllSubledgers"},
        ),
        full=(
            Example(
                lambda talon: talon.loyalty.profiles(11, ODD).delete_transactions(
                    "SelectedSubledgers", subledger_ids=["", "sub-1"]
                ),
                PROFILE,
                {"scope": "SelectedSubledgers", "subledgerIds": ["", "sub-1"]},
            ),
        ),
    ),
    "joinLoyaltyProgram": both(Example(lambda talon: talon.loyalty.profiles(11, ODD).join(), PROFILE)),
    "getLoyaltyCardBalances": Calls(
        minimal=Example(lambda talon: talon.loyalty.cards(12, CARD).balances(), ON_CARD),
        full=(
            Example(
                lambda talon: talon.loyalty.cards(12, CARD).balances(
                    end_date=MAY, subledger_ids=["sub-1", ODD]
                ),
                {**ON_CARD, "endDate": MAY_TEXT, "subledgerId": ["sub-1", ODD]},
            ),
        ),
    ),
    "getLoyaltyCardPoints": Calls(
        minimal=Example(lambda talon: talon.loyalty.cards(12, CARD).points().page(), ON_CARD),
        full=(
            Example(
                lambda talon: (
                    talon.loyalty.cards(12, CARD)
                    .points(
                        status="expired",
                        subledger_ids=["sub-1"],
                        customer_session_ids=["cart-1"],
                        transaction_uuids=UUIDS,
                        sort="expiryDate",
                        page_size=3,
                        skip=6,
                    )
                    .page()
                ),
                {
                    **ON_CARD,
                    "status": "expired",
                    "subledgerId": ["sub-1"],
                    "customerSessionIDs": ["cart-1"],
                    "transactionUUIDs": UUIDS,
                    "sort": "expiryDate",
                    "pageSize": 3,
                    "skip": 6,
                },
            ),
        ),
    ),
    "getLoyaltyCardTransactions": Calls(
        minimal=Example(lambda talon: talon.loyalty.cards(12, CARD).transactions().page(), ON_CARD),
        full=(
            Example(
                lambda talon: (
                    talon.loyalty.cards(12, CARD)
                    .transactions(
                        subledger_ids=["sub-1", "sub-2"],
                        loyalty_transaction_type="import",
                        start_date=MAY,
                        end_date=JUNE,
                        customer_session_ids=["cart-1", ODD],
                        transaction_uuids=UUIDS,
                        awaits_activation=True,
                        page_size=50,
                        skip=1,
                    )
                    .page()
                ),
                {
                    **ON_CARD,
                    "subledgerId": ["sub-1", "sub-2"],
                    "loyaltyTransactionType": "import",
                    "startDate": MAY_TEXT,
                    "endDate": JUNE_TEXT,
                    "customerSessionIDs": ["cart-1", ODD],
                    "transactionUUIDs": UUIDS,
                    "awaitsActivation": True,
                    "pageSize": 50,
                    "skip": 1,
                },
            ),
        ),
    ),
    "linkLoyaltyCardToProfile": both(
        Example(
            lambda talon: talon.loyalty.cards(12, CARD).link("customer-7"),
            ON_CARD,
            {"integrationId": "customer-7"},
        )
    ),
    "unlinkLoyaltyCardFromProfile": both(
        Example(
            lambda talon: talon.loyalty.cards(12, CARD).unlink("customer-7"),
            ON_CARD,
            {"integrationId": "customer-7"},
        )
    ),
    "generateLoyaltyCard": Calls(
        minimal=Example(
            lambda talon: talon.loyalty.program(12).generate_card(), {"loyaltyProgramId": 12}, {}
        ),
        full=(
            Example(
                lambda talon: talon.loyalty.program(12).generate_card(
                    card_identifier=CARD,
                    status="inactive",
                    customer_profile_ids=["customer-7", "customer-8"],
                ),
                {"loyaltyProgramId": 12},
                {
                    "cardIdentifier": CARD,
                    "status": "inactive",
                    "customerProfileIds": ["customer-7", "customer-8"],
                },
            ),
        ),
    ),
    "activateLoyaltyPoints": Calls(
        minimal=Example(
            lambda talon: talon.loyalty.program(11).activate_points(session_id="cart-1"),
            {"loyaltyProgramId": 11},
            {"sessionId": "cart-1"},
        ),
        full=(
            Example(
                lambda talon: talon.loyalty.program(11).activate_points(session_id=ODD),
                {"loyaltyProgramId": 11},
                {"sessionId": ODD},
            ),
            Example(
                lambda talon: talon.loyalty.program(11).activate_points(transaction_uuids=UUIDS),
                {"loyaltyProgramId": 11},
                {"transactionUUIDs": UUIDS},
            ),
        ),
    ),
}
"""The calls of each operation."""
