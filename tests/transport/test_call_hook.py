"""The call hook: each call that passed the local checks is reported once, however it ends."""

import asyncio
import logging
from typing import Any

import attrs
import httpx
import pytest

from talon_async import (
    CallError,
    CallSummary,
    CircuitBreaker,
    CircuitOpenError,
    ClientClosedError,
    ClientStateError,
    DeadlineExceededError,
    InvalidRequestError,
    NotFoundError,
    ResponseDecodeError,
    ResponseTooLargeError,
    RetryPolicy,
    ServerError,
    ServiceConnectionError,
    TalonClient,
)
from tests.transport.server import SESSION_STATE, Script, close, http_response, read, send, serving, stall
from tests.transport.service import Service
from tests.transport.support import (
    KEY,
    ONE_ATTEMPT,
    SESSION,
    Clock,
    FakeSleep,
    client_of,
    mocked,
    rewired,
)

BUSY = send(http_response(b'{"message":"customer-7-private"}', status="503 Busy"))
MISSING = send(http_response(b'{"message":"no customer-7-private"}', status="404 Not Found"))


async def update(talon: TalonClient) -> object:
    """Make a call that is queued for its customer."""
    return await talon.sessions.update("cart-1", SESSION)


async def test_a_success_is_reported() -> None:
    """A successful call is reported with its operation, attempts, status and time."""
    reported: list[CallSummary] = []
    clock, statuses = Clock(), iter([503, 200])

    def serve(_: httpx.Request) -> httpx.Response:
        clock.move(1)
        return httpx.Response(next(statuses), content=SESSION_STATE)

    talon = mocked(httpx.MockTransport(serve), on_call=reported.append)
    async with rewired(talon, clock=clock, sleep=clock.sleep, random=lambda: 0.0):
        await update(talon)
    assert reported == [
        CallSummary(
            operation="updateCustomerSessionV2", attempts=2, queued=0, elapsed=2, status=200, error=None
        )
    ]
    text = "updateCustomerSessionV2: HTTP 200 after 2.000 s, queued for 0.000 s, attempts: 2"
    assert str(reported[0]) == text
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(reported[0], "attempts", 2)  # noqa: B010  wrong on purpose


