"""Dates in the set-up of a deployment in Python: each has an offset."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from talon_async.sandbox import Achievement, Campaign, CouponTerms, LoyaltyProgram
from tests.sandbox.checked import checked_deployment

NAIVE = datetime(2026, 5, 1, 12)


def _campaign(**fields: Any) -> Campaign:
    return Campaign(name="empty", rule=lambda _context: (), **fields)


def _coupon(**fields: Any) -> CouponTerms:
    return CouponTerms("WELCOME", **fields)


def _achievement(**fields: Any) -> Achievement:
    scheduled: dict[str, Any] = (
        {"activation_policy": "fixed_schedule"} if "fixed_start_date" in fields else {}
    )
    return Achievement(id=1, name="orders", title="Orders", target=1.0, **scheduled | fields)


def _program(**fields: Any) -> LoyaltyProgram:
    cycle: dict[str, Any] = {"tiers_expire_in": "1Y", "tiers_expiration_policy": "absolute_expiration"}
    return LoyaltyProgram(id=1, name="points", title="Points", **cycle | fields)


def _points(**fields: Any) -> None:
    checked_deployment().add_points("customer-7", 1.0, **fields)


@pytest.mark.parametrize("value", [NAIVE, date(2026, 5, 1), "2026-05-01T12:00:00Z"])
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (_campaign, "start_date"),
        (_campaign, "end_date"),
        (_coupon, "start_date"),
        (_coupon, "expiry_date"),
        (_achievement, "fixed_start_date"),
        (_achievement, "end_date"),
        (_program, "tier_cycle_start_date"),
        (_points, "start_date"),
        (_points, "expiry_date"),
    ],
)
def test_a_date_without_an_offset_is_refused(make: Callable[..., object], name: str, value: object) -> None:
    """A date without an offset, or another value, is refused with the name of its argument."""
    make(**{name: datetime(2026, 5, 1, 12, tzinfo=UTC)})
    with pytest.raises(ValueError, match=rf"^{name}: expected a date and time with an offset, such as "):
        make(**{name: value})
