"""Timestamps in RFC 3339: with an offset, and with up to nanoseconds, which `datetime` truncates."""

from datetime import date, datetime
from typing import Any, Final

_parse: Final = datetime.fromisoformat  # looked up once: decoding calls it for every timestamp

_SEPARATORS: Final = slice(4, 17, 3)
"""Where 2026-05-01T12:00:00 has its hyphens, its T and its colons."""

_SEPARATED: Final = ("--T::", "--t::", "-- ::")


def read_timestamp(value: Any) -> Any:
    """Parse an RFC 3339 timestamp; any other value is returned unchanged.

    Digits after the microseconds are dropped. A text without an offset is not a timestamp and is returned
    unchanged.
    """
    try:
        moment = _parse(value)
    except TypeError:
        return value
    except ValueError:
        # Python reads the ``Z`` of UTC in upper case only.
        read = read_timestamp(f"{value[:-1]}Z") if value[-1:] == "z" else None
        return read if isinstance(read, datetime) else value
    # Python also reads ISO 8601's other forms: dates alone, dates by week, without seconds or separators.
    return moment if value[_SEPARATORS] in _SEPARATED and moment.tzinfo is not None else value


def write_timestamp(value: Any) -> Any:
    """Format a `datetime` with its offset, ``Z`` for UTC.

    Any other value, a naive `datetime` included, is returned unchanged.
    """
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
    """Whether a value is the text of an RFC 3339 timestamp."""
    return isinstance(value, str) and isinstance(read_timestamp(value), datetime)
