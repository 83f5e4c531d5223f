"""Periods such as ``30D``, ``1Y``, or ``23W_U``, which ends with the week; in UTC."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Final

_FORM: Final = re.compile(r"(\d+(?:\.\d+)?)([smhDWMY])(_D|_U)?")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "D": 86_400, "W": 604_800}
_LONGEST_SECONDS: Final = {**_SECONDS, "M": 31 * 86_400, "Y": 366 * 86_400}


def check_period(period: str) -> None:
    """Check the form of a period.

    Raises:
        ValueError: The form is not valid.
    """
    number, unit, rounding = _read(period)
    if number <= 0 or (unit in "MY" and number % 1):
        raise ValueError(f"period: expected a positive number, whole for M and Y, found {period!r}")
    if (rounding == "_D" and unit != "D") or (rounding == "_U" and unit in "smh"):
        raise ValueError(f"period: expected _D after days only and _U after D, W, M or Y, found {period!r}")


def period_end(start: datetime, period: str, times: int = 1) -> datetime:
    """Compute the end of a period.

    Args:
        start: When it starts.
        period: A number and a unit (``s``, ``m`` for minutes, ``h``, ``D``, ``W``, ``M`` for months, ``Y``),
            with ``_D`` to round down to the start of that day, or ``_U`` to round up to the end of that day,
            week, month or year.
        times: How many consecutive periods to add; only the last end is rounded.
    """
    number, unit, rounding = _read(period)
    start = start.astimezone(UTC)
    if unit in "MY":
        end = _months_later(start, times * int(number) * (12 if unit == "Y" else 1))
    else:
        end = start + timedelta(seconds=times * number * _SECONDS[unit])
    if rounding is None:
        return end
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if rounding == "_D" else _last_moment(midnight, unit)


def next_end(start: datetime, period: str, now: datetime) -> datetime:
    """Compute the end of the current period in a series of consecutive ones.

    Args:
        start: When the first period starts.
        period: The length of each, as in `period_end`.
        now: The time.
    """
    number, unit, _ = _read(period)
    longest = number * _LONGEST_SECONDS[unit]
    times = max(1, int((now - start).total_seconds() / longest))
    while (end := period_end(start, period, times)) <= now:
        times += 1
    return end


def _read(period: str) -> tuple[float, str, str | None]:
    match = _FORM.fullmatch(period)
    if match is None:
        raise ValueError(f"period: expected a number and a unit such as 30D, 1Y or 23W_U, found {period!r}")
    number, unit, rounding = match.groups()
    return float(number), unit, rounding


def _months_later(start: datetime, months: int) -> datetime:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


def _last_moment(midnight: datetime, unit: str) -> datetime:
    """The last second of the day, week, month or year that a midnight is in."""
    match unit:
        case "D":
            days = 1
        case "W":
            days = 7 - midnight.weekday()
        case "M":
            days = calendar.monthrange(midnight.year, midnight.month)[1] - midnight.day + 1
        case _:
            days = (datetime(midnight.year + 1, 1, 1, tzinfo=UTC) - midnight).days
    return midnight + timedelta(days=days, seconds=-1)
