"""Handlers of loyalty cards: generation, links to profiles, balances and transactions."""

from datetime import datetime
from typing import Any

from talon_async.models.ledgers import (
    CardLedgerPointsEntryIntegrationAPI,
    CardLedgerTransactionLogEntryIntegrationAPI,
)
from talon_async.models.loyalty import (
    GenerateLoyaltyCard,
    LoyaltyCard,
    LoyaltyCardBalances,
    LoyaltyCardRegistration,
)
from talon_async.models.pages import MorePage
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord, new_identifier
from talon_async.sandbox._domain.loyalty.ledger import Ledger
from talon_async.sandbox._domain.loyalty.listings import Selection, TransactionFilter, points, transactions
from talon_async.sandbox._errors import bad_field
from talon_async.sandbox._handlers.loyalty_lookups import require_card, require_card_program
from talon_async.sandbox._handlers.loyalty_models import balance, loyalty_card, registrations


def generate_card(
    deployment: DeploymentView, body: GenerateLoyaltyCard, *, loyalty_program_id: int
) -> LoyaltyCard:
    """Generate a card with a given or generated identifier, and link it to profiles."""
    program = require_card_program(deployment, loyalty_program_id, missing=400)
    cards = deployment.store.loyalty_cards.get(program.id, {})
    if body.card_identifier and body.card_identifier in cards:
        raise bad_field("/cardIdentifier", f"there is a card {body.card_identifier!r} already")
    profiles = list(dict.fromkeys(body.customer_profile_ids or ()))
    for index, profile_id in enumerate(profiles):
        if profile_id not in deployment.store.profiles:
            raise bad_field(f"/customerProfileIds/{index}", f"there is no customer profile {profile_id!r}")
    limit = program.users_per_card_limit
    if 0 < limit < len(profiles):
        raise bad_field("/customerProfileIds", f"expected at most {limit}, found {len(profiles)}")
    now = deployment.clock.now()
    card = LoyaltyCardRecord(
        id=deployment.store.next_id("loyalty card"),
        identifier=body.card_identifier or new_identifier(deployment.store.new_random(), cards),
        program_id=program.id,
        created=now,
        modified=now,
        status=body.status or "active",
        profiles=dict.fromkeys(profiles, now),
    )
    deployment.store.loyalty_cards.setdefault(program.id, {})[card.identifier] = card
    return loyalty_card(deployment, card, now)


def link_card(
    deployment: DeploymentView,
    body: LoyaltyCardRegistration,
    *,
    loyalty_program_id: int,
    loyalty_card_id: str,
) -> LoyaltyCard:
    """Link a card to a profile, within the limit of profiles per card."""
    program = require_card_program(deployment, loyalty_program_id)
    card = require_card(deployment, program, loyalty_card_id)
    deployment.store.require_profile(body.integration_id)
    if body.integration_id in card.profiles:
        raise bad_field("/integrationId", "the card is linked to this customer profile already")
    limit = program.users_per_card_limit
    if 0 < limit <= len(card.profiles):
        raise bad_field("/integrationId", f"the card is linked to {limit} customer profiles, its limit")
    now = deployment.clock.now()
    card.profiles[body.integration_id] = card.modified = now
    return loyalty_card(deployment, card, now)


def unlink_card(
    deployment: DeploymentView,
    body: LoyaltyCardRegistration,
    *,
    loyalty_program_id: int,
    loyalty_card_id: str,
) -> LoyaltyCard:
    """Unlink a card from a profile; the points stay on the card."""
    card = require_card(deployment, require_card_program(deployment, loyalty_program_id), loyalty_card_id)
    if body.integration_id not in card.profiles:
        raise bad_field("/integrationId", "the card is not linked to this customer profile")
    del card.profiles[body.integration_id]
    card.modified = deployment.clock.now()
    return loyalty_card(deployment, card, card.modified)


def get_balances(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    loyalty_card_id: str,
    end_date: datetime | None = None,
    subledger_ids: list[str] | None = None,
) -> LoyaltyCardBalances:
    """Get the balances of a card at a time, of all or of named subledgers."""
    card, account = _account(deployment, loyalty_program_id, loyalty_card_id)
    moment = end_date or deployment.clock.now()
    balances = {
        name: balance(ledger, moment)
        for name, ledger in ({"": Ledger()} | account.ledgers).items()
        if subledger_ids is None or name in subledger_ids
    }
    return LoyaltyCardBalances(
        balance=balances.pop("", None), subledger_balances=balances, profiles=registrations(card)
    )


def list_points(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    loyalty_card_id: str,
    status: str = "active",
    sort: str | None = None,
    page_size: int = 50,
    skip: int = 0,
    **selected: list[str],
) -> MorePage[CardLedgerPointsEntryIntegrationAPI]:
    """List the points left on a card."""
    _, account = _account(deployment, loyalty_program_id, loyalty_card_id)
    found = points(account, loyalty_program_id, Selection(**selected), status=status, sort=sort)
    page = [
        CardLedgerPointsEntryIntegrationAPI(**fields, customer_profile_id=entry.profile_id or None)
        for entry, fields in found[skip : skip + page_size]
    ]
    return MorePage(has_more=len(found) > skip + page_size, data=page)


def list_transactions(
    deployment: DeploymentView,
    *,
    loyalty_program_id: int,
    loyalty_card_id: str,
    subledger_ids: list[str] | None = None,
    customer_session_ids: list[str] | None = None,
    transaction_uuids: list[str] | None = None,
    page_size: int = 50,
    skip: int = 0,
    **filters: Any,
) -> MorePage[CardLedgerTransactionLogEntryIntegrationAPI]:
    """List the transactions of a card."""
    selection = Selection(
        subledger_ids=subledger_ids,
        customer_session_ids=customer_session_ids,
        transaction_uuids=transaction_uuids,
    )
    card, account = _account(deployment, loyalty_program_id, loyalty_card_id)
    found = transactions(account, loyalty_program_id, selection, TransactionFilter(**filters))
    page = [
        CardLedgerTransactionLogEntryIntegrationAPI(**fields, card_identifier=card.identifier)
        for _, fields in found[skip : skip + page_size]
    ]
    return MorePage(has_more=len(found) > skip + page_size, data=page)


def _account(deployment: DeploymentView, program_id: int, card_id: str) -> tuple[LoyaltyCardRecord, Account]:
    program = require_card_program(deployment, program_id)
    card = require_card(deployment, program, card_id)
    return card, deployment.current_account(program, card.identifier)
