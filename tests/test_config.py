"""Settings and options: invalid values are refused when they are set, with their name."""

import inspect
from typing import Any

import attrs
import httpx
import pytest

from talon_async import (
    CallOptions,
    CircuitBreaker,
    ConfigurationError,
    InvalidRequestError,
    RetryPolicy,
    TalonClient,
    Timeout,
)
from talon_async._transport.settings import Settings
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY

URL = "https://yourbaseurl.talon.one"
INVALID_DURATIONS = [0, -1, -0.5, float("nan"), "2", None, True, [1]]
NO_COUNT = [0, -1, 1.5, float("inf"), "2", None, True]


@pytest.mark.parametrize(
    ("cls", "name", "value"),
    [
        *(
            (Timeout, name, value)
            for name in ("connect", "read", "write", "pool")
            for value in INVALID_DURATIONS
        ),
        *((RetryPolicy, name, value) for name in ("first_delay", "max_delay") for value in INVALID_DURATIONS),
        *((RetryPolicy, "attempts", value) for value in NO_COUNT),
        *((CircuitBreaker, "open_seconds", value) for value in INVALID_DURATIONS),
        *((CircuitBreaker, "failures", value) for value in NO_COUNT),
    ],
)
def test_invalid_values_are_refused_by_name(cls: type[Any], name: str, value: object) -> None:
    """An invalid duration or count is refused when the object is created, and the error names it."""
    with pytest.raises(ConfigurationError, match=rf"^{name}: "):
        cls(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("timeout", value) for value in [0, -1, float("nan"), "2", True]),
        *(("deadline", value) for value in INVALID_DURATIONS),
        *(("max_connections", value) for value in NO_COUNT),
        *(("max_response_bytes", value) for value in NO_COUNT),
        *(("max_in_flight_per_key", value) for value in NO_COUNT if value is not None),
        *(("proxy", value) for value in ["socks5://127.0.0.1:1080", "proxy", ""]),
    ],
)
def test_invalid_settings_are_refused_by_name(name: str, value: object) -> None:
    """An invalid setting is refused when the client is created, under the name that the user gave."""
    with pytest.raises(ConfigurationError, match=rf"^{name}\b"):
        TalonClient(URL, api_key=KEY, **{name: value})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "url",
    [
        "",
        "yourbaseurl.talon.one",
        "//yourbaseurl.talon.one",
        "https://",
        "https:///v2",
        "ftp://yourbaseurl.talon.one",
        "file:///etc/passwd",
        "https://user@yourbaseurl.talon.one",
        "https://user:passw0rd@yourbaseurl.talon.one",
        "https://yourbaseurl.talon.one?page=1",
        "https://yourbaseurl.talon.one#top",
        "https://yourbaseurl.talon.one:port",
        "https://yourbaseurl.talon.one:99999",
        "https://[::1",
        "https://your base url.talon.one",
        "https://yourbaseurl.talon.one\r\nX: y",
        "https://yourbaseurl.talon.one/v 2",
    ],
)
def test_invalid_urls_are_refused(url: str) -> None:
    """An invalid base URL is refused when the client is created, and the error names the setting."""
    with pytest.raises(ConfigurationError, match=r"^base_url: ") as caught:
        TalonClient(url, api_key=KEY)
    assert "passw0rd" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://yourbaseurl.talon.one",
        "http://10.0.0.1:8080",
        "http://0.0.0.0",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://[2001:db8::1]",
        "HTTP://yourbaseurl.talon.one",
    ],
)
def test_the_key_is_sent_in_clear_text_only_if_allowed(url: str) -> None:
    """``http://`` to a host other than loopback needs `allow_http`."""
    with pytest.raises(ConfigurationError, match="allow_http"):
        TalonClient(url, api_key=KEY)
    TalonClient(url, api_key=KEY, allow_http=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8765",
        "http://127.8.8.8",
        "http://localhost",
        "http://LOCALHOST:8765",
        "http://shop.localhost",
        "http://[::1]:8765",
        "https://yourbaseurl.talon.one",
        "https://yourbaseurl.talon.one:8443/prefix/",
    ],
)
def test_loopback_and_tls_need_no_permission(url: str) -> None:
    """``http://`` to loopback and ``https://`` to any host are accepted by default."""
    TalonClient(url, api_key=KEY)


@pytest.mark.parametrize("key", ["", " ", "two words", "tab\t", "line\r\nX: y", "caf\u00e9", None, 7, b"key"])
def test_invalid_keys_are_refused(key: Any) -> None:
    """A key that is not printable ASCII text is refused by name, without quoting it."""
    with pytest.raises(ConfigurationError, match=r"^api_key: expected") as caught:
        TalonClient(URL, api_key=key)
    assert not key or not str(key).strip() or str(key) not in str(caught.value)


async def test_from_env_reads_base_url_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """`from_env` reads both variables; other settings are arguments."""
    async with serving([read, send(http_response())]) as server:
        monkeypatch.setenv("TALON_BASE_URL", server.url)
        monkeypatch.setenv("TALON_API_KEY", KEY)
        async with TalonClient.from_env(deadline=1.5) as talon:
            await talon.sessions.get("cart-1")
    assert server.requests[0].all("authorization") == [f"ApiKey-v1 {KEY}"]


