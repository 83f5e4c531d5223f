"""Options of clients and calls: frozen values, changed with `attrs.evolve`."""

import functools
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from talon_async._validators import check_positive, instance_or_none, positive, positive_whole
from talon_async.errors import CallError, InvalidRequestError

__all__ = [
    "Attempt",
    "CallOptions",
    "CallSummary",
    "CircuitBreaker",
    "CircuitState",
    "RetryPolicy",
    "Timeout",
]

MAX_IDEMPOTENCY_KEY_LENGTH: Final = 255


@attrs.frozen(kw_only=True)
class Timeout:
    """How long each phase of an attempt may take, in seconds.

    Attributes:
        connect: Opening a connection, including TLS (default: 2).
        read: Waiting for the next part of the response (default: 5).
        write: Sending the next part of the request (default: 5).
        pool: Waiting for a free connection (default: 2).
    """

    connect: float = attrs.field(default=2.0, validator=positive)
    read: float = attrs.field(default=5.0, validator=positive)
    write: float = attrs.field(default=5.0, validator=positive)
    pool: float = attrs.field(default=2.0, validator=positive)

    @functools.cached_property
    def by_phase(self) -> dict[str, float]:
        """The timeouts in seconds, by phase."""
        return attrs.asdict(self)


def as_timeout(value: Timeout | float) -> Timeout:
    """Return a `Timeout`; a number applies to every phase.

    Raises:
        ConfigurationError: It is neither a `Timeout` nor a number above 0.
    """
    if isinstance(value, Timeout):
        return value
    check_positive("timeout", value)
    return Timeout(connect=value, read=value, write=value, pool=value)


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """How often failed attempts are retried, and after which backoff.

    A request that certainly was not sent is retried for every operation. A request that may have reached the
    service is retried only if it cannot take effect twice: reads, operations with an ``Idempotency-Key`` (the
    same on every attempt), and writes that are idempotent by nature. Retried failures are broken connections,
    timeouts, the statuses 408, 429, 500, 502, 503 and 504, and a 409 for contention.

    The backoff is random, between 0 and `first_delay` doubled with each attempt, and at least what
    ``Retry-After`` asks for. The client does not retry if the backoff would pass the deadline. All calls of a
    client share a retry budget: at most 10 retries in a burst, then one retry per 10 calls.

    Attributes:
        attempts: How often a request is attempted in total; 1 switches retries off (default: 3).
        first_delay: The longest backoff before the second attempt, in seconds (default: 0.1).
        max_delay: The longest backoff before any attempt, in seconds, unless ``Retry-After`` asks for more
            (default: 2).
    """

    attempts: int = attrs.field(default=3, validator=positive_whole)
    first_delay: float = attrs.field(default=0.1, validator=positive)
    max_delay: float = attrs.field(default=2.0, validator=positive)


@attrs.frozen(kw_only=True)
class CircuitBreaker:
    """When calls fail immediately, without being sent, because the service is down.

    Attributes:
        failures: How many consecutive failed attempts open the circuit: connection errors, timeouts, and the
            statuses 429 and 500 and above (default: 5).
        open_seconds: How long the circuit stays open before one attempt is let through as a probe, in seconds
            (default: 10). A successful probe closes the circuit, a failed one opens it for the same time
            again.
    """

    failures: int = attrs.field(default=5, validator=positive_whole)
    open_seconds: float = attrs.field(default=10.0, validator=positive)


CircuitState: TypeAlias = Literal["closed", "open", "half-open"]
"""The state of a circuit breaker: it lets calls through, refuses them, or lets one through as a probe."""


