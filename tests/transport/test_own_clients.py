"""A user's own `AsyncClient` of httpx or httpx2: closed, and with hooks that raise."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from talon_async import (
    ClientStateError,
    NotFoundError,
    RateLimitError,
    RetryPolicy,
    ServiceConnectionError,
    TalonClient,
)
from tests.transport.server import http_response, read, reply_always, send, serving
from tests.transport.support import KEY, LIBRARIES, ONE_ATTEMPT, SESSION, FakeSleep, client_of, rewired

OK = send(http_response())


Hook = Callable[[Any], Awaitable[None]]


async def _raise_for_status(response: Any) -> None:
    response.raise_for_status()


async def _read_and_raise_for_status(response: Any) -> None:
    await response.aread()
    response.raise_for_status()


async def _fail(_response: Any) -> None:
    raise LookupError("the hook failed")


@LIBRARIES
async def test_a_closed_client_of_the_users_is_a_mistake_of_the_program(library: Any) -> None:
    """A call through a client that its owner closed fails immediately, and is not retried."""
    async with library.AsyncClient() as http:
        pass
    sleep = FakeSleep()
    talon = TalonClient("https://shop.invalid", api_key=KEY, http_client=http)
    async with rewired(talon, sleep=sleep):
        with pytest.raises(ClientStateError, match=r"http_client .* was closed"):
            await talon.sessions.update("cart-1", SESSION)
    assert sleep.delays == []


@LIBRARIES
@pytest.mark.parametrize("hook", [_raise_for_status, _read_and_raise_for_status])
async def test_a_hook_that_raises_for_the_status_changes_nothing(library: Any, hook: Hook) -> None:
    """The error is that of the status, retried as without the hook, after the time in ``Retry-After``."""
    sleep = FakeSleep()
    busy = http_response(b'{"message":"busy"}', status="429 Slow Down", fields={"Retry-After": "3"})
    async with (
        serving(*[[reply_always(busy)]] * 2) as server,
        library.AsyncClient(event_hooks={"response": [hook]}) as http,
        rewired(client_of(server, http_client=http, retry=RetryPolicy(attempts=2)), sleep=sleep) as talon,
    ):
        with pytest.raises(RateLimitError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert len(server.requests) == 2
    assert (caught.value.status, caught.value.attempts) == (429, 2)
    assert caught.value.headers["retry-after"] == "3"
    assert sleep.delays == [3.0]


@LIBRARIES
async def test_a_hook_that_has_read_the_body_keeps_it(library: Any) -> None:
    """What a hook has read of an error response is in the error."""
    missing = http_response(b'{"message":"no such session"}', status="404 Not Found")
    async with (
        serving([read, send(missing)]) as server,
        library.AsyncClient(event_hooks={"response": [_read_and_raise_for_status]}) as http,
        client_of(server, http_client=http) as talon,
    ):
        with pytest.raises(NotFoundError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.reason == "no such session"


@LIBRARIES
async def test_a_hook_that_fails_is_a_failed_attempt(library: Any) -> None:
    """Any other exception of a hook becomes an error of ours that names its class."""
    async with (
        serving([read, OK]) as server,
        library.AsyncClient(event_hooks={"response": [_fail]}) as http,
        client_of(server, http_client=http, retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(ServiceConnectionError, match="LookupError: the hook failed") as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.sent is True
