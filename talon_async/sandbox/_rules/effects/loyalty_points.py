"""Appliers of loyalty points: added, deducted, rolled back, and with new expiry dates."""

from collections.abc import Callable
from datetime import datetime

import attrs

from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    ChangeLoyaltyTierLevelEffectProps,
    DeductLoyaltyPointsEffectProps,
    ExtendLoyaltyPointsExpiryDateEffectProps,
    LoyaltyLedgerEntryExpiryDateChange,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
    SetLoyaltyPointsExpiryDateEffectProps,
)
from talon_async.models.effects import EffectProps
from talon_async.models.ledgers import LedgerTransactionType
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.loyalty.accounts import Account
from talon_async.sandbox._domain.loyalty.entries import PointsEntry
from talon_async.sandbox._domain.loyalty.programs import LoyaltyProgram, with_dates
from talon_async.sandbox._domain.periods import period_end
from talon_async.sandbox._rules.loyalty_holders import find_holder


def add_points(
    deployment: DeploymentView, context: EvaluationContext, props: AddLoyaltyPointsEffectProps
) -> tuple[EffectProps, ...] | None:
    """Book added points; a tier change that they cause follows as an effect."""
    program = deployment.application.loyalty_program(props.program_id)
    holder = _holder(deployment, context, props, props.recipient_integration_id)
    if holder is None or props.value <= 0 or not _is_active(deployment, program, holder):
        return None
    props = with_dates(program, props, context.now)
    if program.card_based:
        props = attrs.evolve(props, card_identifier=holder)
    entry = _entry(
        deployment, context, "addition", props.transaction_uuid, points=props.value, name=props.name
    )
    entry.profile_id = props.recipient_integration_id
    entry.start_date, entry.expiry_date = props.start_date, props.expiry_date
    entry.awaits_activation = bool(props.awaits_activation)
    entry.validity_duration = props.validity_duration
    account = deployment.store.points.open(program.id, holder)
    account.advance_to(program, context.now)
    before = account.tier(props.sub_ledger_id)
    account.book(program, props.sub_ledger_id, entry)
    after = account.tier(props.sub_ledger_id)
    if after is None or after == before:
        return (props,)
    tier_change = ChangeLoyaltyTierLevelEffectProps(
        rule_title=props.name,
        program_id=program.id,
        sub_ledger_id=props.sub_ledger_id,
        previous_tier_name=program.tiers[before.level].name if before else None,
        new_tier_name=program.tiers[after.level].name,
        expiry_date=after.end,
    )
    return props, tier_change


def deduct_points(
    deployment: DeploymentView, context: EvaluationContext, props: DeductLoyaltyPointsEffectProps
) -> DeductLoyaltyPointsEffectProps | None:
    """Book deducted points, even if the balance becomes negative."""
    program = deployment.application.loyalty_program(props.program_id)
    holder = _holder(deployment, context, props, context.profile_id)
    if holder is None or props.value <= 0 or not _is_active(deployment, program, holder):
        return None
    if program.card_based:
        props = attrs.evolve(props, card_identifier=holder)
    entry = _entry(
        deployment, context, "subtraction", props.transaction_uuid, points=props.value, name=props.name
    )
    deployment.store.points.open(program.id, holder).book(program, props.sub_ledger_id, entry)
    return props


def roll_back_added_points(
    deployment: DeploymentView, context: EvaluationContext, props: RollbackAddedLoyaltyPointsEffectProps
) -> None:
    """Deduct added points again; where they are spent, other points are deducted."""
    found = _find_rolled_back(deployment, context, props, "addition")
    if found is not None:
        account, first = found
        entry = _entry(
            deployment, context, "subtraction", props.transaction_uuid, points=props.value, name=first.name
        )
        entry.reverses = first.number
        account.book(deployment.application.loyalty_program(props.program_id), props.sub_ledger_id, entry)


def roll_back_deducted_points(
    deployment: DeploymentView, context: EvaluationContext, props: RollbackDeductedLoyaltyPointsEffectProps
) -> RollbackDeductedLoyaltyPointsEffectProps | None:
    """Return deducted points, with the expiry dates of the points they were paid from."""
    found = _find_rolled_back(deployment, context, props, "subtraction")
    if found is None:
        return None
    account, first = found
    program = deployment.application.loyalty_program(props.program_id)
    account.advance_to(program, context.now)
    sources = account.ledgers[props.sub_ledger_id].sources(first.number, props.value)
    for expiry_date, points in sources.items():
        entry = _entry(
            deployment, context, "addition", props.transaction_uuid, points=amount(points), name=first.name
        )
        entry.reverses, entry.expiry_date = first.number, expiry_date
        account.book(program, props.sub_ledger_id, entry)
    # An effect has room for one date only.
    return attrs.evolve(props, expiry_date=next(iter(sources))) if len(sources) == 1 else None


