"""The terms of achievements: what can be set up, and when their periods end."""

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
    ("fields", "words"),
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
def test_set_up_that_makes_no_sense_is_refused(fields: dict[str, Any], words: str) -> None:
    """An achievement that the service would not take is refused as it is made, naming the argument."""
    with pytest.raises(ValueError, match=words):
        orders(**fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "taken"),
        ({"id": 2}, "taken"),
        ({"name": "visits"}, "taken"),
        ({"id": 2, "name": "visits", "campaign_id": 9}, "no campaign 9"),
    ],
)
def test_achievements_of_a_deployment_differ(fields: dict[str, Any], words: str) -> None:
    """Numbers and names are unique, and the campaign is there; a reset keeps what is set up."""
    deployment = checked_deployment(achievements=[orders()])
    with pytest.raises(ValueError, match=words):
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
def test_periods_end_by_the_calendar(period: str, end: datetime) -> None:
    """Months and years keep the day where they can; ``_D`` and ``_U`` round down and up, in UTC."""
    start = datetime(2026, 1, 31, 17, 30, tzinfo=UTC) - timedelta(hours=2)
    check_period(period)
    assert period_end(start, period) == end
    assert next_end(start, period, start) == end
    later = next_end(start, period, end)
    assert later > end
    assert next_end(start, period, later - timedelta(seconds=1)) == later


@pytest.mark.parametrize("period", ["0D", "1.5M", "1h_U", "1W_D", "D", "5X", "5D_X", "-1D"])
def test_periods_of_other_forms_are_refused(period: str) -> None:
    """A period is a positive number and a unit, rounded only where the unit can be."""
    with pytest.raises(ValueError, match="period: expected"):
        check_period(period)
