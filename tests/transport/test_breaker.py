"""The circuit breaker: during an outage, calls fail immediately instead of waiting."""

import asyncio
from typing import Any

import attrs
import httpx
import pytest

from talon_async import (
    CallError,
    CircuitBreaker,
    CircuitOpenError,
    DeadlineExceededError,
    ResponseTooLargeError,
    RetryPolicy,
    TalonClient,
)
from talon_async._transport.breaker import Circuit
from tests.transport.server import SESSION_STATE, http_response, reply_always, serving
from tests.transport.service import Service
from tests.transport.support import ONE_ATTEMPT, Clock, FakeSleep, client_of, mocked, rewired

FAILURES: list[int | Exception] = [
    httpx.ConnectError("refused"),
    httpx.ReadError("broken"),
    httpx.ReadTimeout("silent"),
    429,
    500,
    503,
    599,
]
OTHER_STATUSES = [200, 302, 400, 401, 403, 404, 409, 499]


@attrs.define
class Steady:
    """A service with the same outcome for every request, until a test changes it."""

    outcome: int | Exception = 503
    requests: int = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        """Return the response, or raise the exception."""
        self.requests += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return httpx.Response(self.outcome, content=SESSION_STATE)


async def failures(talon: TalonClient, calls: int) -> list[type[CallError] | None]:
    """Make calls one after another and return the class of each error; `None` is success."""
    named: list[type[CallError] | None] = []
    for _ in range(calls):
        try:
            await talon.sessions.get("cart-1")
        except CallError as failure:
            named.append(type(failure))
        else:
            named.append(None)
    return named


def guarded(service: Any, clock: Clock | None = None, **settings: Any) -> TalonClient:
    """Make a client whose circuit opens for ten seconds after three failures."""
    talon = mocked(httpx.MockTransport(service), **{"retry": ONE_ATTEMPT, **settings})
    circuit = Circuit(CircuitBreaker(failures=3, open_seconds=10), clock or Clock())
    return rewired(talon, circuit=circuit, sleep=FakeSleep())


async def test_an_open_circuit_sends_nothing() -> None:
    """While the circuit is open, a call fails immediately without sending anything."""
    breaker = CircuitBreaker(failures=2, open_seconds=60)
    async with (
        serving([reply_always(http_response(status="503 Busy"))]) as server,
        client_of(server, retry=ONE_ATTEMPT, circuit_breaker=breaker) as talon,
    ):
        await failures(talon, 2)
        with pytest.raises(CircuitOpenError, match="getCustomerSession: not attempted") as caught:
            await talon.with_options(deadline=1).sessions.get("cart-1")
        assert (caught.value.sent, caught.value.attempts) == (False, 0)
        assert len(server.requests) == 2


@pytest.mark.parametrize("failure", FAILURES, ids=repr)
async def test_consecutive_failures_open_the_circuit(failure: int | Exception) -> None:
    """Consecutive connection errors, timeouts, 429 and 5xx open the circuit."""
    service = Steady(failure)
    async with guarded(service) as talon:
        *before, last = await failures(talon, 4)
        assert last is CircuitOpenError
        assert CircuitOpenError not in before
        assert service.requests == 3


@pytest.mark.parametrize("status", OTHER_STATUSES)
async def test_a_response_resets_the_failure_count(status: int) -> None:
    """Any response other than 429 and 5xx resets the failure count, even an error."""
    service = Steady()
    async with guarded(service) as talon:
        for outcome, calls in ((503, 2), (status, 1), (503, 2), (status, 7), (503, 3)):
            service.outcome = outcome
            assert CircuitOpenError not in await failures(talon, calls)
        assert await failures(talon, 1) == [CircuitOpenError]


async def test_a_response_that_is_too_large_is_not_a_failure() -> None:
    """A response that exceeds the size limit does not count as a failure."""
    service = Steady(200)
    async with guarded(service, max_response_bytes=10) as talon:
        assert await failures(talon, 5) == [ResponseTooLargeError] * 5


async def test_there_is_no_breaker_by_default() -> None:
    """By default, no call is refused, however many have failed."""
    service = Steady()
    async with mocked(httpx.MockTransport(service), retry=ONE_ATTEMPT) as talon:
        assert CircuitOpenError not in await failures(talon, 50)
        assert service.requests == 50


async def test_a_probe_that_succeeds_closes_the_circuit() -> None:
    """After `open_seconds`, a successful probe closes the circuit and resets the failure count."""
    clock, service = Clock(), Steady()
    async with guarded(service, clock) as talon:
        await failures(talon, 3)
        clock.move(9.9)
        assert await failures(talon, 1) == [CircuitOpenError]
        clock.move(0.1)
        service.outcome = 200
        assert await failures(talon, 3) == [None] * 3
        service.outcome = 503
        assert CircuitOpenError not in await failures(talon, 3)
        assert await failures(talon, 1) == [CircuitOpenError]


