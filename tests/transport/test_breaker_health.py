"""What the circuit breaker counts: only what says that the service is down now."""

import asyncio

import httpx
import pytest

from talon_async import CallError, CircuitOpenError, DeadlineExceededError, Timeout
from talon_async._transport.breaker import health_after
from talon_async._transport.settings import Settings
from talon_async.config import CircuitBreaker
from talon_async.errors import CallTimeoutError, TimeoutPhase
from tests.transport.server import http_response, read, reply_always, send, serving, stall
from tests.transport.service import Service
from tests.transport.support import KEY, ONE_ATTEMPT, Clock, client_of
from tests.transport.test_breaker import failures, get, guarded, open_circuit

BREAKER = CircuitBreaker(failures=2, open_seconds=60)


async def test_a_deadline_of_the_caller_is_not_the_services_trouble() -> None:
    """Calls with a deadline too short for any service never open the circuit."""
    async with (
        serving(*[[read, stall]] * 5, [reply_always(http_response())]) as server,
        client_of(server, circuit_breaker=BREAKER) as talon,
    ):
        assert await failures(talon.with_options(deadline=0.005), 5) == [DeadlineExceededError] * 5
        assert await failures(talon, 1) == [None]


async def test_a_deadline_of_the_client_is_the_services_trouble() -> None:
    """A service that does not respond within the deadline of the client opens the circuit."""
    async with (
        serving(*[[read, stall]] * 5) as server,
        client_of(server, circuit_breaker=BREAKER, deadline=0.05) as talon,
    ):
        assert await failures(talon, 3) == [DeadlineExceededError] * 2 + [CircuitOpenError]


async def test_a_timeout_of_the_caller_is_not_the_services_trouble() -> None:
    """A call with a shorter timeout than the client's does not count; one with a longer timeout does."""

    def hang(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silent")

    async with guarded(hang, timeout=1.0) as talon:
        assert CircuitOpenError not in await failures(talon.with_options(timeout=0.9), 10)
        assert await failures(talon.with_options(timeout=1.1), 4) == [CallTimeoutError] * 3 + [
            CircuitOpenError
        ]


async def test_a_full_pool_is_not_the_services_trouble() -> None:
    """Neither a pool timeout nor a deadline that ends while a call waits for the pool is counted."""
    held = [read, stall, send(http_response()), reply_always(http_response())]
    pool = Timeout(pool=0.01)
    async with (
        serving(held) as server,
        client_of(
            server, circuit_breaker=BREAKER, max_connections=1, timeout=pool, deadline=5.0, retry=ONE_ATTEMPT
        ) as talon,
    ):
        first = asyncio.ensure_future(talon.sessions.get("cart-0"))
        await server.stalled.wait()
        assert await failures(talon, 4) == [CallTimeoutError] * 4
        waiting = talon.with_options(timeout=Timeout(pool=9), deadline=0.01)
        assert await failures(waiting, 4) == [DeadlineExceededError] * 4
        server.released.set()
        await first
        assert await failures(talon, 1) == [None]


@pytest.mark.parametrize("status", [200, 503])
async def test_attempts_from_before_the_end_of_an_outage_are_not_counted(status: int) -> None:
    """Attempts that began before the circuit closed again say nothing about the service after it."""
    clock, service = Clock(), Service()
    async with guarded(service.handle, clock) as talon:
        late = [f"late-{n}" for n in range(5)]
        service.statuses |= {name: [status] for name in late}
        await service.begin(talon, **dict.fromkeys(late, get))
        await open_circuit(talon, service, "a", "b", "c")
        clock.move(10)
        await service.begin(talon, probe=get)
        await service.end("probe")
        await open_circuit(talon, service, "d", "e")
        for name in late:
            await asyncio.gather(service.end(name), return_exceptions=True)
        await service.begin(talon, next=get)
        await service.end("next")
        await open_circuit(talon, service, "f", "g", "h")
        assert await failures(talon, 1) == [CircuitOpenError]


async def test_a_probe_that_says_nothing_leaves_the_circuit_as_it_is() -> None:
    """A probe that ends by its caller's own deadline does not close the circuit; the next call is a probe."""
    clock, service = Clock(), Service()
    async with guarded(service.handle, clock) as talon:
        await open_circuit(talon, service, "a", "b", "c")
        clock.move(10)
        short = talon.with_options(deadline=0.001, headers={"X-Name": "probe"})
        assert await failures(short, 1) == [DeadlineExceededError]
        await service.begin(talon, next=get)
        assert await failures(talon, 1) == [CircuitOpenError]
        await service.end("next")


DEADLINE = DeadlineExceededError("late", operation="x")


@pytest.mark.parametrize(
    ("failure", "phase", "elapsed", "health"),
    [
        (DEADLINE, "write", 5.0, "down"),
        (DEADLINE, "write", 4.9, "unknown"),
        (DEADLINE, "connect", 2.0, "down"),
        (DEADLINE, "connect", 1.9, "unknown"),
        (DEADLINE, "pool", 60.0, "unknown"),
    ],
)
def test_an_attempt_counts_if_it_had_the_clients_time(
    failure: CallError, phase: TimeoutPhase, elapsed: float, health: str
) -> None:
    """An attempt that the deadline ends counts if it had the client's timeout, or half of its deadline."""
    settings = Settings("https://shop.invalid", api_key=KEY)
    assert health_after(failure, settings, settings.timeout, phase, elapsed) == health
