"""The operations of the Integration API, one row each; nothing else knows a path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from talon_async import models
from talon_async._operations.checks import (
    awaits_activation_only_true,
    different_skus,
    eligibility_needs_dry,
    needs_dry,
    one_type_of_catalog_action,
    session_or_transactions,
    session_quantity,
    subledgers_fit_scope,
)
from talon_async._operations.operation import EMPTY, Operation, Parameter
from talon_async.models.base import Limit, LoyaltyCardIdentifier

INVENTORY_PARTS: Final = ("profile", "referrals", "coupons", "loyalty", "giveaways", "achievements")
"""What a customer's inventory can include."""

# What several rows share. Models are named in lambdas, so that a row imports none before it is used.
_SESSION: Final = Parameter("customer_session_id", str)
_PROFILE: Final = Parameter("integration_id", str)
_AUDIENCE: Final = Parameter("audience_id", int)
_COUPON: Final = Parameter("coupon_value", str)
_PROGRAM: Final = Parameter("loyalty_program_id", int)
_CARD: Final = Parameter("loyalty_card_id", LoyaltyCardIdentifier)
_DRY: Final = Parameter("dry", bool)
_RUN_RULE_ENGINE: Final = Parameter("run_rule_engine", bool)
_SILENT: Final = Parameter("silent", bool, bool_literals=("no", "yes"))
_FORCE_COMPLETE_EVALUATION: Final = Parameter("force_complete_evaluation", bool)
_PAGE: Final = (
    Parameter("page_size", Annotated[int, Limit(minimum=1, maximum=1000)]),
    Parameter("skip", Annotated[int, Limit(minimum=0)]),
)
_PERIOD: Final = (Parameter("start_date", datetime), Parameter("end_date", datetime))
_SUBLEDGER: Final = Parameter("subledger_id", str)
_SUBLEDGERS: Final = Parameter("subledger_ids", list[str], wire="subledgerId")
_SOURCES: Final = (
    Parameter("customer_session_ids", list[str], wire="customerSessionIDs"),
    Parameter("transaction_uuids", list[str], wire="transactionUUIDs"),
)
_ORIGIN: Final = Parameter("loyalty_transaction_type", Literal["manual", "session", "import"] | str)
_AWAITS_ACTIVATION: Final = Parameter("awaits_activation", bool)
_POINTS_STATUS: Final = Parameter("status", Literal["active", "pending", "expired"] | str)
_POINTS_SORT: Final = Parameter("sort", Literal["startDate", "expiryDate", "-startDate", "-expiryDate"] | str)

