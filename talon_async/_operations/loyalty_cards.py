"""Loyalty programs for cards."""

from __future__ import annotations

from talon_async import models
from talon_async._operations.checks import awaits_activation_only_true
from talon_async._operations.operation import operation
from talon_async._operations.parameter import (
    CustomerSessionIds,
    Moment,
    PageSize,
    Skip,
    SubledgerIds,
    TransactionUuids,
)
from talon_async.models.base import UNSET, LoyaltyCardIdentifier, Unset


@operation(
    "getLoyaltyCardBalances",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/balances",
    errors=(400, 401, 404),
)
def GET_CARD_BALANCES(
    *,
    loyalty_program_id: int,
    loyalty_card_id: LoyaltyCardIdentifier,
    end_date: Moment = UNSET,
    subledger_ids: SubledgerIds = UNSET,
) -> models.LoyaltyCardBalances: ...


@operation(
    "getLoyaltyCardPoints",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/points",
    errors=(400, 401, 404),
)
def GET_CARD_POINTS(
    *,
    loyalty_program_id: int,
    loyalty_card_id: LoyaltyCardIdentifier,
    status: models.LoyaltyPointsStatus | str | Unset = UNSET,
    subledger_ids: SubledgerIds = UNSET,
    customer_session_ids: CustomerSessionIds = UNSET,
    transaction_uuids: TransactionUuids = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
    sort: models.LoyaltyPointsOrder | str | Unset = UNSET,
) -> models.MorePage[models.CardLedgerPointsEntryIntegrationAPI]: ...


@operation(
    "getLoyaltyCardTransactions",
    "GET",
    "/v1/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/transactions",
    errors=(400, 401, 404),
    checks=(awaits_activation_only_true,),
)
def GET_CARD_TRANSACTIONS(
    *,
    loyalty_program_id: int,
    loyalty_card_id: LoyaltyCardIdentifier,
    subledger_ids: SubledgerIds = UNSET,
    loyalty_transaction_type: models.LoyaltyTransactionOrigin | str | Unset = UNSET,
    start_date: Moment = UNSET,
    end_date: Moment = UNSET,
    customer_session_ids: CustomerSessionIds = UNSET,
    transaction_uuids: TransactionUuids = UNSET,
    page_size: PageSize = UNSET,
    skip: Skip = UNSET,
    awaits_activation: bool | Unset = UNSET,
) -> models.MorePage[models.CardLedgerTransactionLogEntryIntegrationAPI]: ...


@operation(
    "linkLoyaltyCardToProfile",
    "POST",
    "/v2/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/link_profile",
    errors=(400, 401, 404),
    lock_keys={"card": "loyalty_card_id", "profile": "body.integration_id"},
)
def LINK_CARD(
    body: models.LoyaltyCardRegistration,
    /,
    *,
    loyalty_program_id: int,
    loyalty_card_id: LoyaltyCardIdentifier,
) -> models.LoyaltyCard: ...


@operation(
    "unlinkLoyaltyCardFromProfile",
    "POST",
    "/v2/loyalty_programs/{loyaltyProgramId}/cards/{loyaltyCardId}/unlink_profile",
    errors=(400, 401, 404),
    lock_keys={"card": "loyalty_card_id", "profile": "body.integration_id"},
)
def UNLINK_CARD(
    body: models.LoyaltyCardRegistration,
    /,
    *,
    loyalty_program_id: int,
    loyalty_card_id: LoyaltyCardIdentifier,
) -> models.LoyaltyCard: ...
