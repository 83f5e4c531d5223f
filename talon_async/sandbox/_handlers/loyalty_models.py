"""Builds the models of balances, cards and a customer's loyalty data."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import attrs

from talon_async.models.loyalty import (
    LedgerInfo,
    Loyalty,
    LoyaltyBalance,
    LoyaltyBalanceWithTier,
    LoyaltyCard,
    LoyaltyCardProfileRegistration,
    LoyaltyProgramLedgers,
)
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.cards import LoyaltyCardRecord
from talon_async.sandbox._domain.loyalty.ledger import Ledger
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram
from talon_async.sandbox._domain.loyalty.tiers import projected_tier, standing


@attrs.define
class Change:
    """The change of a ledger if an open session closed now.

    Attributes:
        active: The change of active points: added less deducted ones.
        pending: The change of pending points.
    """

    active: float = 0.0
    pending: float = 0.0


Changes: TypeAlias = Mapping[tuple[int, str], Mapping[str, Change]]
"""The changes if an open session closed now, by program and holder, then by subledger."""


def loyalty_of(
    deployment: DeploymentView,
    profile_id: str,
    cards: list[LoyaltyCardRecord],
    now: datetime,
    changes: Changes,
) -> Loyalty:
    """Build the loyalty data of a customer in all programs.

    Args:
        deployment: The deployment.
        profile_id: The customer, by integration ID; empty if anonymous.
        cards: The cards to include.
        now: The time of the balances.
        changes: The changes if an open session closed now.
    """
    programs: dict[str, LoyaltyProgramLedgers] = {}
    numbers = dict.fromkeys(
        [
            *deployment.application.loyalty_programs,
            *deployment.store.points.accounts,
            *(program_id for program_id, _ in changes),
        ]
    )
    for number in numbers if profile_id else ():
        program = deployment.application.loyalty_program(number)
        if not program.card_based:
            account = deployment.current_account(program, profile_id)
            main, others = _infos(account, program, now, changes.get((number, profile_id), {}))
            programs[program.name] = LoyaltyProgramLedgers(
                id=program.id,
                title=program.title,
                name=program.name,
                join_date=account.joined,
                ledger=main,
                sub_ledgers=others,
            )
    return Loyalty(
        cards=[loyalty_card(deployment, card, now, changes) for card in cards] or None, programs=programs
    )


def loyalty_card(
    deployment: DeploymentView, card: LoyaltyCardRecord, now: datetime, changes: Changes | None = None
) -> LoyaltyCard:
    """Build the model of a card with its points.

    Args:
        deployment: The deployment.
        card: The card.
        now: The time of the balances.
        changes: The changes if an open session closed now.
    """
    program = deployment.application.loyalty_program(card.program_id)
    account = deployment.current_account(program, card.identifier)
    own_changes = (changes or {}).get((program.id, card.identifier), {})
    main, others = _infos(account, program, now, own_changes)
    return LoyaltyCard(
        id=card.id,
        created=card.created,
        program_id=program.id,
        program_name=program.name,
        program_title=program.title,
        status=card.status,
        identifier=card.identifier,
        users_per_card_limit=program.users_per_card_limit,
        profiles=registrations(card),
        ledger=main,
        subledgers=others,
        modified=card.modified,
    )


def registrations(card: LoyaltyCardRecord) -> list[LoyaltyCardProfileRegistration]:
    """The profiles linked to a card."""
    return [
        LoyaltyCardProfileRegistration(integration_id=profile_id, timestamp=linked)
        for profile_id, linked in card.profiles.items()
    ]


def balance(ledger: Ledger, moment: datetime) -> LoyaltyBalance:
    """The balance of a ledger at a time."""
    found = ledger.balance(moment)
    return LoyaltyBalance(
        active_points=found.active,
        pending_points=found.pending,
        spent_points=found.spent,
        expired_points=found.expired,
        negative_points=found.negative,
    )


def balance_with_tier(
    ledger: Ledger, program: LoyaltyProgram, moment: datetime, *, tiers: bool, projected: bool
) -> LoyaltyBalanceWithTier:
    """The balance of a ledger at a time, with its current tier.

    Args:
        ledger: The ledger.
        program: Its program.
        moment: The time of the balance.
        tiers: Whether to include the tier.
        projected: Whether to include the projected tier.
    """
    found = ledger.balance(moment)
    rank = standing(ledger, program, found.active) if tiers else None
    return LoyaltyBalanceWithTier(
        active_points=found.active,
        pending_points=found.pending,
        spent_points=found.spent,
        expired_points=found.expired,
        negative_points=found.negative,
        current_tier=rank.current if rank else None,
        points_to_next_tier=rank.to_next if rank else None,
        next_tier_name=rank.next_name if rank else None,
        projected_tier=projected_tier(ledger, program) if projected else None,
    )


def _infos(
    account: Account, program: LoyaltyProgram, now: datetime, changes: Mapping[str, Change]
) -> tuple[LedgerInfo, dict[str, LedgerInfo]]:
    """The main ledger, and the subledgers with points."""
    infos = {
        name: _info(account.ledgers.get(name, Ledger()), program, now, changes.get(name, Change()))
        for name in dict.fromkeys(["", *account.ledgers, *changes])
    }
    main = infos.pop("")
    return main, {name: info for name, info in infos.items() if not _is_zero(info)}


def _info(ledger: Ledger, program: LoyaltyProgram, now: datetime, change: Change) -> LedgerInfo:
    found = ledger.balance(now)
    rank = standing(ledger, program, found.active)
    after = amount(found.active + found.negative + change.active)
    return LedgerInfo(
        current_balance=found.active,
        pending_balance=found.pending,
        negative_balance=found.negative,
        expired_balance=0.0,
        spent_balance=0.0,
        tentative_current_balance=max(after, 0.0),
        tentative_pending_balance=amount(found.pending + change.pending),
        tentative_negative_balance=min(after, 0.0),
        current_tier=rank.current,
        points_to_next_tier=rank.to_next,
        next_tier_name=rank.next_name,
    )


def _is_zero(info: LedgerInfo) -> bool:
    return not any(
        (
            info.current_balance,
            info.pending_balance,
            info.negative_balance,
            info.tentative_current_balance,
            info.tentative_pending_balance,
            info.tentative_negative_balance,
        )
    )