UPDATE_CUSTOMER_SESSION: Final = Operation(
    id="updateCustomerSessionV2",
    method="PUT",
    path="/v2/customer_sessions/{customerSessionId}",
    path_parameters=(_SESSION,),
    query=(_DRY, Parameter("now", datetime)),
    body=lambda: models.IntegrationRequest,
    answers={200: lambda: models.IntegrationStateV2},
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"session": "customer_session_id", "profile": "body.customer_session.profile_id"},
    checks=(needs_dry("now"), eligibility_needs_dry, session_quantity),
)
GET_CUSTOMER_SESSION: Final = Operation(
    id="getCustomerSession",
    method="GET",
    path="/v2/customer_sessions/{customerSessionId}",
    path_parameters=(_SESSION,),
    answers={200: lambda: models.IntegrationCustomerSessionResponse},
    errors=(400, 401),
)
RETURN_CART_ITEMS: Final = Operation(
    id="returnCartItems",
    method="POST",
    path="/v2/customer_sessions/{customerSessionId}/returns",
    path_parameters=(_SESSION,),
    query=(_DRY, _RUN_RULE_ENGINE),
    body=lambda: models.ReturnIntegrationRequest,
    answers={200: lambda: models.IntegrationStateV2},
    errors=(400, 401),
    idempotency_key=True,
    lock_keys={"session": "customer_session_id"},
)
REOPEN_CUSTOMER_SESSION: Final = Operation(
    id="reopenCustomerSession",
    method="PUT",
    path="/v2/customer_sessions/{customerSessionId}/reopen",
    path_parameters=(_SESSION,),
    answers={200: lambda: models.ReopenSessionResponse},
    errors=(400, 401),
    idempotency_key=True,
    lock_keys={"session": "customer_session_id"},
)
UPDATE_CUSTOMER_PROFILE: Final = Operation(
    id="updateCustomerProfileV2",
    method="PUT",
    path="/v2/customer_profiles/{integrationId}",
    path_parameters=(_PROFILE,),
    query=(_RUN_RULE_ENGINE, _DRY),
    body=lambda: models.CustomerProfileIntegrationRequestV2,
    answers={200: lambda: models.CustomerProfileIntegrationResponseV2},
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"profile": "integration_id"},
    checks=(eligibility_needs_dry,),
)
UPDATE_CUSTOMER_PROFILES: Final[Operation[models.MultipleCustomerProfileIntegrationResponseV2 | None]] = (
    Operation(
        id="updateCustomerProfilesV2",
        method="PUT",
        path="/v2/customer_profiles",
        query=(_SILENT,),
        body=lambda: models.MultipleCustomerProfileIntegrationRequest,
        answers={200: lambda: models.MultipleCustomerProfileIntegrationResponseV2, 204: EMPTY},
        errors=(400, 401),
        idempotency_key=True,
        lock_keys={"profile": "body.customer_profiles.integration_id"},
    )
)
GET_CUSTOMER_INVENTORY: Final = Operation(
    id="getCustomerInventory",
    method="GET",
    path="/v1/customer_profiles/{integrationId}/inventory",
    path_parameters=(_PROFILE,),
    query=tuple(Parameter(name, bool) for name in INVENTORY_PARTS),
    answers={200: lambda: models.CustomerInventory},
    errors=(401, 404),
)
DELETE_CUSTOMER_DATA: Final = Operation(
    id="deleteCustomerData",
    method="DELETE",
    path="/v1/customer_data/{integrationId}",
    path_parameters=(_PROFILE,),
    answers={204: EMPTY},
    errors=(401, 404),
    idempotent=True,  # what is erased stays erased
    lock_keys={"profile": "integration_id"},
)
GET_CUSTOMER_ACHIEVEMENTS: Final = Operation(
    id="getCustomerAchievements",
    method="GET",
    path="/v1/customer_profiles/{integrationId}/achievements",
    path_parameters=(_PROFILE,),
    query=(
        Parameter("campaign_ids", list[str], style="comma"),
        Parameter("achievement_ids", list[str], style="comma"),
        Parameter("achievement_status", list[Literal["active", "scheduled"] | str], style="comma"),
        Parameter(
            "current_progress_status",
            list[Literal["inprogress", "completed", "not_started"] | str],
            style="comma",
        ),
        *_PAGE,
    ),
    answers={200: lambda: models.CountedPage[models.AchievementStatusEntry]},
    errors=(400, 401, 404),
)
GET_CUSTOMER_ACHIEVEMENT_HISTORY: Final = Operation(
    id="getCustomerAchievementHistory",
    method="GET",
    path="/v1/customer_profiles/{integrationId}/achievements/{achievementId}",
    path_parameters=(
        _PROFILE,
        Parameter("achievement_id", int),
    ),
    query=(
        Parameter(
            "progress_status", list[Literal["inprogress", "completed", "expired"] | str], style="comma"
        ),
        *_PERIOD,
        *_PAGE,
    ),
    answers={200: lambda: models.CountedPage[models.AchievementProgress]},
    errors=(400, 401, 404),
)
TRACK_EVENT: Final[Operation[models.IntegrationEventV2Response | None]] = Operation(
    id="trackEventV2",
    method="POST",
    path="/v2/events",
    query=(_SILENT, _DRY, _FORCE_COMPLETE_EVALUATION),
    body=lambda: models.IntegrationEventV2Request,
    answers={200: lambda: models.IntegrationEventV2Response, 204: EMPTY},
    errors=(400, 401, 409),
    conflict="contention",
    idempotency_key=True,
    lock_keys={"profile": "body.profile_id"},
    checks=(needs_dry("force_complete_evaluation"), eligibility_needs_dry),
)
TRACK_ADVANCED_EVENT: Final[Operation[models.IntegrationEventV3Response | None]] = Operation(
    id="trackEventV3",
    method="POST",
    path="/v3/events",
    query=(
        _SILENT,
        _DRY,
        _FORCE_COMPLETE_EVALUATION,
    ),
    body=lambda: models.IntegrationEventV3Request,
    answers={200: lambda: models.IntegrationEventV3Response, 204: EMPTY},
    errors=(400, 401, 409),
    idempotent=True,  # an event is taken once for each of its identifiers
    conflict="either",
    lock_keys={"session": "body.connected_session_id", "profile": "body.profile_id"},
    checks=(needs_dry("force_complete_evaluation"),),
)
GET_ADVANCED_EVENT: Final = Operation(
    id="getEventV3",
    method="GET",
    path="/v3/events/{integrationId}",
    path_parameters=(Parameter("integration_id", str),),
    answers={200: lambda: models.EventV3},
    errors=(404,),
)
GET_PROFILE_BALANCES: Final = Operation(
    id="getLoyaltyBalances",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/balances",
    path_parameters=(
        _PROGRAM,
        _PROFILE,
    ),
    query=(
        Parameter("end_date", datetime),
        _SUBLEDGER,
        Parameter("include_tiers", bool),
        Parameter("include_projected_tier", bool),
    ),
    answers={200: lambda: models.LoyaltyBalancesWithTiers},
    errors=(400, 401, 404),
)
GET_PROFILE_POINTS: Final = Operation(
    id="getLoyaltyProgramProfilePoints",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/points",
    path_parameters=(
        _PROGRAM,
        _PROFILE,
    ),
    query=(
        _POINTS_STATUS,
        _SUBLEDGERS,
        *_SOURCES,
        *_PAGE,
        _POINTS_SORT,
    ),
    answers={200: lambda: models.MorePage[models.LedgerPointsEntryIntegrationAPI]},
    errors=(400, 401, 404),
)
GET_PROFILE_TRANSACTIONS: Final = Operation(
    id="getLoyaltyProgramProfileTransactions",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/transactions",
    path_parameters=(
        _PROGRAM,
        _PROFILE,
    ),
    query=(
        *_SOURCES,
        _SUBLEDGER,
        _ORIGIN,
        *_PERIOD,
        *_PAGE,
        _AWAITS_ACTIVATION,
    ),
    answers={200: lambda: models.MorePage[models.LedgerTransactionLogEntryIntegrationAPI]},
    errors=(400, 401, 404),
    checks=(awaits_activation_only_true,),
)
DELETE_PROFILE_TRANSACTIONS: Final = Operation(
    id="deleteLoyaltyTransactionsFromLedgers",
    method="POST",
    path="/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/delete_transactions",
    path_parameters=(
        _PROGRAM,
        _PROFILE,
    ),
    body=lambda: models.DeleteLoyaltyTransactionsRequest,
    answers={204: EMPTY},
    errors=(400, 401, 404),
    lock_keys={"profile": "integration_id"},
    checks=(subledgers_fit_scope,),
)
JOIN_LOYALTY_PROGRAM: Final = Operation(
    id="joinLoyaltyProgram",
    method="POST",
    path="/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/join",
    path_parameters=(
        _PROGRAM,
        _PROFILE,
    ),
    answers={200: EMPTY},
    errors=(400, 401, 404),
    lock_keys={"profile": "integration_id"},
)
GET_CARD_BALANCES: Final = Operation(
    id="getLoyaltyCardBalances",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/balances",
    path_parameters=(
        _PROGRAM,
        _CARD,
    ),
    query=(
        Parameter("end_date", datetime),
        _SUBLEDGERS,
    ),
    answers={200: lambda: models.LoyaltyCardBalances},
    errors=(400, 401, 404),
)
GET_CARD_POINTS: Final = Operation(
    id="getLoyaltyCardPoints",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/points",
    path_parameters=(
        _PROGRAM,
        _CARD,
    ),
    query=(
        _POINTS_STATUS,
        _SUBLEDGERS,
        *_SOURCES,
        *_PAGE,
        _POINTS_SORT,
    ),
    answers={200: lambda: models.MorePage[models.CardLedgerPointsEntryIntegrationAPI]},
    errors=(400, 401, 404),
)
GET_CARD_TRANSACTIONS: Final = Operation(
    id="getLoyaltyCardTransactions",
    method="GET",
    path="/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/transactions",
    path_parameters=(
        _PROGRAM,
        _CARD,
    ),
    query=(
        _SUBLEDGERS,
        _ORIGIN,
        *_PERIOD,
        *_SOURCES,
        *_PAGE,
        _AWAITS_ACTIVATION,
    ),
    answers={200: lambda: models.MorePage[models.CardLedgerTransactionLogEntryIntegrationAPI]},
    errors=(400, 401, 404),
    checks=(awaits_activation_only_true,),
)
LINK_CARD: Final = Operation(
    id="linkLoyaltyCardToProfile",
    method="POST",
    path="/v2/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/link_profile",
    path_parameters=(
        _PROGRAM,
        _CARD,
    ),
    body=lambda: models.LoyaltyCardRegistration,
    answers={200: lambda: models.LoyaltyCard},
    errors=(400, 401, 404),
    lock_keys={"profile": "body.integration_id"},
)
UNLINK_CARD: Final = Operation(
    id="unlinkLoyaltyCardFromProfile",
    method="POST",
    path="/v2/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/unlink_profile",
    path_parameters=(
        _PROGRAM,
        _CARD,
    ),
    body=lambda: models.LoyaltyCardRegistration,
    answers={200: lambda: models.LoyaltyCard},
    errors=(400, 401, 404),
    lock_keys={"profile": "body.integration_id"},
)
GENERATE_CARD: Final = Operation(
    id="generateLoyaltyCard",
    method="POST",
    path="/v1/loyalty_programs/{loyaltyProgramId}/cards",
    path_parameters=(_PROGRAM,),
    body=lambda: models.GenerateLoyaltyCard,
    answers={200: lambda: models.LoyaltyCard},
    errors=(400, 401),
)
ACTIVATE_POINTS: Final = Operation(
    id="activateLoyaltyPoints",
    method="POST",
    path="/v1/loyalty_programs/{loyaltyProgramId}/activate_points",
    path_parameters=(_PROGRAM,),
    body=lambda: models.ActivateLoyaltyPoints,
    answers={200: lambda: models.ActivateLoyaltyPointsResponse},
    errors=(400, 401, 404),
    checks=(session_or_transactions,),
)
RESERVE_COUPON: Final = Operation(
    id="createCouponReservation",
    method="POST",
    path="/v1/coupon_reservations/{couponValue}",
    path_parameters=(_COUPON,),
    body=lambda: models.CouponReservations,
    answers={201: lambda: models.Coupon},
    errors=(400, 401, 404),
)
RELEASE_COUPON: Final = Operation(
    id="deleteCouponReservation",
    method="DELETE",
    path="/v1/coupon_reservations/{couponValue}",
    path_parameters=(_COUPON,),
    body=lambda: models.CouponReservations,
    answers={204: EMPTY},
    errors=(400, 401, 404),
    idempotent=True,  # names customers, and those not reserved for are left alone
)
GET_RESERVED_CUSTOMERS: Final = Operation(
    id="getReservedCustomers",
    method="GET",
    path="/v1/coupon_reservations/customerprofiles/{couponValue}",
    path_parameters=(_COUPON,),
    answers={200: lambda: models.CountedPage[models.CustomerProfile]},
    errors=(400, 401, 404),
)
CREATE_REFERRAL: Final = Operation(
    id="createReferral",
    method="POST",
    path="/v1/referrals",
    body=lambda: models.NewReferral,
    answers={201: lambda: models.Referral},
    errors=(400, 401),
    lock_keys={"profile": "body.advocate_profile_integration_id"},
)
CREATE_REFERRALS: Final[Operation[models.CountedPage[models.Referral] | None]] = Operation(
    id="createReferralsForMultipleAdvocates",
    method="POST",
    path="/v1/referrals_for_multiple_advocates",
    query=(_SILENT,),
    body=lambda: models.NewReferralsForMultipleAdvocates,
    answers={201: lambda: models.CountedPage[models.Referral], 204: EMPTY},
    errors=(400, 401),
)
CREATE_AUDIENCE: Final = Operation(
    id="createAudienceV2",
    method="POST",
    path="/v2/audiences",
    body=lambda: models.NewAudience,
    answers={201: lambda: models.Audience},
    errors=(400, 401, 409),
)
RENAME_AUDIENCE: Final = Operation(
    id="updateAudienceV2",
    method="PUT",
    path="/v2/audiences/{audienceId}",
    path_parameters=(_AUDIENCE,),
    body=lambda: models.UpdateAudience,
    answers={200: lambda: models.Audience},
    errors=(401, 404),
    idempotent=True,  # sets the name
)
DELETE_AUDIENCE: Final = Operation(
    id="deleteAudienceV2",
    method="DELETE",
    path="/v2/audiences/{audienceId}",
    path_parameters=(_AUDIENCE,),
    answers={204: EMPTY},
    errors=(400, 401, 404),
)
CLEAR_AUDIENCE: Final = Operation(
    id="deleteAudienceMembershipsV2",
    method="DELETE",
    path="/v2/audiences/{audienceId}/memberships",
    path_parameters=(_AUDIENCE,),
    answers={204: EMPTY},
    errors=(401, 404),
    idempotent=True,  # an empty audience stays empty
)
UPDATE_AUDIENCE_MEMBERS: Final = Operation(
    id="updateCustomerProfileAudiences",
    method="POST",
    path="/v2/customer_audiences",
    body=lambda: models.CustomerProfileAudienceRequest,
    answers={204: EMPTY},
    errors=(400, 401, 404),
    idempotent=True,  # each action says who is to be a member, whatever was before
    lock_keys={"profile": "body.data.profile_integration_id"},
)
UPDATE_AUDIENCE_ATTRIBUTES: Final = Operation(
    id="updateAudienceCustomersAttributes",
    method="PUT",
    path="/v2/audience_customers/{audienceId}/attributes",
    path_parameters=(_AUDIENCE,),
    body=lambda: dict[str, Any],
    answers={204: EMPTY},
    errors=(401, 404),
    idempotent=True,  # sets attributes
)
SYNC_CATALOG: Final = Operation(
    id="syncCatalog",
    method="PUT",
    path="/v1/catalogs/{catalogId}/sync",
    path_parameters=(Parameter("catalog_id", int),),
    body=lambda: models.CatalogSyncRequest,
    answers={200: lambda: models.Catalog},
    errors=(400, 401, 404),
    checks=(one_type_of_catalog_action, different_skus),
)
BEST_PRIOR_PRICES: Final = Operation(
    id="bestPriorPrice",
    method="POST",
    path="/v1/best_prior_price",
    body=lambda: models.BestPriorPriceRequest,
    answers={200: lambda: list[models.BestPriorPrice]},
    errors=(),
    idempotent=True,  # a read, though a POST
)
LIST_CAMPAIGNS: Final = Operation(
    id="integrationGetAllCampaigns",
    method="GET",
    path="/v1/integration/campaigns",
    query=(
        *_PAGE,
        Parameter("campaign_ids", list[str], style="comma"),
        Parameter("start_after", datetime),
        Parameter("start_before", datetime),
        Parameter("end_after", datetime),
        Parameter("end_before", datetime),
        Parameter("store_id", int),
        Parameter("audience_id", int),
    ),
    answers={200: lambda: models.MorePage[models.IntegrationCampaign]},
    errors=(400, 401, 404),
)

