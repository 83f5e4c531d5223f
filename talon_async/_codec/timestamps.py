"""Timestamps as RFC 3339 writes them: with an offset, and with up to nanoseconds that `datetime` cuts off."""

from datetime import datetime
from typing import Any

_DATE_AND_TIME = 19  # the length of 2026-05-01T12:00:00


def read_timestamp(value: Any) -> Any:
    """Read an RFC 3339 timestamp; anything else is given back as it came.

    Digits after the microseconds are dropped. A text without an offset names no moment and stays text.
    """
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return value if moment.tzinfo is None or len(value) < _DATE_AND_TIME else moment


def write_timestamp(value: Any) -> Any:
    """Write a moment with its offset, ``Z`` for UTC; all else, a naive `datetime` too, stays as it is."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value
    text = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def is_timestamp(value: Any) -> bool:
    """Tell whether a value is the text of an RFC 3339 timestamp."""
    return isinstance(value, str) and isinstance(read_timestamp(value), datetime)
