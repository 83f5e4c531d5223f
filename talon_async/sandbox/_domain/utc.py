"""Moments: written in UTC as the service does, and with an offset wherever a deployment is set up."""

import contextlib
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from talon_async._codec.timestamps import write_timestamp

MOMENT: Final = "a date and time with an offset, such as 2026-05-01T12:00:00Z"


def is_moment(value: Any) -> bool:
    """Whether a value is a `datetime` with an offset."""
    return isinstance(value, datetime) and value.utcoffset() is not None


def check_moment(name: str, value: Any) -> None:
    """Check an argument that is a moment or `None`.

    Raises:
        ValueError: It is neither; the message names it.
    """
    if value is not None and not is_moment(value):
        raise ValueError(f"{name}: expected {MOMENT}, found {value!r}")


def moment_or_none(_instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Check a field that is a moment or `None`: a validator of attrs."""
    check_moment(attribute.name, value)


def write_in_utc(value: Any) -> Any:
    """Write a moment in UTC; all else stays as it is."""
    if value.__class__ is datetime and value.tzinfo is UTC:
        return value  # the JSON encoder writes it in the same form, in less time
    if isinstance(value, datetime) and value.tzinfo is not None:
        with contextlib.suppress(OverflowError):  # one of the first or last hours that a date can have
            value = value.astimezone(UTC)
    return write_timestamp(value)
