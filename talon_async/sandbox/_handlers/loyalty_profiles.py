"""Handlers of profile-based loyalty programs: balances, transactions and membership."""

from datetime import datetime
from typing import Any

from talon_async.models.ledgers import (
    DeleteLoyaltyTransactionsRequest,
    LedgerPointsEntryIntegrationAPI,
    LedgerTransactionLogEntryIntegrationAPI,
    LoyaltyLedgerEntryFlags,
)
from talon_async.models.loyalty import LoyaltyBalancesWithTiers
from talon_async.models.pages import MorePage
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.ledger import Ledger
from talon_async.sandbox._domain.loyalty.listings import Selection, TransactionFilter, points, transactions
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.loyalty_lookups import require_profile_program
from talon_async.sandbox._handlers.loyalty_models import balance_with_tier


def get_balances(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    integration_id: str,
    end_date: datetime | None = None,
    subledger_id: str | None = None,
    include_tiers: bool = False,
    include_projected_tier: bool = False,
) -> LoyaltyBalancesWithTiers:
    """Get the balances at a time with the current tiers, of all or of one subledger."""
    program = require_profile_program(deployment, loyalty_program_id)
    ledgers = _account(deployment, loyalty_program_id, integration_id).ledgers
    ledgers = {"": Ledger()} | ledgers
    if subledger_id is not None:
        ledgers = {name: ledger for name, ledger in ledgers.items() if name == subledger_id}
    moment = end_date or deployment.clock.now()
    balances = {
        name: balance_with_tier(
            ledger, program, moment, tiers=include_tiers, projected=include_projected_tier
        )
        for name, ledger in ledgers.items()
    }
    return LoyaltyBalancesWithTiers(balance=balances.pop("", None), subledger_balances=balances)


def list_points(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    integration_id: str,
    status: str = "active",
    sort: str | None = None,
    page_size: int = 50,
    skip: int = 0,
    **selected: list[str],
) -> MorePage[LedgerPointsEntryIntegrationAPI]:
    """List the points left of a customer."""
    account = _account(deployment, loyalty_program_id, integration_id)
    found = points(account, loyalty_program_id, Selection(**selected), status=status, sort=sort)
    page = [LedgerPointsEntryIntegrationAPI(**fields) for _, fields in found[skip : skip + page_size]]
    return MorePage(has_more=len(found) > skip + page_size, data=page)


def list_transactions(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    integration_id: str,
    subledger_id: str | None = None,
    customer_session_ids: list[str] | None = None,
    transaction_uuids: list[str] | None = None,
    page_size: int = 50,
    skip: int = 0,
    **filters: Any,
) -> MorePage[LedgerTransactionLogEntryIntegrationAPI]:
    """List the transactions of a customer."""
    selection = Selection(
        subledger_ids=None if subledger_id is None else [subledger_id],
        customer_session_ids=customer_session_ids,
        transaction_uuids=transaction_uuids,
    )
    account = _account(deployment, loyalty_program_id, integration_id)
    found = transactions(account, loyalty_program_id, selection, TransactionFilter(**filters))
    page = [
        LedgerTransactionLogEntryIntegrationAPI(
            **fields,
            store_integration_id=entry.store_integration_id,
            flags=LoyaltyLedgerEntryFlags(creates_negative_balance=True)
            if entry.creates_negative_balance
            else None,
        )
        for entry, fields in found[skip : skip + page_size]
    ]
    return MorePage(has_more=len(found) > skip + page_size, data=page)


def delete_transactions(
    deployment: DeploymentView,
    body: DeleteLoyaltyTransactionsRequest,
    *,
    loyalty_program_id: int,
    integration_id: str,
) -> None:
    """Delete the ledgers of a customer; the membership stays."""
    ledgers = _account(deployment, loyalty_program_id, integration_id).ledgers
    chosen = list(ledgers) if body.scope == "AllSubledgers" else body.subledger_ids or ()
    for name in chosen:
        ledgers.pop(name, None)


def join_program(deployment: DeploymentView, *, loyalty_program_id: int, integration_id: str) -> None:
    """Add a customer to a program; an unknown profile is created."""
    program = require_profile_program(deployment, loyalty_program_id)
    if deployment.current_account(program, integration_id).joined is not None:
        raise ApiError(400, f"The customer profile {integration_id!r} has joined the program already")
    now = deployment.clock.now()
    deployment.store.get_or_create_profile(integration_id, now)
    deployment.store.points.open(program.id, integration_id).join(program, now)


def _account(deployment: DeploymentView, program_id: int, integration_id: str) -> Account:
    program = require_profile_program(deployment, program_id)
    deployment.store.require_profile(integration_id)
    return deployment.current_account(program, integration_id)
