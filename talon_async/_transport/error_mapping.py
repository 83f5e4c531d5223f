"""How the failures of an exchange are told to the caller."""

import functools
import html.entities
import re
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
    """Take the key out of what a failure quotes, as the error page of a gateway may quote the request."""
    hide = functools.partial(_without, key)
    failure.args = tuple(hide(str(text)) for text in failure.args)
    if not isinstance(failure, StatusError | ResponseDecodeError):
        return
    body = hide(failure.body.decode("latin-1")).encode("latin-1")
    headers = {hide(name): hide(value) for name, value in failure.headers.items()}
    if (body, headers) != (failure.body, failure.headers):
        # The frames that read the answer hold it as it came, and so does what a JSON parser raised.
        failure.__traceback__ = failure.__context__ = None
    if isinstance(failure, StatusError):
        reason = hide(failure.reason)
        StatusError.__init__(
            failure,
            operation=failure.operation,
            status=failure.status,
            reason=reason if body == failure.body else _without_beginning(key, reason),
            errors=tuple(
                attrs.evolve(error, **{name: hide(text) for name, text in attrs.asdict(error).items()})
                for error in failure.errors
            ),
        )
    else:
        failure.path = hide(failure.path)
        failure.drifts = tuple(
            attrs.evolve(drift, field=hide(drift.field), path=hide(drift.path)) for drift in failure.drifts
        )
    failure.body, failure.headers = body, headers


def _without(key: str, text: str) -> str:
    """A text without the key, as it is or escaped for JSON, HTML or an address, whoever escaped it."""
    return re.sub(_spelled(key), _HIDDEN, text)


def _without_beginning(key: str, excerpt: str) -> str:
    """An excerpt without the beginning of the key, if it was cut off amid it."""
    for length in range(len(key) - 1, 3, -1):
        # What is left of an escape that was cut off itself may follow.
        if cut := re.search(_spelled(key[:length]) + r".{0,7}\Z", excerpt):
            return excerpt[: cut.start()] + _HIDDEN
    return excerpt


def _spelled(key: str) -> str:
    """A pattern for all spellings of the key: letters and digits have one, the other characters several."""
    return "".join(character if character.isalnum() else _spellings(character) for character in key)


@functools.cache
def _spellings(character: str) -> str:
    code = ord(character)
    names = [name for name, text in html.entities.html5.items() if text == character]
    forms = [rf"\\u00{code:02x}", f"%{code:02x}", f"&#0*{code};", f"&#x0*{code:x};"]
    forms += [f"&{name}" for name in sorted(names, reverse=True)]  # those that end in a semicolon first
    literal = re.escape(character)
    return f"(?:(?i:{'|'.join(forms)})|\\\\{literal}|{literal})"
