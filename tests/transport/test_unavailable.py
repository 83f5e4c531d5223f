"""`ServiceUnavailableError`: what a checkout catches to continue, and what it must not hide."""

import time
from email.utils import formatdate
from typing import Any

import pytest

from talon_async import (
    CallError,
    CircuitBreaker,
    NewCustomerSessionV2,
    ServiceUnavailableError,
    StatusError,
    TalonClient,
    TalonError,
)
from tests.transport.server import Script, close, http_response, read, send, serving, stall
from tests.transport.support import ONE_ATTEMPT, SESSION, client_of, refusing, url_of


def responds(status: int, **fields: str) -> Script:
    """Respond with an error status."""
    return [read, send(http_response(b'{"message":"no"}', status=f"{status} No", fields=fields))]


UNAVAILABLE: dict[str, Script] = {
    "connection breaks": [read, close],
    "no response before the deadline": [read, stall],
    **{f"status {status}": responds(status) for status in (429, 500, 502, 503, 504, 599)},
}
OTHER: dict[str, Script] = {
    **{f"status {status}": responds(status) for status in (400, 401, 403, 404, 409, 410)},
    "not JSON": [read, send(http_response(b"All is well."))],
    "too large": [read, send(http_response(b"", fields={"Content-Length": "100000000"})), stall],
}


@pytest.mark.parametrize("script", UNAVAILABLE.values(), ids=UNAVAILABLE.keys())
async def test_a_service_that_cannot_respond_is_unavailable(script: Script) -> None:
    """Broken connections, deadlines, 429 and 5xx are errors after which a checkout can continue."""
    async with serving(script) as server, client_of(server, retry=ONE_ATTEMPT, deadline=0.5) as talon:
        with pytest.raises(ServiceUnavailableError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert isinstance(caught.value, CallError)


async def test_a_refused_connection_and_an_open_circuit_are_unavailable() -> None:
    """A call that is not attempted because of earlier failures is unavailable as they were."""
    breaker = CircuitBreaker(failures=1)
    with refusing() as held:
        async with TalonClient(
            url_of(held), api_key="k", retry=ONE_ATTEMPT, circuit_breaker=breaker
        ) as talon:
            for _ in range(2):
                with pytest.raises(ServiceUnavailableError):
                    await talon.sessions.update("cart-1", SESSION)


@pytest.mark.parametrize("script", OTHER.values(), ids=OTHER.keys())
async def test_errors_to_correct_are_not_hidden(script: Script) -> None:
    """A wrong key, request or entity, and a response that cannot be read, are not unavailability."""
    async with serving(script) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(CallError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert not isinstance(caught.value, ServiceUnavailableError)


@pytest.mark.parametrize("wrong", ["an identifier", "a closed client"])
async def test_mistakes_of_the_program_are_not_hidden(wrong: str) -> None:
    """An invalid request and a closed client are not unavailability."""
    talon = TalonClient("https://shop.invalid", api_key="k")
    if wrong == "a closed client":
        await talon.aclose()
    with pytest.raises(TalonError) as caught:
        await talon.sessions.update("" if wrong == "an identifier" else "c", NewCustomerSessionV2())
    assert not isinstance(caught.value, ServiceUnavailableError)
    await talon.aclose()


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After-Ms": "250"}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
async def test_an_error_says_how_long_to_wait(fields: Any, seconds: float | None) -> None:
    """`retry_after` is in seconds, whatever form the service uses, and `None` if it does not ask."""
    async with serving(responds(429, **fields)) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(StatusError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert caught.value.retry_after == seconds


async def test_a_date_to_wait_for_becomes_seconds_from_now() -> None:
    """A date in ``Retry-After`` is counted from the time at which it is asked for."""
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    script = responds(503, **{"Retry-After": in_a_minute})
    async with serving(script) as server, client_of(server, retry=ONE_ATTEMPT) as talon:
        with pytest.raises(StatusError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    wait = caught.value.retry_after
    assert wait is not None
    assert 0 <= wait <= 60
