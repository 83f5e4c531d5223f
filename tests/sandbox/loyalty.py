"""What the tests of loyalty share: a moment, and campaigns that move points."""

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
    """The moment so many days after the test begins."""
    return NOON + timedelta(days=days)


def earning(value: float, **fields: Any) -> Campaign:
    """A campaign that gives points as a session closes."""

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
    """Close a session without items, and give what came of it."""
    state = await talon.sessions.update(
        session, NewCustomerSessionV2(profile_id="customer-7", state="closed", **fields)
    )
    return props(state.effects)


def spending(value: float, *, sub_ledger_id: str = "") -> Campaign:
    """A campaign that spends points as a session closes that is named after it."""

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
