"""Settings of the wrong type are refused when they are set, by name."""

import itertools
import ssl
from typing import Any

import httpx
import pytest

from talon_async import CallOptions, ConfigurationError, InvalidRequestError, TalonClient

URL = "https://shop.invalid"


async def hook(_event: object) -> None:
    """An async function, which would never be awaited."""


class AsyncHook:
    """A callable whose ``__call__`` is async."""

    async def __call__(self, _event: object) -> None:
        """It would never be awaited."""


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
        *itertools.product(("on_drift", "on_attempt", "on_call"), (hook, AsyncHook(), "log", 7)),
    ],
)
def test_a_setting_of_the_wrong_type_is_refused(setting: str, value: Any) -> None:
    """The constructor's error names the setting, what was found and what is allowed."""
    arguments: dict[str, Any] = {setting: value}
    with pytest.raises(ConfigurationError, match=f"^{setting}: expected .* found "):
        TalonClient(URL, api_key="key", **arguments)


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
        TalonClient(URL, api_key="key", on_drift=each, on_attempt=each, on_call=each)


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
def test_a_url_with_extra_parts_is_refused(url: str) -> None:
    """A base URL that would send requests to another path, or to no host, is refused."""
    with pytest.raises(ConfigurationError, match="base_url: expected"):
        TalonClient(url, api_key="key")


def test_a_proxy_needs_a_valid_host() -> None:
    """A proxy with an invalid host is refused, without its password in the message."""
    with pytest.raises(ConfigurationError, match="proxy: expected") as caught:
        TalonClient(URL, api_key="key", proxy=f"http://user:secret@{'a' * 64}.example")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("headers", [{"X-Trace": 7}, {7: "x"}, {"X-Trace": b"x"}, {"X-Trace": None}])
def test_headers_are_strings(headers: Any) -> None:
    """A header whose name or value is not a string is refused by name."""
    with pytest.raises(InvalidRequestError, match="expected a name and a value that are strings"):
        CallOptions(headers=headers)


def test_settings_of_the_right_type_are_accepted() -> None:
    """A custom context, client and transport are accepted."""
    TalonClient(URL, api_key="key", ssl_context=ssl.create_default_context())
    TalonClient(URL, api_key="key", http_client=httpx.AsyncClient())
    TalonClient(URL, api_key="key", transport=httpx.MockTransport(lambda _: httpx.Response(200)))
