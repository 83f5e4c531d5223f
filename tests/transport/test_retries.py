"""Retries on the wire: which requests are retried, with which key and delay, and how often."""

import asyncio
import contextlib
from typing import Any

import httpx
import pytest

from talon_async import (
    CallError,
    ConflictError,
    DeadlineExceededError,
    IntegrationEventV3Request,
    RateLimitError,
    ResponseDecodeError,
    RetryPolicy,
    ServerError,
    ServiceConnectionError,
    StatusError,
    TalonClient,
)
from tests.calls import CALLS
from tests.transport.server import (
    SESSION_STATE,
    close,
    http_response,
    read,
    reply_always,
    send,
    serving,
    stall,
)
from tests.transport.support import (
    KEY,
    ONE_ATTEMPT,
    SESSION,
    FakeSleep,
    client_of,
    mocked,
    refusing,
    reply_to,
    rewired,
    url_of,
)
from tests.transport.test_retry_rules import RETRYABLE

OK = send(http_response())
BUSY = b'{"message":"Too many requests are updating this profile at the same time"}'
TAKEN = b'{"message":"An event with this integrationId exists already"}'
EVENT = IntegrationEventV3Request(profile_id="customer-7", type="Seen", integration_id="event-1")


def unavailable(**fields: str) -> bytes:
    """A 503 response, with optional headers."""
    named = {name.replace("_", "-"): text for name, text in fields.items()}
    return http_response(b'{"message":"busy"}', status="503 Service Unavailable", fields=named)


