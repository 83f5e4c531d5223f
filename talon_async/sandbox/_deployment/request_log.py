"""The calls that a deployment took, for logs, pages and tests to look at."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

import attrs

MAX_CALLS: Final = 1000


@attrs.frozen(kw_only=True)
class RecordedCall:
    """One call, as it came and as it was answered; headers, and so the API key, are not kept.

    Attributes:
        moment: When it came, by the deployment's clock.
        method: The HTTP method.
        target: The path and query as they came.
        operation: The operationId; `None` if the call was for no operation, or bore no valid key.
        status: The HTTP status; `None` if the connection was dropped without an answer.
        request: The body as it came.
        answer: The body of the answer; empty if there was none.
        seconds: How long the call took, latency and queueing included.
    """

    moment: datetime
    method: str
    target: str
    operation: str | None
    status: int | None
    request: bytes
    response: bytes
    seconds: float


Observer: TypeAlias = Callable[[RecordedCall], None]
"""Is told of each call, just before its answer goes out."""
