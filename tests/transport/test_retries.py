"""Retries on the wire: what goes out again, under which key, after which wait, and how often in all."""

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
from tests.transport.server import SESSION_STATE, answer, close, read, reply_always, send, serving, stall
from tests.transport.support import (
    KEY,
    ONE_ATTEMPT,
    SESSION,
    Naps,
    client_of,
    mocked,
    refusing,
    reply_to,
    rewired,
    url_of,
)
from tests.transport.test_retry_rules import RETRYABLE

OK = send(answer())
BUSY = b'{"message":"Too many requests are updating this profile at the same time"}'
TAKEN = b'{"message":"An event with this integrationId exists already"}'
EVENT = IntegrationEventV3Request(profile_id="customer-7", type="Seen", integration_id="event-1")


def unavailable(**fields: str) -> bytes:
    """An answer that says to come back later."""
    named = {name.replace("_", "-"): text for name, text in fields.items()}
    return answer(b'{"message":"busy"}', status="503 Service Unavailable", fields=named)


@pytest.mark.parametrize("operation", CALLS)
async def test_a_lost_request_goes_out_again_only_where_it_cannot_happen_twice(operation: str) -> None:
    """Reads, writes under a key and idempotent writes outlive a 503; any other write goes out once."""
    async with (
        serving([read, send(unavailable()), read, reply_to(operation)]) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
    ):
        with contextlib.suppress(ServerError):
            await CALLS[operation].minimal.call(talon)
    assert len(server.requests) == (2 if operation in RETRYABLE else 1)


@pytest.mark.parametrize("operation", CALLS)
async def test_an_unsent_request_is_tried_again_whatever_it_does(operation: str) -> None:
    """A refused connection sent nothing, so every operation is tried as often as the policy says."""
    with refusing() as held:
        async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=Naps()) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await CALLS[operation].minimal.call(talon)
    assert (caught.value.sent, caught.value.attempts) == (False, 3)


@pytest.mark.parametrize("own", [None, "order-17"])
async def test_every_attempt_is_the_same_request(own: str | None) -> None:
    """The key is made once for a call, or is the user's own; nothing else changes on the way either."""
    part = send(answer(b'{"effects":[', fields={"Content-Length": "56"}))
    scripts = [read, send(unavailable()), close], [read, close], [read, part, close], [read, OK]
    keys = iter(["first", "second"])
    async with (
        serving(*scripts) as server,
        rewired(client_of(server), sleep=Naps(), new_key=lambda: next(keys)) as talon,
    ):
        four = RetryPolicy(attempts=4)
        raw = await talon.with_raw_response(
            talon.with_options(idempotency_key=own, retry=four).sessions.update
        )("cart-1", SESSION)
    assert raw.attempts == len(server.requests) == 4
    assert len({(r.method, r.target, r.fields, r.body) for r in server.requests}) == 1
    assert server.requests[0].all("idempotency-key") == [own or "first"]
    assert next(keys) == ("first" if own else "second")


