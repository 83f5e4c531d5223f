"""The attempt hook and the log: each completed attempt is reported once."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import attrs
import httpx
import pytest

from talon_async import (
    Attempt,
    CallError,
    CircuitBreaker,
    CircuitOpenError,
    ClientClosedError,
    DeadlineExceededError,
    NotFoundError,
    ResponseDecodeError,
    RetryPolicy,
    ServerError,
    ServiceConnectionError,
    TalonClient,
)
from tests.transport.server import SESSION_STATE, close, http_response, read, send, serving, stall
from tests.transport.service import Service
from tests.transport.support import ONE_ATTEMPT, SESSION, Clock, FakeSleep, client_of, mocked, rewired


def logged_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The log messages about calls."""
    return [record.getMessage() for record in caplog.records if record.name == "talon_async.calls"]


async def test_each_attempt_is_reported_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Hook and log report each attempt's operation, number, time, status, error and delay."""
    caplog.set_level(logging.DEBUG, "talon_async")
    reported: list[Attempt] = []
    clock = Clock()
    outcomes: Iterator[int | Exception] = iter(
        [httpx.ConnectError("refused"), 503, httpx.ReadError("broken"), 200]
    )

    def serve(_: httpx.Request) -> httpx.Response:
        assert len(reported) == int(clock() - 1000)
        clock.move(1)
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome, headers={"Retry-After": "2"}, content=SESSION_STATE)

    policy = RetryPolicy(attempts=4)
    talon = mocked(httpx.MockTransport(serve), retry=policy, on_attempt=reported.append)
    async with rewired(talon, clock=clock, sleep=FakeSleep(), random=lambda: 0.5):
        await talon.sessions.update("cart-1", SESSION)
    operation = "updateCustomerSessionV2"
    assert [attrs.astuple(attrs.evolve(attempt, error=None)) for attempt in reported] == [
        (operation, 1, 1.0, None, None, 0.05),
        (operation, 2, 1.0, 503, None, 2.0),
        (operation, 3, 1.0, None, None, 0.2),
        (operation, 4, 1.0, 200, None, None),
    ]
    errors = [type(attempt.error) for attempt in reported]
    assert errors == [ServiceConnectionError, ServerError, ServiceConnectionError, type(None)]
    assert logged_lines(caplog) == [
        f"{operation}: ServiceConnectionError after 1.000 s, attempt 1, retry in 0.050 s",
        f"{operation}: HTTP 503 after 1.000 s, attempt 2, retry in 2.000 s",
        f"{operation}: ServiceConnectionError after 1.000 s, attempt 3, retry in 0.200 s",
        f"{operation}: HTTP 200 after 1.000 s, attempt 4",
    ]
    assert logged_lines(caplog) == [str(attempt) for attempt in reported]


@pytest.mark.parametrize(
    ("reply", "error", "status"),
    [
        (http_response(b'{"message":"no"}', status="404 Not Found"), NotFoundError, 404),
        (http_response(b"<html>"), ResponseDecodeError, 200),
        (b"HTTP/1.1 200 OK\r\nX", ServiceConnectionError, None),
    ],
)
async def test_the_last_reported_error_is_the_one_raised(
    reply: bytes, error: type[CallError], status: int | None
) -> None:
    """The error of the last attempt is the one the caller catches."""
    reported: list[Attempt] = []
    async with (
        serving([read, send(reply), close]) as server,
        client_of(server, retry=ONE_ATTEMPT, on_attempt=reported.append) as talon,
    ):
        with pytest.raises(error) as caught:
            await talon.sessions.get("cart-1")
    (attempt,) = reported
    assert attempt.error is caught.value
    assert (attempt.number, attempt.status, attempt.delay) == (1, status, None)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(attempt, "number", 2)  # noqa: B010  wrong on purpose


async def test_an_attempt_that_the_deadline_ends_is_reported() -> None:
    """An attempt that the deadline ends is reported."""
    reported: list[Attempt] = []
    settings: dict[str, Any] = {"deadline": 0.2, "on_attempt": reported.append}
    async with (
        serving([read, send(http_response(status="503 Busy")), read, stall]) as server,
        rewired(client_of(server, **settings), sleep=FakeSleep(), random=lambda: 0.0) as talon,
    ):
        with pytest.raises(DeadlineExceededError):
            await talon.sessions.get("cart-1")
    first, second = reported
    assert (first.number, first.status, first.delay) == (1, 503, 0.0)
    assert isinstance(second.error, DeadlineExceededError)
    assert (second.number, second.status, second.delay) == (2, None, None)


async def test_calls_without_a_completed_attempt_are_not_reported() -> None:
    """Calls that were never attempted, or were cancelled, are not reported."""
    reported: list[Attempt] = []
    service = Service(statuses={"failed": [503]})
    settings: dict[str, Any] = {"on_attempt": reported.append, "retry": ONE_ATTEMPT}
    breaker = CircuitBreaker(failures=1)
    talon = mocked(httpx.MockTransport(service.handle), circuit_breaker=breaker, **settings)

    async def update(talon: TalonClient) -> object:
        return await talon.sessions.update("cart-1", SESSION)

    await service.begin(talon, cancelled=update, waits=update)
    with pytest.raises(DeadlineExceededError):
        await talon.with_options(deadline=0.01).sessions.update("cart-1", SESSION)
    await service.cancel("cancelled")
    await service.cancel("waits")
    assert reported == []
    await service.begin(talon, closed=lambda talon: talon.sessions.get("cart-1"), failed=update)
    with pytest.raises(ServerError):
        await service.end("failed")
    with pytest.raises(CircuitOpenError):
        await talon.sessions.get("cart-1")
    await talon.aclose()
    with pytest.raises(ClientClosedError):
        await service.end("closed")
    assert len(reported) == 1


async def test_attempts_of_concurrent_calls_are_counted_separately() -> None:
    """Concurrent calls count their attempts independently."""
    reported: list[Attempt] = []
    seen: set[str] = set()

    async def fail_once(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # lets the other calls run
        retried = request.url.path in seen
        seen.add(request.url.path)
        return httpx.Response(200 if retried else 503, content=SESSION_STATE)

    talon = mocked(httpx.MockTransport(fail_once), on_attempt=reported.append)
    async with rewired(talon, sleep=FakeSleep()):
        await asyncio.gather(*(talon.sessions.get(f"cart-{n}") for n in range(5)))
    assert sorted((attempt.number, attempt.status) for attempt in reported) == [(1, 503)] * 5 + [(2, 200)] * 5
