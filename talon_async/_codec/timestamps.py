"""Timestamps as RFC 3339 writes them: with an offset, and with up to nanoseconds that `datetime` cuts off."""

from datetime import date, datetime
from typing import Any

_DATE_AND_TIME = 19  # the length of 2026-05-01T12:00:00
_SEPARATORS = frozenset({"--T", "--t", "-- "})  # those of its date, and the one before its time


def read_timestamp(value: Any) -> Any:
    """Read an RFC 3339 timestamp; anything else is given back as it came.

    Digits after the microseconds are dropped. A text without an offset names no moment and stays text.
    """
    try:
        moment = datetime.fromisoformat(value)
    except TypeError:
        return value
    except ValueError:
        # Python reads the ``Z`` of UTC in upper case only.
        in_upper_case = read_timestamp(f"{value[:-1]}Z") if value[-1:] == "z" else None
        return in_upper_case if isinstance(in_upper_case, datetime) else value
    # Python also reads ISO 8601's other forms: dates alone, dates by week, and dates without hyphens.
    if moment.tzinfo is None or len(value) < _DATE_AND_TIME or value[4:11:3] not in _SEPARATORS:
        return value
    return moment


def write_timestamp(value: Any) -> Any:
    """Write a moment with its offset, ``Z`` for UTC; all else, a naive `datetime` too, stays as it is."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value
    text = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def is_date(value: Any) -> bool:
    """Whether a value is the text of a date alone, such as 2026-05-01."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_timestamp(value: Any) -> bool:
    """Tell whether a value is the text of an RFC 3339 timestamp."""
    return isinstance(value, str) and isinstance(read_timestamp(value), datetime)