def extend_expiry_dates(
    deployment: DeploymentView, context: EvaluationContext, props: ExtendLoyaltyPointsExpiryDateEffectProps
) -> ExtendLoyaltyPointsExpiryDateEffectProps:
    """Extend the expiry dates of points that have one and are not expired."""

    def extend(expiry_date: datetime | None) -> datetime | None:
        if expiry_date is None or props.extension_duration == "immediate":
            return expiry_date
        return period_end(expiry_date, props.extension_duration)

    return attrs.evolve(props, affected_transactions=_change_expiry_dates(deployment, context, props, extend))


def set_expiry_dates(
    deployment: DeploymentView, context: EvaluationContext, props: SetLoyaltyPointsExpiryDateEffectProps
) -> SetLoyaltyPointsExpiryDateEffectProps:
    """Set the expiry date of all points that are not expired."""
    changes = _change_expiry_dates(deployment, context, props, lambda _: props.new_expiry_date)
    return attrs.evolve(props, affected_transactions=changes)


def _change_expiry_dates(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: ExtendLoyaltyPointsExpiryDateEffectProps | SetLoyaltyPointsExpiryDateEffectProps,
    redate: Callable[[datetime | None], datetime | None],
) -> list[LoyaltyLedgerEntryExpiryDateChange]:
    """Change the expiry dates in a ledger of the customer or the session's card; return the changes."""
    holder = find_holder(
        deployment,
        props.program_id,
        profile_id=context.profile_id,
        card_identifier=None,
        session=context.session,
    )
    account = deployment.store.points.find(props.program_id, holder) if holder else None
    if account is None or props.sub_ledger_id not in account.ledgers:
        return []
    account.advance_to(deployment.application.loyalty_program(props.program_id), context.now)
    ledger = account.ledgers[props.sub_ledger_id]
    changes: list[LoyaltyLedgerEntryExpiryDateChange] = []
    for number in [*ledger.active, *ledger.pending]:
        entry = ledger.entries[number]
        previous, new = entry.expiry_date, redate(entry.expiry_date)
        if new is not None and new != previous:
            entry.expiry_date = new
            ledger.reschedule(number, context.now)
            changes.append(
                LoyaltyLedgerEntryExpiryDateChange(
                    transaction_uuid=entry.transaction_uuid,
                    previous_expiry_date=previous,
                    new_expiry_date=new,
                )
            )
    return changes


def _holder(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: AddLoyaltyPointsEffectProps
    | DeductLoyaltyPointsEffectProps
    | RollbackAddedLoyaltyPointsEffectProps
    | RollbackDeductedLoyaltyPointsEffectProps,
    profile_id: str,
) -> str | None:
    return find_holder(
        deployment,
        props.program_id,
        profile_id=profile_id,
        card_identifier=props.card_identifier,
        session=context.session,
    )


def _is_active(deployment: DeploymentView, program: LoyaltyProgram, holder: str) -> bool:
    return not program.card_based or deployment.store.loyalty_cards[program.id][holder].status == "active"


def _entry(
    deployment: DeploymentView,
    context: EvaluationContext,
    kind: LedgerTransactionType,
    transaction_uuid: str,
    *,
    points: float,
    name: str,
) -> PointsEntry:
    return PointsEntry(
        number=deployment.store.next_id("loyalty transaction"),
        transaction_uuid=transaction_uuid,
        type=kind,
        points=points,
        name=name,
        created=context.now,
        profile_id=context.profile_id,
        session_id=_session_id(context),
        store_integration_id=context.event.store_integration_id,
        event_id=context.event.id,
    )


def _session_id(context: EvaluationContext) -> str | None:
    return context.session.integration_id if context.session else None


def _find_rolled_back(
    deployment: DeploymentView,
    context: EvaluationContext,
    props: RollbackAddedLoyaltyPointsEffectProps | RollbackDeductedLoyaltyPointsEffectProps,
    kind: LedgerTransactionType,
) -> tuple[Account, PointsEntry] | None:
    """Find the entry to roll back; `None` if its ledger was deleted."""
    holder = _holder(deployment, context, props, props.recipient_integration_id)
    account = deployment.store.points.find(props.program_id, holder) if holder else None
    ledger = account.ledgers.get(props.sub_ledger_id) if account else None
    first = ledger.find(kind, props.transaction_uuid, _session_id(context)) if ledger else None
    return (account, first) if account and first else None
