"""Loyalty programs for profiles."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.checks import awaits_activation_only_true, subledgers_fit_scope
from talon_async._operations.operation import operation
from talon_async._operations.parameter import (
    CustomerSessionIds,
    Moment,
    PageSize,
    Skip,
    SubledgerIds,
    TransactionUuids,
)
from talon_async.models.base import UNSET, Unset


@operation(
    "getLoyaltyBalances",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/balances",
    errors=(400, 401, 404),
)
def GET_PROFILE_BALANCES(
    *,
    loyalty_program_id: int,
    integration_id: str,
    end_date: Moment = UNSET,
    subledger_id: str | Unset = UNSET,
    include_tiers: bool | Unset = UNSET,
    include_projected_tier: bool | Unset = UNSET,
) -> models.LoyaltyBalancesWithTiers: ...


@operation(
    "getLoyaltyProgramProfilePoints",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/points",
    errors=(400, 401, 404),
)
def GET_PROFILE_POINTS(
    *,
    loyalty_program_id: int,
    integration_id: str,
    status: models.LoyaltyPointsStatus | str | Unset = UNSET,
    subledger_ids: SubledgerIds = UNSET,
    customer_session_ids: CustomerSessionIds = UNSET,
    transaction_uuids: TransactionUuids = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
    sort: models.LoyaltyPointsOrder | str | Unset = UNSET,
) -> models.MorePage[models.LedgerPointsEntryIntegrationAPI]: ...


@operation(
    "getLoyaltyProgramProfileTransactions",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/transactions",
    errors=(400, 401, 404),
    checks=(awaits_activation_only_true,),
)
def GET_PROFILE_TRANSACTIONS(
    *,
    loyalty_program_id: int,
    integration_id: str,
    customer_session_ids: CustomerSessionIds = UNSET,
    transaction_uuids: TransactionUuids = UNSET,
    subledger_id: str | Unset = UNSET,
    loyalty_transaction_type: models.LoyaltyTransactionOrigin | str | Unset = UNSET,
    start_date: Moment = UNSET,
    end_date: Moment = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
    awaits_activation: bool | Unset = UNSET,
) -> models.MorePage[models.LedgerTransactionLogEntryIntegrationAPI]: ...


@operation(
    "deleteLoyaltyTransactionsFromLedgers",
    "POST",
    "/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/delete_transactions",
    success=(204,),
    errors=(400, 401, 404),
    lock_keys={"profile": "integration_id"},
    checks=(subledgers_fit_scope,),
)
def DELETE_PROFILE_TRANSACTIONS(
    body: models.DeleteLoyaltyTransactionsRequest,
    /,
    *,
    loyalty_program_id: int,
    integration_id: str,
) -> None: ...


@operation(
    "joinLoyaltyProgram",
    "POST",
    "/v1/loyalty_programs/{loyaltyProgramId}/profile/{integrationId}/join",
    errors=(400, 401, 404),
    lock_keys={"profile": "integration_id"},
)
def JOIN_LOYALTY_PROGRAM(
    *,
    loyalty_program_id: int,
    integration_id: str,
) -> None: ...
