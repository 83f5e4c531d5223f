"""Example calls of every operation through the public client, by operation ID."""

from typing import Final

from tests.calls import audiences, catalogs, codes, events, loyalty, profiles, sessions
from tests.calls.example import Call, Calls, Example

__all__ = ["CALLS", "Call", "Calls", "Example"]

CALLS: Final[dict[str, Calls]] = {
    **sessions.CALLS,
    **profiles.CALLS,
    **events.CALLS,
    **loyalty.CALLS,
    **codes.CALLS,
    **audiences.CALLS,
    **catalogs.CALLS,
}
"""The calls of each operation."""
