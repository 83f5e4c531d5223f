"""The delays before retries: random, at least ``Retry-After``, and never past the deadline."""

from typing import Final

import httpx
import pytest

from talon_async import DeadlineExceededError, RetryPolicy, ServerError, ServiceConnectionError, StatusError
from tests.transport.server import SESSION_STATE, read, reply_always, send, serving, stall
from tests.transport.support import SESSION, Clock, FakeSleep, client_of, mocked, rewired
from tests.transport.test_retries import BUSY, unavailable


@pytest.mark.parametrize(
    ("drawn", "waits"),
    [
        (0.0, [0, 0, 0, 0, 0]),
        (0.5, [0.05, 0.1, 0.2, 0.4, 0.5]),
        (1.0, [0.1, 0.2, 0.4, 0.8, 1.0]),
    ],
)
async def test_delays_use_exponential_backoff_with_jitter(drawn: float, waits: list[float]) -> None:
    """The delay is random between 0 and a limit that doubles from `first_delay` to `max_delay`."""
    fake_sleep = FakeSleep()
    policy = RetryPolicy(attempts=6, first_delay=0.1, max_delay=1)
    async with (
        serving([reply_always(unavailable())]) as server,
        rewired(client_of(server, retry=policy), sleep=fake_sleep, random=lambda: drawn) as talon,
    ):
        with pytest.raises(ServerError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.attempts == len(server.requests) == 6
    assert fake_sleep.delays == pytest.approx(waits)


WAITS: Final[dict[str, tuple[dict[str, str], float | None]]] = {
    "longer than the draw": ({"Retry-After": "2"}, 2.0),
    "shorter than the draw": ({"Retry-After": "0.01"}, 0.05),
    "in milliseconds": ({"Retry-After-Ms": "250"}, 0.25),
    "as a date": ({"Retry-After": "Thu, 01 Jan 1970 00:16:43 GMT"}, 3.0),
    "as a date in the past": ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.05),
    "invalid": ({"Retry-After": "nan", "Retry-After-Ms": "-1"}, 0.05),
    "just before the deadline": ({"Retry-After": "8.9"}, 8.9),
    "up to the deadline": ({"Retry-After": "9"}, None),
    "a day": ({"Retry-After": "86400"}, None),
    "practically infinite": ({"Retry-After": "1e308"}, None),
}


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable", "409 Conflict"])
@pytest.mark.parametrize(("fields", "wait"), WAITS.values(), ids=WAITS.keys())
async def test_retry_after_is_the_minimum_delay(
    status: str, fields: dict[str, str], wait: float | None
) -> None:
    """``Retry-After`` is the minimum delay; if it would pass the deadline, the response's error is raised."""
    fake_sleep, clock = FakeSleep(), Clock()

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        clock.move(1)
        if len(requests) > 1:
            return httpx.Response(200, content=SESSION_STATE)
        return httpx.Response(int(status[:3]), headers=fields, content=BUSY)

    requests: list[httpx.Request] = []
    talon = rewired(mocked(httpx.MockTransport(reply)), sleep=fake_sleep, clock=clock, now=lambda: 1000.0)
    async with rewired(talon, random=lambda: 0.5):
        if wait is None:
            with pytest.raises(StatusError) as caught:
                await talon.sessions.update("cart-1", SESSION)
            assert (caught.value.status, caught.value.attempts) == (int(status[:3]), 1)
            assert fake_sleep.delays == []
        else:
            await talon.sessions.update("cart-1", SESSION)
            assert fake_sleep.delays == pytest.approx([wait])


@pytest.mark.parametrize(("spent", "attempts"), [(9.949, 2), (9.951, 1), (11, 1)])
async def test_a_delay_that_would_pass_the_deadline_is_not_started(spent: float, attempts: int) -> None:
    """If a random delay would pass the deadline, the failure is raised immediately."""
    clock = Clock()

    def fail(_: httpx.Request) -> httpx.Response:
        clock.move(spent)
        raise httpx.ReadError("broken")

    talon = rewired(mocked(httpx.MockTransport(fail)), clock=clock, sleep=clock.sleep, random=lambda: 0.5)
    async with talon:
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.attempts == attempts


async def test_the_deadline_error_has_the_last_status() -> None:
    """The error of a call that ends in a later attempt has the number of attempts and the last status."""
    async with (
        serving([read, send(unavailable()), read, stall]) as server,
        rewired(client_of(server, deadline=0.2), sleep=FakeSleep(), random=lambda: 0.0) as talon,
    ):
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    error = caught.value
    assert (error.sent, error.attempts, error.last_status) == (True, 2, 503)
