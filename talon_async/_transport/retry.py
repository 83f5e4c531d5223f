"""Whether a failed attempt is retried, and after which backoff; pure functions.

What may be retried depends on the operation and on how the attempt failed:

    | the attempt failed by                      | reads, writes under an Idempotency-Key, | other  |
    |                                            | writes that are idempotent by nature    | writes |
    |--------------------------------------------|-----------------------------------------|--------|
    | not sent: refused, no connection in time   | yes                                     | yes    |
    | certificate not accepted                   | no                                      | no     |
    | connection broken or timeout after sending | yes                                     | no     |
    | 408, 429, 500, 502, 503, 504               | yes                                     | no     |
    | 409 for contention                         | yes                                     | no     |
    | 409 for existence, any other status        | no                                      | no     |
    | too large a response, invalid JSON         | no                                      | no     |

An operation's row says which it is: `method`, `idempotency_key`, `idempotent` and `conflict`.
"""

from collections.abc import Callable
from typing import Any, Final

from talon_async._operations.operation import Operation
from talon_async._retry_after import retry_after
from talon_async.config import RetryPolicy
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    CertificateError,
    ServiceConnectionError,
    StatusError,
)

_TRANSIENT: Final = frozenset({408, 429, 500, 502, 503, 504})
_CONTENTION: Final = "too many requests"


def may_retry(operation: Operation[..., Any], failure: CallError) -> bool:
    """Whether a failed attempt can be retried without the risk that a write happens twice."""
    if isinstance(failure, CertificateError):
        return False  # the next attempt would meet the same certificate
    if not failure.sent:
        return True
    if not operation.retryable:
        return False
    match failure:
        case StatusError(status=409):
            return is_contention(operation, failure)
        case StatusError(status=status):
            return status in _TRANSIENT
        case ServiceConnectionError() | CallTimeoutError():
            return True
        case _:
            return False


def is_contention(operation: Operation[..., Any], failure: StatusError) -> bool:
    """Whether a 409 means too many requests for a session or profile."""
    if operation.conflict == "either":
        return failure.reason.lower().startswith(_CONTENTION)
    return operation.conflict == "contention"


def delay_before_retry(
    policy: RetryPolicy, attempt: int, failure: CallError, random: Callable[[], float], now: float
) -> float:
    """Compute the backoff before the next attempt, in seconds.

    It is drawn from 0 to `RetryPolicy.first_delay` doubled with each attempt, and is at least what the
    service asks for in ``Retry-After``.

    Args:
        policy: The retry policy.
        attempt: The attempt that failed, counted from 1.
        failure: How it failed.
        random: Returns a number from 0 up to 1.
        now: The time, in seconds since 1970.
    """
    longest: float = min(policy.max_delay, policy.first_delay * 2 ** (attempt - 1))
    asked = retry_after(failure.headers, now) if isinstance(failure, StatusError) else None
    return max(asked or 0.0, random() * longest)
