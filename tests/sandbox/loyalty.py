"""Shared by the loyalty tests: dates, and campaigns that add or deduct points."""

from datetime import UTC, datetime, timedelta
from typing import Any

from talon_async import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
    NewCustomerSessionV2,
    TalonClient,
)
from talon_async.models import (
    EffectProps,
)
from talon_async.sandbox import Campaign, EvaluationContext
from tests.sandbox.support import props

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def day(days: float) -> datetime:
    """The time that many days after the start of the test."""
    return NOON + timedelta(days=days)


def earning(value: float, **fields: Any) -> Campaign:
    """A campaign that adds points on every evaluation."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        given: dict[str, Any] = {"name": "earn", "program_id": 1, "sub_ledger_id": "", "value": value}
        return [
            AddLoyaltyPointsEffectProps(
                **given | fields,
                recipient_integration_id="customer-7",
                transaction_uuid=context.new_uuid(),
            )
        ]

    return Campaign(name="earn", rule=rule)


async def close(talon: TalonClient, session: str, **fields: Any) -> list[EffectProps | None]:
    """Close a session without items, and return the properties of its effects."""
    state = await talon.sessions.update(
        session, NewCustomerSessionV2(profile_id="customer-7", state="closed", **fields)
    )
    return props(state.effects)


def spending(value: float, *, sub_ledger_id: str = "") -> Campaign:
    """A campaign that deducts points when a session with "spend" in its identifier closes."""

    def rule(context: EvaluationContext) -> list[EffectProps]:
        if not context.closing or not context.session or "spend" not in context.session.integration_id:
            return []
        return [
            DeductLoyaltyPointsEffectProps(
                rule_title="spend",
                program_id=1,
                sub_ledger_id=sub_ledger_id,
                value=value,
                transaction_uuid=context.new_uuid(),
                name="spend",
            )
        ]

    return Campaign(name="spend", rule=rule)
