"""Settings of the wrong kind are refused where they are given, with their name."""

import ssl
from typing import Any

import httpx
import pytest

from talon_async import CallOptions, ConfigurationError, InvalidRequestError, TalonClient

URL = "https://shop.invalid"


async def hook(_event: object) -> None:
    """An async function, which nothing would await."""


class AsyncHook:
    """A callable that is async."""

    async def __call__(self, _event: object) -> None:
        """Nothing would await it."""


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("retry", 3),
        ("retry", {"attempts": 3}),
        ("circuit_breaker", 5),
        ("circuit_breaker", True),
        ("strict", "false"),
        ("strict", 1),
        ("allow_http", "yes"),
        ("ssl_context", "/ca.pem"),
        ("ssl_context", False),
        ("http_client", httpx.Client),
        ("transport", "http"),
        *((name, value) for name in ("on_drift", "on_attempt") for value in (hook, AsyncHook(), "log", 7)),
    ],
)
def test_a_setting_of_the_wrong_kind_is_refused(setting: str, value: Any) -> None:
    """The error comes from the constructor and names the setting, what was found and what is allowed."""
    given: dict[str, Any] = {setting: value}
    with pytest.raises(ConfigurationError, match=f"^{setting}: expected .* found "):
        TalonClient(URL, api_key="key", **given)


def test_hooks_may_be_any_callable() -> None:
    """Functions, methods, lambdas, builtins and objects with ``__call__`` are hooks."""
    found: list[object] = []

    class Hook:
        def __call__(self, event: object) -> None:
            found.append(event)

        def method(self, event: object) -> None:
            found.append(event)

    hooks: list[Any] = [found.append, Hook(), Hook().method, print]
    for each in hooks:
        TalonClient(URL, api_key="key", on_drift=each, on_attempt=each)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.talon.one#",
        "https://shop.talon.one/?",
        "https://shop.talon.one/v1",
        "https://shop.talon.one/v2/",
        f"https://{'a' * 64}.talon.one",
        "https://shop.talon.one/prefix/v1",
    ],
)
def test_an_address_that_would_send_elsewhere_is_refused(url: str) -> None:
    """An address whose requests would go to another path, or to no host, is refused at once."""
    with pytest.raises(ConfigurationError, match="base_url: expected"):
        TalonClient(url, api_key="key")


def test_a_proxy_needs_a_valid_host() -> None:
    """A proxy whose host cannot exist is refused, without its password in the message."""
    with pytest.raises(ConfigurationError, match="proxy: expected") as caught:
        TalonClient(URL, api_key="key", proxy=f"http://user:secret@{'a' * 64}.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("headers", [{"X-Trace": 7}, {7: "x"}, {"X-Trace": b"x"}, {"X-Trace": None}])
def test_header_fields_are_text(headers: Any) -> None:
    """A header field whose name or value is not a string is refused by name."""
    with pytest.raises(InvalidRequestError, match="expected a name and a value that are strings"):
        CallOptions(headers=headers)


def test_settings_of_the_right_kind_are_taken() -> None:
    """A context, a client and a transport of one's own are accepted."""
    TalonClient(URL, api_key="key", ssl_context=ssl.create_default_context())
    TalonClient(URL, api_key="key", http_client=httpx.AsyncClient())
    TalonClient(URL, api_key="key", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
