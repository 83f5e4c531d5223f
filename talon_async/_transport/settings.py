"""The settings of a client: names, types, defaults and checks, stated once; `TalonClient` documents them."""

import ipaddress
import os
import re
import ssl
from collections.abc import Callable
from typing import Any, Final, TypedDict
from urllib.parse import SplitResult, urlsplit

import attrs
import httpx

from talon_async._codec.value_checks import plain
from talon_async._transport.http_family import HttpClient, HttpTransport, family_of
from talon_async._validators import (
    hook_or_none,
    instance_of,
    instance_or_none,
    positive,
    positive_whole,
    positive_whole_or_none,
)
from talon_async.config import Attempt, CallSummary, CircuitBreaker, RetryPolicy, Timeout, as_timeout
from talon_async.errors import ConfigurationError, Drift

_AUTHORITY: Final = re.compile(
    r"([^@]*@)?"  # user and password
    r"([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])"  # name or IPv4 address, or IPv6 address
    r"(:[0-9]*)?",  # port
    re.IGNORECASE,
)


_MAX_ADDRESS_LENGTH: Final = 1000


def _address(url: Any) -> SplitResult | None:
    """Split the address of an HTTP server; `None` if it is not one."""
    if not isinstance(url, str) or not all("!" <= character <= "~" for character in url):
        return None
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.port != 0
        httpx.URL(url)  # which sends requests there
    except (ValueError, httpx.InvalidURL):
        return None
    # Whatever parser reads the address later must find the same host in it.
    valid = sound and _AUTHORITY.fullmatch(parts.netloc) and len(url) <= _MAX_ADDRESS_LENGTH
    return parts if valid and _is_host(parts.hostname or "") else None


def _is_host(host: str) -> bool:
    """Whether a host can be looked up: an IP address, or a name within the limits of DNS."""
    labels = host.removesuffix(".").split(".")
    if labels[-1].isdecimal():  # a name never ends in a number
        try:
            return bool(ipaddress.IPv4Address(host))
        except ValueError:
            return False
    return len(host) <= 253 and all(len(label) <= 63 for label in labels)


def _base_url(url: str) -> str:
    url = _plain_text(url)
    parts = _address(url)
    if parts is None:
        raise ConfigurationError("base_url: expected a URL such as https://yourbaseurl.talon.one")
    if "?" in url or "#" in url or parts.username is not None:
        raise ConfigurationError("base_url: expected no query, fragment or user name")
    url = str(httpx.URL(url)).rstrip("/")  # encoded, and without dot segments, as it is sent
    if re.search(r"/v[1-3]\Z", url):
        raise ConfigurationError(
            f"base_url: expected the address without {url[-3:]}, which is part of each operation's path"
        )
    return url


def _proxy(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    # The value may hold a password and never enters the message.
    if _address(value) is None:
        raise ConfigurationError(f"{attribute.name}: expected a URL such as http://proxy.example:3128")


def _api_key(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    # The value never enters the message.
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"{attribute.name}: expected a non-empty string")
    if not all("!" <= character <= "~" for character in value):
        raise ConfigurationError(f"{attribute.name}: expected printable ASCII characters without spaces")


def _plain_text(text: Any) -> Any:
    """The text that a subclass of `str`, such as an enum member, stands for."""
    value: str = plain(text)
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _timeout(value: Timeout | float | None) -> Timeout:
    return Timeout() if value is None else as_timeout(value)


def _retry(value: RetryPolicy | None) -> RetryPolicy:
    return RetryPolicy() if value is None else value


def _of_httpx(class_name: str) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """Create a validator for instances of a class of httpx or httpx2, or `None`."""

    def validate(_settings: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if value is not None and family_of(value, class_name) is None:
            raise ConfigurationError(
                f"{attribute.name}: expected an {class_name} of httpx or httpx2, or None, found {value!r}"
            )

    return validate


@attrs.frozen(kw_only=True)
class ClientOptions:
    """The settings of a client that have a default."""

    timeout: Timeout = attrs.field(factory=Timeout, converter=_timeout)
    deadline: float = attrs.field(default=10.0, validator=positive)
    max_connections: int = attrs.field(default=100, validator=positive_whole)
    max_response_bytes: int = attrs.field(default=64 * 1024 * 1024, validator=positive_whole)
    retry: RetryPolicy = attrs.field(
        factory=RetryPolicy, converter=_retry, validator=instance_of(RetryPolicy, "a RetryPolicy")
    )
    circuit_breaker: CircuitBreaker | None = attrs.field(
        default=None, validator=instance_or_none(CircuitBreaker, "a CircuitBreaker")
    )
    max_in_flight_per_key: int | None = attrs.field(default=1, validator=positive_whole_or_none)
    strict: bool = attrs.field(default=False, validator=instance_of(bool, "True or False"))
    on_drift: Callable[[Drift], None] | None = attrs.field(default=None, validator=hook_or_none)
    on_attempt: Callable[[Attempt], None] | None = attrs.field(default=None, validator=hook_or_none)
    on_call: Callable[[CallSummary], None] | None = attrs.field(default=None, validator=hook_or_none)
    proxy: str | None = attrs.field(default=None, repr=False, validator=attrs.validators.optional(_proxy))
    ssl_context: ssl.SSLContext | None = attrs.field(
        default=None, validator=instance_or_none(ssl.SSLContext, "an ssl.SSLContext")
    )
    allow_http: bool = attrs.field(default=False, validator=instance_of(bool, "True or False"))
    http_client: HttpClient | None = attrs.field(default=None, validator=_of_httpx("AsyncClient"))
    transport: HttpTransport | None = attrs.field(default=None, validator=_of_httpx("AsyncBaseTransport"))

    def __attrs_post_init__(self) -> None:
        if self.http_client is not None and self.transport is not None:
            raise ConfigurationError("http_client, transport: expected at most one of them, found both")


@attrs.frozen
class Settings(ClientOptions):
    """All settings of a client."""

    base_url: str = attrs.field(converter=_base_url)
    api_key: str = attrs.field(kw_only=True, repr=False, converter=_plain_text, validator=_api_key)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.allow_http or urlsplit(self.base_url).scheme == "https":
            return
        for name, url in (("base_url", self.base_url), ("proxy", self.proxy)):
            if url is not None and not _is_loopback(urlsplit(url).hostname or ""):
                raise ConfigurationError(
                    f"{name}: http:// in base_url would send the API key in clear text; "
                    "use https://, or allow_http=True"
                )


class Credentials(TypedDict):
    """The settings that have no default."""

    base_url: str
    api_key: str


def read_environment() -> Credentials:
    """Read the base URL and the API key from ``TALON_BASE_URL`` and ``TALON_API_KEY``.

    Raises:
        ConfigurationError: One of them is not set, or empty.
    """
    names = ("TALON_BASE_URL", "TALON_API_KEY")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise ConfigurationError(f"missing environment variables: {', '.join(missing)}")
    base_url, api_key = (os.environ[name] for name in names)
    return {"base_url": base_url, "api_key": api_key}
