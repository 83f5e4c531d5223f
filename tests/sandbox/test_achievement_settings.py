"""The settings of achievements: validation, and when their periods end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from talon_async.sandbox import Achievement
from talon_async.sandbox._domain.periods import check_period, next_end, period_end
from tests.sandbox.checked import checked_deployment

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def orders(**fields: Any) -> Achievement:
    """An achievement of 3 orders."""
    given: dict[str, Any] = {"id": 1, "name": "orders", "title": "Three orders", "target": 3.0}
    return Achievement(**given | fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "3 orders"}, "name: expected a letter"),
        ({"target": 0.0}, "target: expected more than 0"),
        ({"period": "soon"}, "period: expected a number"),
        ({"activation_policy": "fixed_schedule"}, "fixed_start_date"),
        ({"fixed_start_date": NOON}, "fixed_start_date"),
        ({"recurrence_policy": "on_expiration"}, "on_expiration requires one"),
        ({"recurrence_policy": "on_completion", "period": "1D"}, "on_completion: neither"),
    ],
)
def test_invalid_settings_are_errors(fields: dict[str, Any], message: str) -> None:
    """An invalid achievement raises `ValueError` on construction and names the argument."""
    with pytest.raises(ValueError, match=message):
        orders(**fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "taken"),
        ({"id": 2}, "taken"),
        ({"name": "visits"}, "taken"),
        ({"id": 2, "name": "visits", "campaign_id": 9}, "no campaign 9"),
    ],
)
def test_identifiers_and_names_are_unique(fields: dict[str, Any], message: str) -> None:
    """IDs and names are unique and the campaign exists. A reset keeps the configuration."""
    deployment = checked_deployment(achievements=[orders()])
    with pytest.raises(ValueError, match=message):
        deployment.add_achievement(orders(**fields))
    deployment.reset()
    assert list(deployment.application.achievements) == [1]


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("30s", datetime(2026, 1, 31, 15, 30, 30, tzinfo=UTC)),
        ("1.5h", datetime(2026, 1, 31, 17, tzinfo=UTC)),
        ("40m", datetime(2026, 1, 31, 16, 10, tzinfo=UTC)),
        ("5D", datetime(2026, 2, 5, 15, 30, tzinfo=UTC)),
        ("5D_D", datetime(2026, 2, 5, tzinfo=UTC)),
        ("5D_U", datetime(2026, 2, 5, 23, 59, 59, tzinfo=UTC)),
        ("1W_U", datetime(2026, 2, 8, 23, 59, 59, tzinfo=UTC)),
        ("1M", datetime(2026, 2, 28, 15, 30, tzinfo=UTC)),
        ("13M_U", datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)),
        ("2Y_U", datetime(2028, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_periods_follow_the_calendar(period: str, end: datetime) -> None:
    """Months and years keep the day where possible. ``_D`` and ``_U`` round down and up, in UTC."""
    start = datetime(2026, 1, 31, 17, 30, tzinfo=UTC) - timedelta(hours=2)
    check_period(period)
    assert period_end(start, period) == end
    assert next_end(start, period, start) == end
    later = next_end(start, period, end)
    assert later > end
    assert next_end(start, period, later - timedelta(seconds=1)) == later


@pytest.mark.parametrize("period", ["0D", "1.5M", "1h_U", "1W_D", "D", "5X", "5D_X", "-1D"])
def test_invalid_periods_are_errors(period: str) -> None:
    """A period is a positive number, a unit, and a rounding that the unit supports."""
    with pytest.raises(ValueError, match="period: expected"):
        check_period(period)
