"""Options: frozen values, changed with `attrs.evolve`."""

import functools
from collections.abc import Mapping
from typing import Any, Final

import attrs

from talon_async._validators import check_positive, instance_or_none, positive, positive_whole
from talon_async.errors import CallError, InvalidRequestError

__all__ = ["Attempt", "CallOptions", "CircuitBreaker", "RetryPolicy", "Timeout"]

MAX_IDEMPOTENCY_KEY_LENGTH: Final = 255


@attrs.frozen(kw_only=True)
class Timeout:
    """How long each phase of one attempt may take, in seconds.

    Attributes:
        connect: Opening a connection, TLS included.
        read: Waiting for the next part of the answer.
        write: Handing the next part of the request to the network.
        pool: Waiting for a free connection.
    """

    connect: float = attrs.field(default=2.0, validator=positive)
    read: float = attrs.field(default=5.0, validator=positive)
    write: float = attrs.field(default=5.0, validator=positive)
    pool: float = attrs.field(default=2.0, validator=positive)

    @functools.cached_property
    def by_phase(self) -> dict[str, float]:
        """The seconds by the name of the phase."""
        return attrs.asdict(self)


def as_timeout(value: Timeout | float) -> Timeout:
    """Use the same number of seconds for every phase, or a timeout as it is."""
    if isinstance(value, Timeout):
        return value
    check_positive("timeout", value)
    return Timeout(connect=value, read=value, write=value, pool=value)


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often, and after which waits, a failed attempt is repeated.

    A request that was certainly not sent is repeated whatever the operation. One that may have reached the
    service is repeated only where it cannot happen twice: reads, operations with an ``Idempotency-Key``
    (the same on every attempt), and writes that are idempotent by nature. They are repeated after a broken
    connection, a timeout, the statuses 408, 429, 500, 502, 503 and 504, and the 409 that tells of
    contention.

    The wait is random, from 0 to `first_delay` doubled with each attempt, and at least as long as
    ``Retry-After`` asks. A retry that could not begin before the deadline is not waited for. While most
    calls fail, a budget of the client keeps retries below a tenth of the calls.

    Attributes:
        attempts: How often a request is tried in all; 1 switches retries off.
        first_delay: The longest wait before the second attempt, in seconds.
        max_delay: The longest wait before any attempt, in seconds, unless the service asks for more.
    """

    attempts: int = attrs.field(default=3, validator=positive_whole)
    first_delay: float = attrs.field(default=0.1, validator=positive)
    max_delay: float = attrs.field(default=2.0, validator=positive)


@attrs.frozen(kw_only=True)
class CircuitBreaker:
    """When calls fail at once, without being sent, since the service is down.

    Attributes:
        failures: After how many failed attempts in a row: no connection, timeouts, 429, 500 and above.
        open_seconds: For how long, before one call is let through as a probe. Its success ends it, its
            failure begins it anew.
    """

    failures: int = attrs.field(default=5, validator=positive_whole)
    open_seconds: float = attrs.field(default=10.0, validator=positive)


@attrs.frozen(kw_only=True)
class Attempt:
    """What there is to tell of an attempt that has ended.

    Its text has no identifiers, bodies or keys; `error` has what the service answered.

    Attributes:
        operation: The operationId, such as ``updateCustomerSessionV2``.
        number: Which attempt of its call it was, counted from 1.
        elapsed: How long it took, in seconds.
        status: The HTTP status; `None` if no answer came.
        error: How it failed; `None` for a success.
        delay: The wait before the next attempt, in seconds; `None` if there is none.
    """

    operation: str
    number: int
    elapsed: float
    status: int | None
    error: CallError | None
    delay: float | None

    def __str__(self) -> str:
        outcome = f"HTTP {self.status}" if self.status else type(self.error).__name__
        text = f"{self.operation}: {outcome} after {self.elapsed:.3f} s, attempt {self.number}"
        return text if self.delay is None else f"{text}, again in {self.delay:.3f} s"


def _idempotency_key(_options: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is None:
        return
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_IDEMPOTENCY_KEY_LENGTH:
        raise InvalidRequestError(attribute.name, f"expected 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} characters")
    if not all(" " <= character <= "~" for character in value):
        raise InvalidRequestError(attribute.name, "expected printable ASCII characters")


_OWN_HEADERS: Final = frozenset(
    {"authorization", "idempotency-key", "content-length", "transfer-encoding", "host"}
)


def _headers(_options: Any, _attribute: "attrs.Attribute[Any]", value: Mapping[str, str]) -> None:
    for name, text in value.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a name and a value that are strings")
        if name.lower() in _OWN_HEADERS:
            raise InvalidRequestError(f"headers[{name!r}]", "is set by the client itself")
        if not name or not all("!" <= c <= "~" and c != ":" for c in name):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a name of printable ASCII characters")
        if not all(" " <= c <= "~" or c == "\t" for c in text):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a value of printable ASCII characters")


def _copy(fields: Mapping[str, str]) -> dict[str, str]:
    return dict(fields)


@attrs.frozen(kw_only=True)
class CallOptions:
    """What can be set for single calls; what is `None` is as the client's settings have it.

    Attributes:
        timeout: How long each phase of an attempt may take.
        deadline: How long a call may take in all, in seconds.
        retry: When a failed attempt is repeated.
        idempotency_key: Your own key for operations that have one, at most 255 printable ASCII characters;
            by default each call gets a new one. The service keeps what it answered for 24 hours.
        headers: Header fields to send besides the client's own.
    """

    timeout: Timeout | None = attrs.field(default=None, converter=attrs.converters.optional(as_timeout))
    deadline: float | None = attrs.field(default=None, validator=attrs.validators.optional(positive))
    retry: RetryPolicy | None = attrs.field(
        default=None, validator=instance_or_none(RetryPolicy, "a RetryPolicy")
    )
    idempotency_key: str | None = attrs.field(default=None, validator=_idempotency_key)
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_copy, validator=_headers)
