"""The handler that activates pending points."""

from talon_async.models.ledgers import (
    ActivateLoyaltyPoints,
    ActivateLoyaltyPointsResponse,
    LoyaltyLedgerEntry,
)
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.loyalty_lookups import require_program


def activate_points(
    deployment: DeploymentView, body: ActivateLoyaltyPoints, *, loyalty_program_id: int
) -> ActivateLoyaltyPointsResponse:
    """Activate points that await it; none if one of the transactions has no such points."""
    program = require_program(deployment, loyalty_program_id)
    now = deployment.clock.now()
    uuids = body.transaction_uuids or ()
    found = [
        (holder, account, name, ledger.entries[number])
        for holder, account in deployment.store.points.accounts.get(program.id, {}).items()
        for name, ledger in account.ledgers.items()
        for number in ledger.pending
        if ledger.entries[number].awaits_activation
        and ledger.entries[number].status(now) == "pending"
        and (
            ledger.entries[number].transaction_uuid in uuids
            or ledger.entries[number].session_id == body.session_id
        )
    ]
    missing = set(uuids) - {entry.transaction_uuid for *_, entry in found}
    if missing or not found:
        what = (
            f"the transactions {', '.join(sorted(missing))}"
            if missing
            else f"the session {body.session_id!r}"
        )
        raise ApiError(404, f"No points await their activation in {what}")
    rows: list[LoyaltyLedgerEntry] = []
    for holder, account, name, entry in found:
        account.advance_to(program, now)
        account.activate(program, name, entry.number, now)
        card = deployment.store.loyalty_cards.get(program.id, {}).get(holder)
        rows.append(
            LoyaltyLedgerEntry(
                created=entry.created,
                program_id=program.id,
                customer_profile_id=entry.profile_id or None,
                card_id=card.id if card else None,
                customer_session_id=entry.session_id,
                event_id=entry.event_id,
                type=entry.type,
                amount=entry.points,
                start_date=entry.start_date,
                expiry_date=entry.expiry_date,
                name=entry.name,
                sub_ledger_id=name,
                validity_duration=entry.validity_duration,
            )
        )
    return ActivateLoyaltyPointsResponse(ledger_entries=rows)
