"""How the failures of an exchange are told to the caller."""

from typing import Final

import attrs
import httpx

from talon_async.errors import (
    CallError,
    CallTimeoutError,
    ResponseDecodeError,
    ServiceConnectionError,
    StatusError,
    TimeoutPhase,
)

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
_HIDDEN: Final = "[API key]"


def never_sent(error: httpx.RequestError) -> bool:
    """Whether an exchange failed before any of its request went out."""
    return isinstance(error, _NEVER_SENT)


def failure_of(error: httpx.RequestError, operation_id: str) -> CallError:
    """Make the error that tells of a failed exchange."""
    text = f"{type(error).__name__}: {error}"
    for kind, phase in _PHASES:
        if isinstance(error, kind):
            return CallTimeoutError(text, operation=operation_id, phase=phase)
    return ServiceConnectionError(text, operation=operation_id)


def hide_key(failure: CallError, key: str) -> None:
    """Take the key out of an answer that quotes the request, as the error page of a gateway may."""
    if not isinstance(failure, StatusError | ResponseDecodeError):
        return
    failure.body = failure.body.replace(key.encode(), _HIDDEN.encode())
    failure.headers = {name: value.replace(key, _HIDDEN) for name, value in failure.headers.items()}
    failure.args = tuple(str(text).replace(key, _HIDDEN) for text in failure.args)
    if isinstance(failure, StatusError):
        failure.reason = failure.reason.replace(key, _HIDDEN)
        failure.errors = tuple(
            attrs.evolve(
                error, **{name: text.replace(key, _HIDDEN) for name, text in attrs.asdict(error).items()}
            )
            for error in failure.errors
        )
