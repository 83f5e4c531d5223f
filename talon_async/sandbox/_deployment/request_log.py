"""Recorded calls, for logs, the dashboard and tests."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import attrs

MAX_CALLS: Final = 1000
MAX_BYTES: Final = 64 * 2**20


@attrs.frozen(kw_only=True)
class RecordedCall:
    """A call and its response, without the API key.

    Attributes:
        number: Its number; the first call of a deployment has 1.
        moment: When it was received, by the deployment's clock.
        method: The HTTP method.
        target: The raw path and query.
        operation: The operationId; `None` without a matching operation or a valid API key.
        status: The HTTP status; `None` if the connection was dropped.
        headers: The header fields of the request, by name in lower case, without ``authorization``; the
            values of a repeated field are joined with commas. Empty if the request had no valid API key.
        request: The raw request body; empty if it was too large, or the request had no valid API key.
        response: The raw response body.
        seconds: The duration, injected latency and queueing included.
    """

    number: int
    moment: datetime
    method: str
    target: str
    operation: str | None
    status: int | None
    headers: Mapping[str, str]
    request: bytes
    response: bytes
    seconds: float

    @property
    def size(self) -> int:
        """How many bytes its bodies have."""
        return len(self.request) + len(self.response)


Observer: TypeAlias = Callable[[RecordedCall], None]
"""Called with each call, before its response is sent."""


class RequestLog(deque[RecordedCall]):
    """The latest calls, oldest first: at most 1000, with bodies of at most 64 MiB.

    The latest call is always kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self._size = 0

    def append(self, call: RecordedCall, /) -> None:
        """Add a call, and drop the oldest ones beyond the limits."""
        super().append(call)
        self._size += call.size
        while len(self) > MAX_CALLS or (self._size > MAX_BYTES and len(self) > 1):
            self._size -= self.popleft().size

    def clear(self) -> None:
        """Drop all calls."""
        super().clear()
        self._size = 0
