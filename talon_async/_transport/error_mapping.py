"""Maps httpx's exceptions to the client's errors."""

from typing import Final

import httpx

from talon_async.errors import CallError, CallTimeoutError, ServiceConnectionError, TimeoutPhase

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_PHASES: Final[tuple[tuple[type[httpx.RequestError], TimeoutPhase], ...]] = (
    (httpx.ConnectTimeout, "connect"),
    (httpx.ReadTimeout, "read"),
    (httpx.WriteTimeout, "write"),
    (httpx.PoolTimeout, "pool"),
)


def never_sent(error: httpx.RequestError) -> bool:
    """Whether an exchange failed before any of its request was sent."""
    return isinstance(error, _NEVER_SENT)


def error_for(error: httpx.RequestError, text: str, operation_id: str) -> CallError:
    """Create the error for a failed exchange.

    Args:
        error: What httpx raised.
        text: Its text, without the API key.
        operation_id: The operation that was called.
    """
    message = f"{type(error).__name__}: {text}"
    for kind, phase in _PHASES:
        if isinstance(error, kind):
            return CallTimeoutError(message, operation=operation_id, phase=phase)
    return ServiceConnectionError(message, operation=operation_id)
