"""Tracebacks with variables, as error trackers and terminals show them, do not contain the API key."""

import asyncio
import os
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from talon_async import CallError, ConfigurationError, InvalidRequestError, TalonClient
from tests.security.leaks import failure_of, leakable_text
from tests.transport.support import KEY, ONE_ATTEMPT, mocked

RAISED: list[Exception] = [
    OSError(5, "Input/output error"),
    TimeoutError(),
    ssl.SSLError(1, "record layer failure"),
    RuntimeError("the transport failed"),
    httpx.InvalidURL("no host"),
    ExceptionGroup("tasks", [OSError("broken")]),
]


@pytest.mark.parametrize("raised", RAISED, ids=lambda raised: type(raised).__name__)
async def test_an_exception_of_a_transport_does_not_reveal_the_key(raised: Exception) -> None:
    """An exception raised in frames that hold the request leaves the call without those frames."""

    def fail(request: httpx.Request) -> httpx.Response:
        fields = request.headers.raw
        raise raised if fields else LookupError

    async with mocked(httpx.MockTransport(fail), retry=ONE_ATTEMPT) as talon:
        error = await failure_of(talon.sessions.get("cart-1"))
    assert isinstance(error, CallError)
    assert KEY not in leakable_text(error)


async def test_a_url_that_is_too_long_does_not_reveal_the_key() -> None:
    """A request that is refused for its length is refused before the key is near it."""
    async with mocked() as talon:
        (error,) = await asyncio.gather(talon.sessions.get("c" * 70_000), return_exceptions=True)
    assert isinstance(error, InvalidRequestError)
    assert KEY not in leakable_text(error)


def _construct() -> object:
    return TalonClient("https://10.0.0.256", api_key=os.environ["TALON_API_KEY"])


REFUSED: dict[str, Callable[[], Any]] = {
    "the base URL": _construct,
    "an option": lambda: TalonClient("https://x.example", api_key=os.environ["TALON_API_KEY"], deadline=-1),
    "a combination": lambda: TalonClient("http://x.example", api_key=os.environ["TALON_API_KEY"]),
    "the key": lambda: TalonClient("https://x.example", api_key=os.environ["TALON_API_KEY"] + "\n"),
    "the environment": TalonClient.from_env,
}


@pytest.mark.parametrize("construct", REFUSED.values(), ids=REFUSED.keys())
def test_a_setting_that_is_not_valid_does_not_reveal_the_key(
    construct: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No frame of a `ConfigurationError` holds the key that was passed beside the setting at fault."""
    monkeypatch.setenv("TALON_API_KEY", KEY)
    monkeypatch.setenv("TALON_BASE_URL", "http://x.example")
    with pytest.raises(ConfigurationError) as caught:
        construct()
    assert KEY not in leakable_text(caught.value)
