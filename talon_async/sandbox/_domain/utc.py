"""Timestamps as the service writes them: in UTC."""

import contextlib
from datetime import UTC, datetime
from typing import Any

from talon_async._codec.timestamps import write_timestamp


def write_in_utc(value: Any) -> Any:
    """Write a moment in UTC; all else stays as it is."""
    if value.__class__ is datetime and value.tzinfo is UTC:
        return value  # the JSON encoder writes it in the same form, in less time
    if isinstance(value, datetime) and value.tzinfo is not None:
        with contextlib.suppress(OverflowError):  # one of the first or last hours that a date can have
            value = value.astimezone(UTC)
    return write_timestamp(value)