async def test_a_conflict_for_contention_passes() -> None:
    """The 409 of too many requests for one customer is waited out, with V3 events too."""
    conflict = send(answer(BUSY, status="409 Conflict"))
    async with (
        serving([read, conflict, read, conflict, read, OK, read, conflict, read, OK]) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        await talon.events.track_advanced(EVENT)
    assert len(server.requests) == 5


@pytest.mark.parametrize("lost", [False, True], ids=["another's", "of the attempt before"])
async def test_an_event_that_exists_is_told(lost: bool) -> None:
    """An event that is there is no reason to track it again, even if an attempt of this call made it so."""
    exists = [read, send(answer(TAKEN, status="409 Conflict")), read, OK]
    async with (
        serving(*([[read, close], exists] if lost else [exists])) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
    ):
        with pytest.raises(ConflictError) as caught:
            await talon.events.track_advanced(EVENT)
    assert caught.value.attempts == len(server.requests) == (2 if lost else 1)


async def test_an_answer_that_cannot_be_read_is_not_asked_for_again() -> None:
    """A success that is no JSON means that the work is done: not even a read is repeated."""
    async with serving([read, send(answer(b"<html>")), read, OK]) as server, client_of(server) as talon:
        with pytest.raises(ResponseDecodeError) as caught:
            await talon.sessions.get("cart-1")
    assert caught.value.attempts == len(server.requests) == 1


async def test_what_was_sent_once_stays_sent() -> None:
    """If a later attempt finds no connection, an earlier one may still have had its effect."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving([read, send(unavailable()), close]))

        async def nap(_seconds: float) -> None:
            await stack.aclose()

        async with rewired(client_of(server), sleep=nap) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert (caught.value.sent, caught.value.attempts) == (True, 3)
    assert len(server.requests) == 1


async def test_what_was_sent_once_stays_sent_while_a_later_attempt_waits() -> None:
    """A call that ends as its second attempt waits for a connection tells of the first."""
    others: list[asyncio.Task[object]] = []
    async with serving([read, send(unavailable()), read, stall]) as server:
        talon = client_of(server, max_connections=1, retry=RetryPolicy(attempts=2))

        async def nap(_seconds: float) -> None:
            others.append(asyncio.create_task(get_another()))
            await server.stalled.wait()

        async def get_another() -> object:
            return await talon.sessions.get("cart-2")

        async with rewired(talon, sleep=nap, random=lambda: 0.0):
            with pytest.raises(DeadlineExceededError) as caught:
                await talon.with_options(deadline=0.2).sessions.get("cart-1")
        await asyncio.gather(*others, return_exceptions=True)
    assert (caught.value.sent, caught.value.attempts, caught.value.last_status) == (True, 2, 503)


async def test_a_write_that_got_out_at_last_is_not_repeated() -> None:
    """A write is tried while connections are refused, and no more once it may have reached the service."""
    with refusing() as held:
        async with contextlib.AsyncExitStack() as stack:

            async def nap(_seconds: float) -> None:
                await stack.enter_async_context(serving([read, close], [read, OK], listener=held))

            async with rewired(TalonClient(url_of(held), api_key=KEY), sleep=nap) as talon:
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
async def test_a_policy_is_the_clients_or_the_calls(
    clients: RetryPolicy | None, calls: RetryPolicy | None, attempts: int
) -> None:
    """The policy is given for a client, and for single calls in its place; one attempt switches it off."""
    naps = Naps()
    async with (
        serving([reply_always(unavailable())]) as server,
        rewired(client_of(server, retry=clients), sleep=naps) as talon,
    ):
        with pytest.raises(ServerError):
            await talon.with_options(retry=calls).sessions.update("cart-1", SESSION)
    assert len(server.requests) == attempts
    assert len(naps.taken) == attempts - 1


@pytest.mark.parametrize("settings", [{}, {"retry": RetryPolicy(attempts=20)}], ids=["3", "20"])
async def test_an_outage_is_not_met_by_many_times_the_load(settings: dict[str, Any]) -> None:
    """While all calls fail, attempts stay within 1.1 times the calls and a first burst of 10."""
    async with (
        serving(*[[reply_always(unavailable())]] * 10) as server,
        rewired(client_of(server, max_connections=10, **settings), sleep=Naps()) as talon,
    ):
        other = talon.with_options(headers={"X-Shop": "2"})
        for _ in range(20):
            gets = (each.sessions.get(f"cart-{n}") for n in range(5) for each in (talon, other))
            failures = await asyncio.gather(*gets, return_exceptions=True)
            assert [type(failure) for failure in failures] == [ServerError] * 10
        assert 1.05 * 200 + 10 < len(server.requests) <= 1.1 * 200 + 10


async def test_calls_that_succeed_fill_the_budget_again() -> None:
    """After an outage, ten calls are worth a retry, and a hundred fill the bucket to its ten, not more."""
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

    async with rewired(mocked(httpx.MockTransport(reply)), sleep=Naps()) as talon:
        assert await attempts_of_a_failure() == 1 + 10
        assert await attempts_of_a_failure() == 1
        await successes(20)
        assert await attempts_of_a_failure() == 1 + 2
        await successes(200)
        assert await attempts_of_a_failure() == 1 + 10


async def test_every_failure_of_a_call_is_judged_by_its_own() -> None:
    """What is final ends a call at once, though earlier failures of it were repeated."""
    gone = send(answer(b'{"message":"gone"}', status="404 Not Found"))
    async with (
        serving([read, send(unavailable()), read, gone, read, OK]) as server,
        rewired(client_of(server), sleep=Naps()) as talon,
    ):
        with pytest.raises(CallError) as caught:
            await talon.sessions.get("cart-1")
    assert isinstance(caught.value, StatusError)
    assert (caught.value.status, caught.value.attempts) == (404, 2)