async def test_a_probe_that_fails_keeps_the_circuit_open() -> None:
    """A single failed probe opens the circuit for another `open_seconds`."""
    clock, service = Clock(), Steady()
    async with guarded(service, clock) as talon:
        await failures(talon, 3)
        for _ in range(3):
            clock.move(10)
            first, *rest = await failures(talon, 3)
            assert first is not CircuitOpenError
            assert rest == [CircuitOpenError] * 2
        assert service.requests == 6


async def test_the_state_of_the_circuit_is_visible() -> None:
    """`circuit_state` follows the circuit: closed, open, half-open while a probe is due or in flight."""
    clock, service = Clock(), Service()
    async with mocked() as talon:
        assert talon.circuit_state == "closed"
    async with guarded(service.handle, clock) as talon:
        states = [talon.circuit_state]
        await open_circuit(talon, service, "a", "b", "c")
        clock.move(9.9)
        states += [talon.circuit_state, talon.with_options(deadline=1).circuit_state]
        clock.move(0.1)
        states.append(talon.circuit_state)
        await service.begin(talon, probe=get)
        states.append(talon.circuit_state)
        await service.end("probe")
        states.append(talon.circuit_state)
    assert states == ["closed", "open", "open", "half-open", "half-open", "closed"]


async def test_the_error_says_when_to_try_again() -> None:
    """`retry_after` is the time until the next probe, and `None` while a probe is in flight."""
    clock, service = Clock(), Service(statuses={"probe": [503]})
    waits: list[float | None] = []
    async with guarded(service.handle, clock) as talon:

        async def refused() -> None:
            with pytest.raises(CircuitOpenError) as caught:
                await get(talon)
            waits.append(caught.value.retry_after)

        await open_circuit(talon, service, "a", "b", "c")
        clock.move(3)
        await refused()
        clock.move(7)
        await service.begin(talon, probe=get)
        await refused()
        with pytest.raises(CallError):
            await service.end("probe")
        await refused()
    assert waits == [7, None, 10]


async def open_circuit(talon: TalonClient, service: Service, *names: str) -> None:
    """Let named calls fail concurrently."""
    service.statuses |= {name: [503] for name in names}
    await service.begin(talon, **dict.fromkeys(names, get))
    for name in names:
        with pytest.raises(CallError):
            await service.end(name)


async def get(talon: TalonClient) -> object:
    """Make a call."""
    return await talon.sessions.get("cart-1")


@pytest.mark.parametrize("end", ["completed", "cancelled"])
async def test_only_one_probe_is_in_flight(end: str) -> None:
    """While a probe is in flight, other calls fail; after its cancellation the next call is the probe."""
    clock, service = Clock(), Service()
    async with guarded(service.handle, clock) as talon:
        await open_circuit(talon, service, "a", "b", "c")
        clock.move(10)
        await service.begin(talon, probe=get)
        assert await failures(talon, 2) == [CircuitOpenError] * 2
        if end == "completed":
            await service.end("probe")
        else:
            await service.cancel("probe")
        await service.begin(talon, next=get)
        await service.end("next")
        assert service.received == ["a", "b", "c", "probe", "next"]


@pytest.mark.parametrize("status", [200, 503])
async def test_calls_from_before_the_opening_are_ignored(status: int) -> None:
    """A call that started before the circuit opened neither closes it nor extends its open time."""
    clock, service = Clock(), Service()
    async with guarded(service.handle, clock) as talon:
        service.statuses["late"] = [status]
        await service.begin(talon, late=get)
        await open_circuit(talon, service, "a", "b", "c")
        clock.move(9)
        await asyncio.gather(service.end("late"), return_exceptions=True)
        assert await failures(talon, 1) == [CircuitOpenError]
        clock.move(1)
        await service.begin(talon, probe=get)
        await service.end("probe")


async def test_retries_stop_when_the_circuit_opens() -> None:
    """Every attempt counts as a failure; a retry that is not permitted raises."""
    service = Steady()
    async with guarded(service, retry=RetryPolicy(attempts=5)) as talon:
        with pytest.raises(CircuitOpenError) as caught:
            await talon.sessions.get("cart-1")
        assert (caught.value.sent, caught.value.attempts) == (True, 3)
        assert service.requests == 3


async def test_attempts_that_exceed_the_deadline_are_failures() -> None:
    """Attempts that the deadline ends count as failures."""
    service = Service()
    async with guarded(service.handle, deadline=0.01) as talon:
        named = talon.with_options(headers={"X-Name": "hangs"})
        assert await failures(named, 4) == [DeadlineExceededError] * 3 + [CircuitOpenError]


async def test_cancelled_calls_are_not_failures() -> None:
    """Attempts that callers cancel do not count as failures."""
    service = Service()
    names = ["a", "b", "c", "d"]
    async with guarded(service.handle) as talon:
        await service.begin(talon, **dict.fromkeys(names, get))
        for name in names:
            await service.cancel(name)
        await service.begin(talon, last=get)
        await service.end("last")