@pytest.mark.parametrize("operation", CALLS)
async def test_a_request_is_retried_after_503_only_if_safe(operation: str) -> None:
    """After a 503, reads, writes with a key and idempotent writes are retried; other writes are sent once."""
    async with (
        serving([read, send(unavailable()), read, reply_to(operation)]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with contextlib.suppress(ServerError):
            await CALLS[operation].minimal.call(talon)
    assert len(server.requests) == (2 if operation in RETRYABLE else 1)


@pytest.mark.parametrize("operation", CALLS)
async def test_an_unsent_request_is_always_retried(operation: str) -> None:
    """After a refused connection, every operation is retried up to the policy's limit."""
    with refusing() as held:
        async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=FakeSleep()) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await CALLS[operation].minimal.call(talon)
    assert (caught.value.sent, caught.value.attempts) == (False, 3)


@pytest.mark.parametrize("custom", [None, "order-17"])
async def test_every_attempt_sends_the_same_request(custom: str | None) -> None:
    """All attempts of a call send the same request with the same key, generated or custom."""
    part = send(http_response(b'{"effects":[', fields={"Content-Length": "56"}))
    scripts = [read, send(unavailable()), close], [read, close], [read, part, close], [read, OK]
    keys = iter(["first", "second"])
    async with (
        serving(*scripts) as server,
        rewired(client_of(server), sleep=FakeSleep(), new_key=lambda: next(keys)) as talon,
    ):
        four = RetryPolicy(attempts=4)
        raw = await talon.with_raw_response(talon.with_options(retry=four).sessions.update)(
            "cart-1", SESSION, idempotency_key=custom
        )
    assert raw.attempts == len(server.requests) == 4
    assert len({(r.method, r.target, r.fields, r.body) for r in server.requests}) == 1
    assert server.requests[0].all("idempotency-key") == [custom or "first"]
    assert next(keys) == ("first" if custom else "second")


async def test_a_409_for_concurrent_requests_is_retried() -> None:
    """A 409 for too many requests for one customer is retried, also for V3 events."""
    conflict = send(http_response(BUSY, status="409 Conflict"))
    async with (
        serving([read, conflict, read, conflict, read, OK, read, conflict, read, OK]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        await talon.events.track_advanced(EVENT)
    assert len(server.requests) == 5


@pytest.mark.parametrize(
    "lost", [False, True], ids=["created by another call", "created by an earlier attempt"]
)
async def test_a_409_for_an_existing_event_is_not_retried(lost: bool) -> None:
    """A 409 for an existing event is not retried, even if an earlier attempt of the call created it."""
    exists = [read, send(http_response(TAKEN, status="409 Conflict")), read, OK]
    async with (
        serving(*([[read, close], exists] if lost else [exists])) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ConflictError) as caught:
            await talon.events.track_advanced(EVENT)
    assert caught.value.attempts == len(server.requests) == (2 if lost else 1)


async def test_a_response_that_cannot_be_decoded_is_not_retried() -> None:
    """A success that is not valid JSON is not retried, even for a read."""
    async with (
        serving([read, send(http_response(b"<html>")), read, OK]) as server,
        client_of(server) as talon,
    ):
        with pytest.raises(ResponseDecodeError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.attempts == len(server.requests) == 1


async def test_sent_stays_true_for_later_attempts() -> None:
    """If a later attempt finds no connection, `sent` is still `True` for the earlier one."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving([read, send(unavailable()), close]))

        async def on_sleep(_seconds: float) -> None:
            await stack.aclose()

        async with rewired(client_of(server), sleep=on_sleep) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert (caught.value.sent, caught.value.attempts) == (True, 3)
    assert len(server.requests) == 1


async def test_sent_stays_true_while_a_later_attempt_waits() -> None:
    """If a call ends while its second attempt waits for a connection, the error covers the first one."""
    others: list[asyncio.Task[object]] = []
    async with serving([read, send(unavailable()), read, stall]) as server:
        talon = client_of(server, max_connections=1, retry=RetryPolicy(attempts=2))

        async def on_sleep(_seconds: float) -> None:
            others.append(asyncio.create_task(get_another()))
            await server.stalled.wait()

        async def get_another() -> object:
            return await talon.sessions.get("cart-2")

        async with rewired(talon, sleep=on_sleep, random=lambda: 0.0):
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.with_options(deadline=0.2).sessions.get("cart-1")
        await asyncio.gather(*others, return_exceptions=True)
    assert (caught.value.sent, caught.value.attempts, caught.value.last_status) == (True, 2, 503)


async def test_an_unsafe_write_is_not_retried_once_sent() -> None:
    """An unsafe write is retried while connections are refused, and not once it may have been sent."""
    with refusing() as held:
        async with contextlib.AsyncExitStack() as stack:

            async def on_sleep(_seconds: float) -> None:
                await stack.enter_async_context(serving([read, close], [read, OK], listener=held))

            async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=on_sleep) as talon:
                with pytest.raises(ServiceConnectionError) as caught:
                    await talon.audiences.delete(7)
    assert (caught.value.sent, caught.value.attempts) == (True, 2)


@pytest.mark.parametrize(
    ("clients", "calls", "attempts"),
    [
        (None, None, 3),
        (ONE_ATTEMPT, None, 1),
        (None, ONE_ATTEMPT, 1),
        (ONE_ATTEMPT, RetryPolicy(attempts=4), 4),
    ],
)
async def test_a_calls_policy_overrides_the_clients(
    clients: RetryPolicy | None, calls: RetryPolicy | None, attempts: int
) -> None:
    """A call's policy replaces the client's; one attempt disables retries."""
    fake_sleep = FakeSleep()
    async with (
        serving([reply_always(unavailable())]) as server,
        rewired(client_of(server, retry=clients), sleep=fake_sleep) as talon,
    ):
        with pytest.raises(ServerError):
            await talon.with_options(retry=calls).sessions.update("cart-1", SESSION)
    assert len(server.requests) == attempts
    assert len(fake_sleep.delays) == attempts - 1


@pytest.mark.parametrize("settings", [{}, {"retry": RetryPolicy(attempts=20)}], ids=["3", "20"])
async def test_the_retry_budget_limits_attempts_during_an_outage(settings: dict[str, Any]) -> None:
    """While all calls fail, attempts stay within 1.1 times the calls plus a first burst of 10."""
    async with (
        serving(*[[reply_always(unavailable())]] * 10) as server,
        rewired(client_of(server, max_connections=10, **settings), sleep=FakeSleep()) as talon,
    ):
        other = talon.with_options(headers={"X-Shop": "2"})
        for _ in range(20):
            gets = (each.sessions.get(f"cart-{n}") for n in range(5) for each in (talon, other))
            failures = await asyncio.gather(*gets, return_exceptions=True)
            assert [type(failure) for failure in failures] == [ServerError] * 10
        assert 1.05 * 200 + 10 < len(server.requests) <= 1.1 * 200 + 10


async def test_successful_calls_refill_the_retry_budget() -> None:
    """Ten successful calls allow one retry, and a hundred refill the budget to its maximum of ten."""
    status = 429

    def reply(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, content=SESSION_STATE)

    async def attempts_of_a_failure() -> int:
        nonlocal status
        status = 429
        with pytest.raises(RateLimitError) as caught:
            await talon.with_options(retry=RetryPolicy(attempts=100)).sessions.get("cart-1")
        return caught.value.attempts

    async def successes(calls: int) -> None:
        nonlocal status
        status = 200
        for _ in range(calls):
            await talon.sessions.get("cart-1")

    async with rewired(mocked(httpx.MockTransport(reply)), sleep=FakeSleep()) as talon:
        assert await attempts_of_a_failure() == 1 + 10
        assert await attempts_of_a_failure() == 1
        await successes(20)
        assert await attempts_of_a_failure() == 1 + 2
        await successes(200)
        assert await attempts_of_a_failure() == 1 + 10


async def test_each_failure_of_a_call_is_classified_independently() -> None:
    """A final failure ends a call immediately, even after failures that were retried."""
    gone = send(http_response(b'{"message":"gone"}', status="404 Not Found"))
    async with (
        serving([read, send(unavailable()), read, gone, read, OK]) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(CallError) as caught:
            await talon.sessions.get("cart-1")
    assert isinstance(caught.value, StatusError)
    assert (caught.value.status, caught.value.attempts) == (404, 2)