@pytest.mark.parametrize("missing", ["TALON_BASE_URL", "TALON_API_KEY"])
@pytest.mark.parametrize("value", [None, ""])
def test_missing_environment_variables_are_named(
    missing: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from_env` refuses a missing or empty variable and names it."""
    for name, present in (("TALON_BASE_URL", URL), ("TALON_API_KEY", KEY)):
        monkeypatch.setenv(name, present)
    if value is None:
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, value)
    with pytest.raises(ConfigurationError) as caught:
        TalonClient.from_env()
    named = {name for name in ("TALON_BASE_URL", "TALON_API_KEY") if name in str(caught.value)}
    assert named == {missing}


def test_arguments_of_from_env_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other settings of `from_env` go through the same checks."""
    monkeypatch.setenv("TALON_BASE_URL", URL)
    monkeypatch.setenv("TALON_API_KEY", KEY)
    with pytest.raises(ConfigurationError, match="deadline"):
        TalonClient.from_env(deadline=0)


@pytest.mark.parametrize(
    "value",
    [Settings(base_url=URL, api_key=KEY), Timeout(), RetryPolicy(), CircuitBreaker(), CallOptions()],
)
def test_configuration_is_frozen(
    value: Settings | Timeout | RetryPolicy | CircuitBreaker | CallOptions,
) -> None:
    """Settings, policies and options are immutable; `attrs.evolve` makes modified copies."""
    for field in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
    assert attrs.evolve(value) == value


@pytest.mark.parametrize("key", ["k", "k" * 255, "order 17"])
async def test_idempotency_keys_of_up_to_255_characters_are_sent(key: str) -> None:
    """The service accepts keys of 1 to 255 characters."""
    requests: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"effects": []})

    async with TalonClient(URL, api_key=KEY, transport=httpx.MockTransport(respond)) as talon:
        await talon.sessions.reopen("cart-1", idempotency_key=key)
    assert requests[0].headers["idempotency-key"] == key


@pytest.mark.parametrize("key", ["", "k" * 256, "line\r\nX: y", "caf\u00e9", "nul\0", 17, b"key"])
async def test_invalid_idempotency_keys_are_refused(key: Any) -> None:
    """A key that is too long, empty or not printable text is refused by name before anything is sent."""
    with pytest.raises(InvalidRequestError, match="idempotency_key") as caught:
        await TalonClient(URL, api_key=KEY).sessions.reopen("cart-1", idempotency_key=key)
    assert caught.value.field == "idempotency_key"


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "Authorization",
        "IDEMPOTENCY-KEY",
        "Content-Length",
        "host",
        "Transfer-Encoding",
    ],
)
def test_headers_of_the_client_cannot_be_overridden(name: str) -> None:
    """The key, the idempotency key, the host and the message framing cannot be overridden."""
    with pytest.raises(InvalidRequestError, match=name):
        TalonClient(URL, api_key=KEY).with_options(headers={name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Trace", "a\r\nAuthorization: ApiKey-v1 other"),
        ("X-Trace", "a\nb"),
        ("X-Trace", "a\0"),
        ("X-Trace", "caf\u00e9"),
        ("X-Trace\r\nX-Other", "a"),
        ("X-Trace: a\r\nX-Other", "a"),
        ("X Trace", "a"),
        ("X-Trace:", "a"),
        ("", "a"),
        ("caf\u00e9", "a"),
    ],
)
def test_headers_cannot_be_injected(name: str, value: Any) -> None:
    """A header name or value that would end its line, or is otherwise invalid, is refused by name."""
    with pytest.raises(InvalidRequestError) as caught:
        TalonClient(URL, api_key=KEY).with_options(headers={name: value})
    assert caught.value.field == f"headers[{name!r}]"


def test_invalid_options_are_refused_by_name() -> None:
    """Options go through the checks of the settings they override."""
    talon = TalonClient(URL, api_key=KEY)
    with pytest.raises(ConfigurationError, match="deadline"):
        talon.with_options(deadline=0)
    with pytest.raises(ConfigurationError, match="timeout"):
        talon.with_options(timeout=0)


def test_options_copy_their_headers() -> None:
    """Headers changed after the options were created are not sent."""
    headers = {"X-Trace": "t-1"}
    options = CallOptions(headers=headers)
    headers["X-Trace"] = "a\r\nAuthorization: other"
    assert options.headers == {"X-Trace": "t-1"}


class Shop(TalonClient):
    """A client with an additional attribute."""

    name = ""


def test_a_subclass_keeps_its_attributes_through_options() -> None:
    """`with_options` copies the attributes of a subclass, and the resources use the new options."""
    shop = Shop(URL, api_key=KEY)
    shop.name = "north"
    sessions = shop.sessions
    quick = shop.with_options(deadline=1)
    assert (type(quick), quick.name) == (Shop, "north")
    assert quick.sessions is not sessions
    assert shop.sessions is sessions


def test_options_accumulate() -> None:
    """Options that a later call does not set keep their values."""
    talon = TalonClient(URL, api_key=KEY).with_options(headers={"X-Trace": "1"})
    with pytest.raises(ConfigurationError, match="timeout"):
        talon.with_options(timeout=-1)
    options = talon.with_options(deadline=2)._pipeline.options  # pyright: ignore[reportPrivateUsage]
    assert options == CallOptions(deadline=2, headers={"X-Trace": "1"})


def test_help_shows_every_setting() -> None:
    """`help` and editors show the settings by name, in the constructor and in `from_env`."""
    settings = set(inspect.signature(TalonClient).parameters)
    assert {"base_url", "api_key", "timeout", "deadline", "retry", "http_client"} <= settings
    assert settings - set(inspect.signature(TalonClient.from_env).parameters) == {"base_url", "api_key"}
    assert set(inspect.signature(TalonClient.with_options).parameters) - {"self"} == {
        field.name for field in attrs.fields(CallOptions)
    }
    documented = inspect.getdoc(TalonClient) or ""
    assert [name for name in settings if f"\n    {name}: " not in documented] == []