OPERATIONS: Final[Mapping[str, Operation[Any]]] = MappingProxyType(
    {
        operation.id: operation
        for operation in (
            UPDATE_CUSTOMER_SESSION,
            GET_CUSTOMER_SESSION,
            RETURN_CART_ITEMS,
            REOPEN_CUSTOMER_SESSION,
            UPDATE_CUSTOMER_PROFILE,
            UPDATE_CUSTOMER_PROFILES,
            GET_CUSTOMER_INVENTORY,
            DELETE_CUSTOMER_DATA,
            GET_CUSTOMER_ACHIEVEMENTS,
            GET_CUSTOMER_ACHIEVEMENT_HISTORY,
            TRACK_EVENT,
            TRACK_ADVANCED_EVENT,
            GET_ADVANCED_EVENT,
            GET_PROFILE_BALANCES,
            GET_PROFILE_POINTS,
            GET_PROFILE_TRANSACTIONS,
            DELETE_PROFILE_TRANSACTIONS,
            JOIN_LOYALTY_PROGRAM,
            GET_CARD_BALANCES,
            GET_CARD_POINTS,
            GET_CARD_TRANSACTIONS,
            LINK_CARD,
            UNLINK_CARD,
            GENERATE_CARD,
            ACTIVATE_POINTS,
            RESERVE_COUPON,
            RELEASE_COUPON,
            GET_RESERVED_CUSTOMERS,
            CREATE_REFERRAL,
            CREATE_REFERRALS,
            CREATE_AUDIENCE,
            RENAME_AUDIENCE,
            DELETE_AUDIENCE,
            CLEAR_AUDIENCE,
            UPDATE_AUDIENCE_MEMBERS,
            UPDATE_AUDIENCE_ATTRIBUTES,
            SYNC_CATALOG,
            BEST_PRIOR_PRICES,
            LIST_CAMPAIGNS,
        )
    }
)
"""Every operation, by its operationId."""
