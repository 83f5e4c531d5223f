"""Logs: structured fields, a warning when retries are spent, and no customer data."""

import asyncio
import logging
from typing import Any

import pytest

from talon_async import (
    Attempt,
    CallError,
    CallSummary,
    CircuitBreaker,
    NewCustomerSessionV2,
    RetryPolicy,
    ServerError,
)
from talon_async._transport.breaker import Circuit
from talon_async._transport.budget import RetryBudget
from tests.transport.server import Script, http_response, read, send, serving, stall
from tests.transport.support import KEY, ONE_ATTEMPT, Clock, FakeSleep, client_of, rewired

PRIVATE = NewCustomerSessionV2(profile_id="customer-7-private", coupon_codes=["WELCOME10-private"])
BODY = b'{"effects":[],"message":"no customer-7-private with key ' + KEY.encode() + b'"}'


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "502 Bad Gateway"])
async def test_logs_contain_no_customer_data(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """No logger gets identifiers, codes, bodies or the key, at any level."""
    caplog.set_level(logging.DEBUG)
    reported: list[Attempt] = []
    calls: list[CallSummary] = []
    async with (
        serving([read, send(http_response(BODY, status=status))]) as server,
        client_of(server, retry=ONE_ATTEMPT, on_attempt=reported.append, on_call=calls.append) as talon,
    ):
        await asyncio.gather(talon.sessions.update("cart-1-private", PRIVATE), return_exceptions=True)
    # Some handlers store a message's arguments too.
    texts = [f"{record.name}: {record.getMessage()} {vars(record)}" for record in caplog.records]
    assert any(text.startswith("talon_async.calls: updateCustomerSessionV2: HTTP ") for text in texts)
    for text in (*texts, str(reported[0]), str(calls[0])):
        assert "private" not in text
        assert KEY not in text


STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
BUSY: Script = [read, send(http_response(b'{"message":"busy"}', status="503 Busy"))]
ASKS_TO_WAIT: Script = [read, send(http_response(b"{}", status="503 Busy", fields={"Retry-After": "60"}))]
MISSING: Script = [read, send(http_response(b'{"message":"no"}', status="404 Not Found"))]
OK: Script = [read, send(http_response())]


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """The structured fields of a log record."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD}


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """The records at level WARNING and above."""
    return [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_records_of_attempts_have_fields(caplog: pytest.LogCaptureFixture) -> None:
    """The record of each attempt has its values as fields, for handlers that write JSON."""
    caplog.set_level(logging.DEBUG, "talon_async")
    async with (
        serving([*BUSY, *OK]) as server,
        rewired(client_of(server), clock=Clock(), sleep=FakeSleep(), random=lambda: 0.5) as talon,
    ):
        await talon.sessions.get("cart-1")
    common = {"operation": "getCustomerSession", "elapsed": 0.0}
    assert [fields_of(record) for record in caplog.records if record.name == "talon_async.calls"] == [
        {**common, "attempt": 1, "status": 503, "error": "ServerError", "delay": 0.05},
        {**common, "attempt": 2, "status": 200, "error": None, "delay": None},
    ]
    assert warnings_in(caplog) == []


@pytest.mark.parametrize(
    ("script", "settings", "limit", "reason", "status"),
    [
        ([*BUSY, *BUSY], {"retry": RetryPolicy(attempts=2)}, "attempts", "no attempts are left", 503),
        ([*BUSY, *BUSY], {}, "budget", "the retry budget is empty", 503),
        ([*BUSY, *ASKS_TO_WAIT], {}, "deadline", "the deadline leaves no time", 503),
        ([*BUSY, read, stall], {"deadline": 0.2}, "deadline", "the deadline leaves no time", None),
    ],
)
async def test_spent_retries_are_a_warning(
    script: Script,
    settings: dict[str, Any],
    limit: str,
    reason: str,
    status: int | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A call that was retried and still fails logs one warning that says what ended the retries."""
    budget = RetryBudget()
    for _ in range(9):  # leaves one retry
        budget.try_withdraw()
    async with (
        serving(script) as server,
        rewired(client_of(server, **settings), clock=Clock(), sleep=FakeSleep(), budget=budget) as talon,
    ):
        with pytest.raises(CallError) as caught:
            await talon.sessions.get("cart-1")
    (record,) = warnings_in(caplog)
    error = type(caught.value).__name__
    result = f"HTTP {status}" if status else error
    assert (record.name, record.levelname) == ("talon_async.calls", "WARNING")
    assert record.getMessage() == (
        f"getCustomerSession: {result} after 0.000 s, queued for 0.000 s, attempts: 2; "
        f"not retried again: {reason}"
    )
    assert fields_of(record) == {
        "operation": "getCustomerSession",
        "attempts": 2,
        "queued": 0.0,
        "elapsed": 0.0,
        "status": status,
        "error": error,
        "limit": limit,
    }


@pytest.mark.parametrize(
    ("script", "settings"),
    [
        (BUSY, {"retry": ONE_ATTEMPT}),
        (ASKS_TO_WAIT, {}),
        (MISSING, {}),
        ([*BUSY, *MISSING], {}),
        ([read, stall], {"deadline": 0.05}),
    ],
)
async def test_other_failures_are_no_warning(
    script: Script, settings: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A call that was not retried, or whose last failure is never retried, logs no warning."""
    async with (
        serving(script) as server,
        rewired(client_of(server, **settings), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(CallError):
            await talon.sessions.get("cart-1")
    assert warnings_in(caplog) == []


async def test_the_circuit_breaker_logs_when_it_opens_and_closes(caplog: pytest.LogCaptureFixture) -> None:
    """An outage logs one warning when the circuit opens, and one line when it closes."""
    caplog.set_level(logging.INFO, "talon_async")
    clock = Clock()
    breaker = CircuitBreaker(failures=2, open_seconds=10)
    async with (
        serving([*BUSY, *BUSY, *BUSY, *OK, *OK]) as server,
        rewired(client_of(server, retry=ONE_ATTEMPT), circuit=Circuit(breaker, clock)) as talon,
    ):
        for _ in range(3):  # the third is a probe
            with pytest.raises(ServerError):
                await talon.sessions.get("cart-1")
            clock.move(10)
        for _ in range(2):
            await talon.sessions.get("cart-1")
    opened, closed = (record for record in caplog.records if record.name == "talon_async.circuit")
    assert (opened.levelname, closed.levelname) == ("WARNING", "INFO")
    assert opened.getMessage() == (
        "the circuit breaker is open after 2 failed attempts; the next probe is in 10 s"
    )
    assert closed.getMessage() == "the circuit breaker is closed again"
    assert fields_of(opened) == {"circuit_state": "open", "failures": 2, "open_seconds": 10}
    assert fields_of(closed) == {"circuit_state": "closed"}
