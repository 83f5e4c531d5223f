"""The table of handlers: one per operation."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

from talon_async._operations import OPERATIONS
from talon_async.sandbox._handlers import (
    achievements,
    audiences,
    campaigns,
    catalogs,
    coupons,
    customer_data,
    events,
    inventory,
    loyalty,
    loyalty_cards,
    loyalty_profiles,
    profiles,
    referrals,
    returns,
    sessions,
)

Handler: TypeAlias = Callable[..., Any]
"""Handles a request: takes the deployment, the body if the operation has one, and the arguments by name.

Returns the response model, or `None` for an empty response; raises `ApiError` to refuse the request.
"""

HANDLERS: Final[Mapping[str, Handler]] = {
    "activateLoyaltyPoints": loyalty.activate_points,
    "bestPriorPrice": catalogs.best_prior_prices,
    "createAudienceV2": audiences.create_audience,
    "createCouponReservation": coupons.reserve,
    "createReferral": referrals.create_referral,
    "createReferralsForMultipleAdvocates": referrals.create_referrals,
    "deleteAudienceMembershipsV2": audiences.clear_audience,
    "deleteAudienceV2": audiences.delete_audience,
    "deleteCouponReservation": coupons.release,
    "deleteCustomerData": customer_data.delete_data,
    "deleteLoyaltyTransactionsFromLedgers": loyalty_profiles.delete_transactions,
    "generateLoyaltyCard": loyalty_cards.generate_card,
    "getCustomerAchievementHistory": achievements.achievement_history,
    "getCustomerAchievements": achievements.list_achievements,
    "getCustomerInventory": inventory.get_inventory,
    "getCustomerSession": sessions.get_session,
    "getEventV3": events.get_advanced_event,
    "getLoyaltyBalances": loyalty_profiles.get_balances,
    "getLoyaltyCardBalances": loyalty_cards.get_balances,
    "getLoyaltyCardPoints": loyalty_cards.list_points,
    "getLoyaltyCardTransactions": loyalty_cards.list_transactions,
    "getLoyaltyProgramProfilePoints": loyalty_profiles.list_points,
    "getLoyaltyProgramProfileTransactions": loyalty_profiles.list_transactions,
    "getReservedCustomers": coupons.reserved_customers,
    "integrationGetAllCampaigns": campaigns.list_campaigns,
    "joinLoyaltyProgram": loyalty_profiles.join_program,
    "linkLoyaltyCardToProfile": loyalty_cards.link_card,
    "reopenCustomerSession": sessions.reopen_session,
    "returnCartItems": returns.return_items,
    "syncCatalog": catalogs.sync_catalog,
    "trackEventV2": events.track_event,
    "trackEventV3": events.track_advanced_event,
    "unlinkLoyaltyCardFromProfile": loyalty_cards.unlink_card,
    "updateAudienceCustomersAttributes": audiences.update_attributes,
    "updateAudienceV2": audiences.rename_audience,
    "updateCustomerProfileAudiences": audiences.update_members,
    "updateCustomerProfileV2": profiles.update_profile,
    "updateCustomerProfilesV2": profiles.update_profiles,
    "updateCustomerSessionV2": sessions.update_session,
}


def check_complete(operations: Collection[str], handlers: Collection[str]) -> None:
    """Check that every operation has a handler, and every handler an operation.

    Args:
        operations: The operationIds.
        handlers: The operationIds of the handlers.

    Raises:
        LookupError: A handler is missing or extra.
    """
    missing, extra = sorted({*operations} - {*handlers}), sorted({*handlers} - {*operations})
    if missing or extra:
        raise LookupError(
            f"handlers: missing for {', '.join(missing) or 'no operation'}, "
            f"extra for {', '.join(extra) or 'no operation'}"
        )


check_complete(OPERATIONS, HANDLERS)