@attrs.frozen(kw_only=True)
class Attempt:
    """An attempt that has ended, as reported to `on_attempt` and to the log.

    Its text contains no identifiers, bodies or keys; `error` contains the response.

    Attributes:
        operation: The operationId, such as ``updateCustomerSessionV2``.
        number: The number of the attempt in its call, from 1.
        elapsed: The duration in seconds.
        status: The HTTP status; `None` without a response.
        error: The failure; `None` for a success.
        delay: The backoff before the next attempt, in seconds; `None` if there is none.
    """

    operation: str
    number: int
    elapsed: float
    status: int | None
    error: CallError | None
    delay: float | None

    def __str__(self) -> str:
        result = _result(self.status, self.error)
        text = f"{self.operation}: {result} after {self.elapsed:.3f} s, attempt {self.number}"
        return text if self.delay is None else f"{text}, retry in {self.delay:.3f} s"


@attrs.frozen(kw_only=True)
class CallSummary:
    """A call that has ended, as reported to `on_call`.

    Its text contains no identifiers, bodies or keys; `error` contains the response.

    Attributes:
        operation: The operationId, such as ``updateCustomerSessionV2``.
        attempts: How many attempts were made; 0 if the call ended before its first attempt, such as in the
            queue.
        queued: How long the call waited for earlier calls of its customer, before its first attempt or its
            end, in seconds.
        elapsed: The duration of the whole call with queueing, backoff and all attempts, in seconds.
        status: The HTTP status of the response that ended the call; `None` without one.
        error: What the call raises; `None` for a success. It is a `TalonError`, `asyncio.CancelledError` if
            the caller cancelled the call, or an `AssertionError` of a mock.
    """

    operation: str
    attempts: int
    queued: float
    elapsed: float
    status: int | None
    error: BaseException | None

    def __str__(self) -> str:
        result = _result(self.status, self.error)
        times = f"after {self.elapsed:.3f} s, queued for {self.queued:.3f} s"
        return f"{self.operation}: {result} {times}, attempts: {self.attempts}"


def _result(status: int | None, error: BaseException | None) -> str:
    return f"HTTP {status}" if status else type(error).__name__


def check_idempotency_key(key: Any) -> None:
    """Refuse a key that cannot be sent.

    Raises:
        InvalidRequestError: The key is not a string of 1 to 255 printable ASCII characters.
    """
    if not isinstance(key, str) or not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY_LENGTH:
        found = f"{len(key)}" if isinstance(key, str) else type(key).__name__
        raise InvalidRequestError(
            "idempotency_key", f"expected 1 to {MAX_IDEMPOTENCY_KEY_LENGTH} characters, found {found}"
        )
    if not all(" " <= character <= "~" for character in key):
        raise InvalidRequestError("idempotency_key", "expected printable ASCII characters")


_OWN_HEADERS: Final = frozenset(
    {"authorization", "idempotency-key", "content-length", "transfer-encoding", "host"}
)


def _headers(_options: Any, _attribute: "attrs.Attribute[Any]", value: Mapping[Any, Any]) -> None:
    for name, text in value.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a name and a value that are strings")
        if name.lower() in _OWN_HEADERS:
            raise InvalidRequestError(f"headers[{name!r}]", "the client sets this header")
        if not name or not all("!" <= c <= "~" and c != ":" for c in name):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a name of printable ASCII characters")
        if not all(" " <= c <= "~" or c == "\t" for c in text):
            raise InvalidRequestError(f"headers[{name!r}]", "expected a value of printable ASCII characters")


def _copy(fields: Mapping[str, str]) -> dict[str, str]:
    return dict(fields)


@attrs.frozen(kw_only=True)
class CallOptions:
    """Options for individual calls. `None` keeps the client's setting.

    Attributes:
        timeout: How long each phase of an attempt may take, in seconds.
        deadline: How long the whole call may take, in seconds.
        retry: How often failed attempts are retried, and after which backoff.
        headers: Header fields to send in addition to the client's own.
    """

    timeout: Timeout | None = attrs.field(default=None, converter=attrs.converters.optional(as_timeout))
    deadline: float | None = attrs.field(default=None, validator=attrs.validators.optional(positive))
    retry: RetryPolicy | None = attrs.field(
        default=None, validator=instance_or_none(RetryPolicy, "a RetryPolicy")
    )
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_copy, validator=_headers)
