"""Settings of a client and options of a call: frozen values, changed with `attrs.evolve`."""

import functools
import ipaddress
import os
import re
import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import attrs

from talon_async.errors import CallError, ConfigurationError, Drift, InvalidRequestError

MAX_IDEMPOTENCY_KEY_LENGTH: Final = 255


def _check_positive(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationError(f"{name}: expected a number above 0, found {value!r}")


def _positive(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    _check_positive(attribute.name, value)


def _positive_whole(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"{attribute.name}: expected a whole number above 0, found {value!r}")


def _positive_whole_or_none(settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None:
        _positive_whole(settings, attribute, value)


@attrs.frozen(kw_only=True)
class Timeout:
    """How long each phase of one attempt may take, in seconds.

    Attributes:
        connect: Opening a connection, TLS included.
        read: Waiting for the next part of the answer.
        write: Handing the next part of the request to the network.
        pool: Waiting for a free connection.
    """

    connect: float = attrs.field(default=2.0, validator=_positive)
    read: float = attrs.field(default=5.0, validator=_positive)
    write: float = attrs.field(default=5.0, validator=_positive)
    pool: float = attrs.field(default=2.0, validator=_positive)

    @functools.cached_property
    def by_phase(self) -> dict[str, float]:
        """The seconds by the name of the phase."""
        return attrs.asdict(self)


def _timeout(value: Timeout | float) -> Timeout:
    """A timeout as it is, or the same number of seconds for every phase."""
    if isinstance(value, Timeout):
        return value
    _check_positive("timeout", value)
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

    attempts: int = attrs.field(default=3, validator=_positive_whole)
    first_delay: float = attrs.field(default=0.1, validator=_positive)
    max_delay: float = attrs.field(default=2.0, validator=_positive)


@attrs.frozen(kw_only=True)
class CircuitBreaker:
    """When calls fail at once, without being sent, since the service is down.

    Attributes:
        failures: After how many failed attempts in a row: no connection, timeouts, 429, 500 and above.
        open_seconds: For how long, before one call is let through as a probe. Its success ends it, its
            failure begins it anew.
    """

    failures: int = attrs.field(default=5, validator=_positive_whole)
    open_seconds: float = attrs.field(default=10.0, validator=_positive)


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


_AUTHORITY: Final = re.compile(
    r"([^@]*@)?"  # user and password
    r"([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])"  # name or IPv4 address, or IPv6 address
    r"(:[0-9]*)?",  # port
    re.IGNORECASE,
)


def _address(url: Any) -> SplitResult | None:
    """Take apart the address of an HTTP server; `None` if it is none."""
    if not isinstance(url, str) or not all("!" <= character <= "~" for character in url):
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        return None
    # What any parser could take for the host must be what this one takes for it.
    return parts if sound and _AUTHORITY.fullmatch(parts.netloc) else None


def _base_url(url: str) -> str:
    parts = _address(url)
    if parts is None:
        raise ConfigurationError("base_url: expected an address such as https://yourbaseurl.talon.one")
    if parts.query or parts.fragment or parts.username is not None:
        raise ConfigurationError("base_url: expected no query, fragment or user name")
    return url.rstrip("/")


def _proxy(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    # The value may hold a password and never enters the message.
    if value is not None and _address(value) is None:
        raise ConfigurationError(f"{attribute.name}: expected an address such as http://proxy.example:3128")


def _api_key(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    # The value never enters the message.
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{attribute.name}: expected the text of an API key")
    if not all("!" <= character <= "~" for character in value):
        raise ConfigurationError(f"{attribute.name}: expected printable ASCII characters without spaces")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@attrs.frozen(kw_only=True)
class Settings:
    """What a client is set up with; `TalonClient` documents each."""

    base_url: str = attrs.field(converter=_base_url)
    api_key: str = attrs.field(repr=False, validator=_api_key)
    timeout: Timeout = attrs.field(factory=Timeout, converter=_timeout)
    deadline: float = attrs.field(default=10.0, validator=_positive)
    max_connections: int = attrs.field(default=100, validator=_positive_whole)
    max_response_bytes: int = attrs.field(default=64 * 1024 * 1024, validator=_positive_whole)
    retry: RetryPolicy = attrs.field(factory=RetryPolicy)
    circuit_breaker: CircuitBreaker | None = None
    max_in_flight_per_key: int | None = attrs.field(default=1, validator=_positive_whole_or_none)
    strict: bool = False
    on_drift: Callable[[Drift], None] | None = None
    on_attempt: Callable[[Attempt], None] | None = None
    proxy: str | None = attrs.field(default=None, repr=False, validator=_proxy)
    ssl_context: ssl.SSLContext | None = None
    allow_http: bool = False

    @functools.cached_property
    def host(self) -> str:
        """The host that requests are for, with its port unless that is the scheme's own."""
        parts = urlsplit(self.base_url)
        own = {"http": 80, "https": 443}[parts.scheme]
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{host}" if parts.port in (None, own) else f"{host}:{parts.port}"

    def __attrs_post_init__(self) -> None:
        if self.allow_http or urlsplit(self.base_url).scheme == "https":
            return
        for name, url in (("base_url", self.base_url), ("proxy", self.proxy)):
            if url is not None and not _is_loopback(urlsplit(url).hostname or ""):
                raise ConfigurationError(
                    f"{name}: http:// in base_url would send the API key in clear text; "
                    "use https://, or allow_http=True"
                )


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

    timeout: Timeout | None = attrs.field(default=None, converter=attrs.converters.optional(_timeout))
    deadline: float | None = attrs.field(default=None, validator=attrs.validators.optional(_positive))
    retry: RetryPolicy | None = None
    idempotency_key: str | None = attrs.field(default=None, validator=_idempotency_key)
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_copy, validator=_headers)


def settings_from_environment() -> tuple[str, str]:
    """The base URL and the API key in ``TALON_BASE_URL`` and ``TALON_API_KEY``.

    Raises:
        ConfigurationError: One of them is not set.
    """
    names = ("TALON_BASE_URL", "TALON_API_KEY")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ConfigurationError(f"not set in the environment: {', '.join(missing)}")
    return os.environ[names[0]], os.environ[names[1]]
