"""The examples' types: calls, their expected requests, and values that are hard to encode."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import attrs

from talon_async import TalonClient

Call = Callable[[TalonClient], Awaitable[object]]


@attrs.frozen(eq=False)
class Example:
    """A call and its expected request.

    Attributes:
        call: The call.
        parameters: The parameters in path and query, by their wire names, as JSON values.
        body: The body as JSON; `None` if there is none.
    """

    call: Call
    parameters: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    body: Any = None


@attrs.frozen
class Calls:
    """Example calls of one operation.

    Attributes:
        minimal: A call with the required arguments only.
        full: Calls that together use every argument; several if some arguments exclude each other.
    """

    minimal: Example
    full: tuple[Example, ...]

    @property
    def all(self) -> tuple[Example, ...]:
        """Each example once."""
        return tuple(dict.fromkeys((self.minimal, *self.full)))


def both(example: Example) -> Calls:
    """The calls of an operation without optional arguments."""
    return Calls(minimal=example, full=(example,))


ODD: Final = "7/a b?c=d&e,f+#%41'!;\u00e4\u2603"
"""A text with characters that are special in URLs, and non-ASCII ones."""
CARD: Final = "CARD-7.%2F+@_"
"""A loyalty card identifier with the special characters that it can have."""
MAY: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
JUNE: Final = datetime(2026, 6, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
MAY_TEXT: Final = "2026-05-01T12:00:00Z"
JUNE_TEXT: Final = "2026-06-01T14:30:00+02:00"
UUIDS: Final = ["3c11c6ba-9a1b-4a3d-8a5c-0b6d0c3f4a01", "3c11c6ba-9a1b-4a3d-8a5c-0b6d0c3f4a02"]