@pytest.mark.parametrize(
    ("script", "settings", "error", "attempts", "status"),
    [
        ([read, MISSING], {}, NotFoundError, 1, 404),
        ([read, BUSY, read, MISSING], {}, NotFoundError, 2, 404),
        ([read, BUSY] * 3, {}, ServerError, 3, 503),
        (
            [read, send(b"HTTP/1.1 200 OK\r\nX"), close],
            {"retry": ONE_ATTEMPT},
            ServiceConnectionError,
            1,
            None,
        ),
        ([read, send(http_response(b"<html>"))], {}, ResponseDecodeError, 1, 200),
        ([read, send(http_response())], {"max_response_bytes": 10}, ResponseTooLargeError, 1, None),
        ([read, BUSY, read, stall], {"deadline": 0.2}, DeadlineExceededError, 2, None),
    ],
)
async def test_a_failure_is_reported_with_the_error_that_is_raised(
    script: Script, settings: dict[str, Any], error: type[CallError], attempts: int, status: int | None
) -> None:
    """A failed call is reported once, with the error that the caller catches."""
    reported: list[CallSummary] = []
    async with (
        serving(script) as server,
        rewired(client_of(server, on_call=reported.append, **settings), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(error) as caught:
            await talon.sessions.get("cart-1")
    (call,) = reported
    assert call.error is caught.value
    assert (call.attempts, call.status) == (attempts, status)
    assert KEY not in repr(call)
    assert "private" not in str(call)


async def test_the_time_in_the_queue_is_reported() -> None:
    """A call that waited for an earlier call of its customer is reported with the time it waited."""
    reported: list[CallSummary] = []
    clock, service = Clock(), Service()
    talon = mocked(httpx.MockTransport(service.handle), on_call=reported.append)
    async with rewired(talon, clock=clock):
        await service.begin(talon, first=update, second=update)
        clock.move(2)
        await service.end("first")
        clock.move(3)
        await service.end("second")
    assert [(call.queued, call.elapsed) for call in reported] == [(0, 2), (2, 5)]


async def test_calls_that_end_in_the_queue_are_reported() -> None:
    """Calls that end in the queue, by the deadline or a cancellation, are reported without an attempt."""
    reported: list[CallSummary] = []
    clock, service = Clock(), Service()
    talon = mocked(httpx.MockTransport(service.handle), on_call=reported.append)
    async with rewired(talon, clock=clock):
        await service.begin(talon, first=update, second=update)
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.with_options(deadline=0.01).sessions.update("cart-1", SESSION)
        clock.move(2)
        await service.cancel("second")
        late, cancelled = reported
        await service.end("first")
    assert late.error is caught.value
    assert isinstance(cancelled.error, asyncio.CancelledError)
    assert [(call.attempts, call.status) for call in (late, cancelled)] == [(0, None)] * 2
    assert [(call.queued, call.elapsed) for call in (late, cancelled)] == [(0, 0), (2, 2)]
    assert len(reported) == 3


async def test_cancelled_and_closed_calls_are_reported() -> None:
    """Calls in flight that the caller cancels, or that closing the client ends, are reported."""
    reported: list[CallSummary] = []
    service = Service()
    talon = mocked(httpx.MockTransport(service.handle), on_call=reported.append)
    await service.begin(talon, cancelled=update)
    await service.cancel("cancelled")
    await service.begin(talon, closed=update, queued=update)
    await talon.aclose()
    for name in ("closed", "queued"):
        with pytest.raises(ClientClosedError):
            await service.end(name)
    errors = [(type(call.error), call.attempts) for call in reported]
    assert errors[0] == (asyncio.CancelledError, 1)
    assert sorted(attempts for _, attempts in errors[1:]) == [0, 1]
    assert [error for error, _ in errors[1:]] == [ClientClosedError] * 2


async def test_calls_that_the_circuit_breaker_refuses_are_reported() -> None:
    """A call that the circuit breaker refuses is reported with its error and without an attempt."""
    reported: list[CallSummary] = []
    breaker = CircuitBreaker(failures=1)
    async with (
        serving([read, BUSY]) as server,
        client_of(server, on_call=reported.append, circuit_breaker=breaker, retry=ONE_ATTEMPT) as talon,
    ):
        with pytest.raises(ServerError):
            await update(talon)
        with pytest.raises(CircuitOpenError) as caught:
            await update(talon)
    assert [(call.attempts, call.status) for call in reported] == [(1, 503), (0, None)]
    assert reported[1].error is caught.value


async def test_a_foreign_client_that_was_closed_is_reported() -> None:
    """A call that fails because the user's own HTTP client was closed is reported."""
    reported: list[CallSummary] = []
    http = httpx.AsyncClient()
    await http.aclose()
    async with TalonClient(
        "https://shop.invalid", api_key=KEY, http_client=http, on_call=reported.append
    ) as talon:
        with pytest.raises(ClientStateError) as caught:
            await update(talon)
    assert [call.error for call in reported] == [caught.value]


async def test_refused_requests_are_not_reported() -> None:
    """A request that is not valid, and a call on a closed client, are not reported."""
    reported: list[CallSummary] = []
    talon = mocked(on_call=reported.append)
    with pytest.raises(InvalidRequestError):
        await talon.sessions.get("")
    await talon.aclose()
    with pytest.raises(ClientStateError):
        await update(talon)
    assert reported == []


class Unexpected(BaseException):
    """An exception that is not meant to be caught."""


async def test_a_hook_that_ends_the_program_is_called_once() -> None:
    """A hook whose exception is not an `Exception` ends the call, and is not called again for it."""
    reported: list[CallSummary] = []

    def stop(call: CallSummary) -> None:
        reported.append(call)
        raise Unexpected

    async with mocked(on_call=stop) as talon:
        with pytest.raises(Unexpected):
            await update(talon)
    assert len(reported) == 1


@pytest.mark.parametrize("hook", ["on_attempt", "on_call"])
@pytest.mark.parametrize("status", [200, 404])
async def test_a_hook_that_raises_does_not_affect_the_call(
    status: int, hook: str, caplog: pytest.LogCaptureFixture
) -> None:
    """If a hook raises, the call ends as usual, and the log has the traceback and nothing of the response."""

    def fail(_: object) -> None:
        try:
            metrics["calls"]
        except KeyError:
            raise LookupError("no such metric")  # noqa: B904  without a cause on purpose

    metrics: dict[str, int] = {}
    body = SESSION_STATE if status == 200 else b'{"message":"no customer-7-private"}'
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    settings: dict[str, Any] = {hook: fail}
    async with mocked(transport, **settings) as talon:
        if status == 200:
            await talon.sessions.get("cart-1")
        else:
            with pytest.raises(NotFoundError):
                await talon.sessions.get("cart-1")
    (record,) = (record for record in caplog.records if record.name == "talon_async.calls")
    assert (record.levelname, record.getMessage()) == ("ERROR", f"the {hook} hook failed")
    assert vars(record)["operation"] == "getCustomerSession"
    printed = logging.Formatter().format(record)
    assert "KeyError: 'calls'" in printed
    assert "LookupError: no such metric" in printed
    assert "private" not in printed


async def test_a_hook_that_raises_does_not_keep_a_call_from_being_cancelled() -> None:
    """A cancelled call stays cancelled if the hook raises."""

    def fail(_: CallSummary) -> None:
        raise LookupError("no such metric")

    service = Service()
    async with mocked(httpx.MockTransport(service.handle), on_call=fail) as talon:
        await service.begin(talon, cancelled=update)
        await service.cancel("cancelled")


async def test_copies_of_a_client_report_to_the_same_hook() -> None:
    """Calls with other options, and calls with raw responses, are reported once each."""
    reported: list[CallSummary] = []
    async with mocked(on_call=reported.append) as talon:
        await asyncio.gather(update(talon), update(talon.with_options(retry=RetryPolicy(attempts=2))))
        await talon.with_raw_response(talon.sessions.get)("cart-1")
    assert len(reported) == 3
