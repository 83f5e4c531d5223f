"""Recorded calls, for logs, the dashboard and tests."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

import attrs

MAX_CALLS: Final = 1000


@attrs.frozen(kw_only=True)
class RecordedCall:
    """A call and its response, without headers, so that the API key is not recorded.

    Attributes:
        number: Its number; the first call of a deployment has 1.
        moment: When it was received, by the deployment's clock.
        method: The HTTP method.
        target: The raw path and query.
        operation: The operationId; `None` without a matching operation or a valid API key.
        status: The HTTP status; `None` if the connection was dropped.
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
    request: bytes
    response: bytes
    seconds: float


Observer: TypeAlias = Callable[[RecordedCall], None]
"""Called with each call, before its response is sent."""
