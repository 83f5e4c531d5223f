"""The circuit breaker: while the service is down, calls fail at once instead of waiting."""

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
from tests.transport.server import SESSION_STATE, answer, reply_always, serving
from tests.transport.service import Service
from tests.transport.support import ONE_ATTEMPT, Clock, Naps, client_of, mocked, rewired

TROUBLE: list[int | Exception] = [
    httpx.ConnectError("refused"),
    httpx.ReadError("broken"),
    httpx.ReadTimeout("silent"),
    429,
    500,
    503,
    599,
]
LIFE = [200, 302, 400, 401, 403, 404, 409, 499]


@attrs.define
class Steady:
    """A service that does the same to each request, until it is told otherwise."""

    outcome: int | Exception = 503
    requests: int = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        """Answer a request, or fail."""
        self.requests += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return httpx.Response(self.outcome, content=SESSION_STATE)


async def failures(talon: TalonClient, calls: int) -> list[type[CallError] | None]:
    """Make calls one after another, and name what comes of each; `None` is success."""
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
    """Make a client whose circuit opens after three failures, for ten seconds."""
    talon = mocked(httpx.MockTransport(service), **{"retry": ONE_ATTEMPT, **settings})
    circuit = Circuit(CircuitBreaker(failures=3, open_seconds=10), clock or Clock())
    return rewired(talon, circuit=circuit, sleep=Naps())


async def test_an_open_circuit_leaves_the_network_alone() -> None:
    """After so many failures in a row a call is not tried: it fails at once, and had no effect."""
    breaker = CircuitBreaker(failures=2, open_seconds=60)
    async with (
        serving([reply_always(answer(status="503 Busy"))]) as server,
        client_of(server, retry=ONE_ATTEMPT, circuit_breaker=breaker) as talon,
    ):
        await failures(talon, 2)
        with pytest.raises(CircuitOpenError, match="getCustomerSession: not attempted") as caught:
            await talon.with_options(deadline=1).sessions.get("cart-1")
        assert (caught.value.sent, caught.value.attempts) == (False, 0)
        assert len(server.requests) == 2


@pytest.mark.parametrize("trouble", TROUBLE, ids=repr)
async def test_trouble_in_a_row_opens_the_circuit(trouble: int | Exception) -> None:
    """No connection, silence, 429 and 500 and above are trouble; so many in a row open the circuit."""
    service = Steady(trouble)
    async with guarded(service) as talon:
        *before, last = await failures(talon, 4)
        assert last is CircuitOpenError
        assert CircuitOpenError not in before
        assert service.requests == 3


@pytest.mark.parametrize("life", LIFE)
async def test_a_sign_of_life_begins_the_count_anew(life: int) -> None:
    """A service that answers, if only to refuse a request, is not down."""
    service = Steady()
    async with guarded(service) as talon:
        for outcome, calls in ((503, 2), (life, 1), (503, 2), (life, 7), (503, 3)):
            service.outcome = outcome
            assert CircuitOpenError not in await failures(talon, calls)
        assert await failures(talon, 1) == [CircuitOpenError]


async def test_an_answer_that_is_too_large_is_a_sign_of_life() -> None:
    """An answer that is not read to its end is an answer."""
    service = Steady(200)
    async with guarded(service, max_response_bytes=10) as talon:
        assert await failures(talon, 5) == [ResponseTooLargeError] * 5


async def test_without_settings_there_is_no_breaker() -> None:
    """Unless it is asked for, no call is refused, however many failed."""
    service = Steady()
    async with mocked(httpx.MockTransport(service), retry=ONE_ATTEMPT) as talon:
        assert CircuitOpenError not in await failures(talon, 50)
        assert service.requests == 50


async def test_a_probe_that_succeeds_closes_the_circuit() -> None:
    """When the time is over a call goes through, and if it succeeds all do; the count begins anew."""
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
    """A probe that fails begins the time anew, by itself."""
    clock, service = Clock(), Steady()
    async with guarded(service, clock) as talon:
        await failures(talon, 3)
        for _ in range(3):
            clock.move(10)
            first, *rest = await failures(talon, 3)
            assert first is not CircuitOpenError
            assert rest == [CircuitOpenError] * 2
        assert service.requests == 6


async def opened(talon: TalonClient, service: Service, *names: str) -> None:
    """Let named calls fail, all at once."""
    service.statuses |= {name: [503] for name in names}
    await service.begin(talon, **dict.fromkeys(names, get))
    for name in names:
        with pytest.raises(CallError):
            await service.end(name)


async def get(talon: TalonClient) -> object:
    """Make a call."""
    return await talon.sessions.get("cart-1")


@pytest.mark.parametrize("end", ["answered", "cancelled"])
async def test_one_probe_goes_at_a_time(end: str) -> None:
    """While a probe is under way other calls fail; if it is given up, the next call is the probe."""
    clock, service = Clock(), Service()
    async with guarded(service.take, clock) as talon:
        await opened(talon, service, "a", "b", "c")
        clock.move(10)
        await service.begin(talon, probe=get)
        assert await failures(talon, 2) == [CircuitOpenError] * 2
        if end == "answered":
            await service.end("probe")
        else:
            await service.cancel("probe")
        await service.begin(talon, next=get)
        await service.end("next")
        assert service.taken == ["a", "b", "c", "probe", "next"]


@pytest.mark.parametrize("status", [200, 503])
async def test_answers_from_before_the_opening_tell_nothing(status: int) -> None:
    """A call that began before the circuit opened neither closes it nor keeps it open for longer."""
    clock, service = Clock(), Service()
    async with guarded(service.take, clock) as talon:
        service.statuses["late"] = [status]
        await service.begin(talon, late=get)
        await opened(talon, service, "a", "b", "c")
        clock.move(9)
        await asyncio.gather(service.end("late"), return_exceptions=True)
        assert await failures(talon, 1) == [CircuitOpenError]
        clock.move(1)
        await service.begin(talon, probe=get)
        await service.end("probe")


async def test_a_call_that_fails_again_and_again_meets_the_open_circuit() -> None:
    """Every attempt counts; a retry that the circuit does not let through says what is known of the call."""
    service = Steady()
    async with guarded(service, retry=RetryPolicy(attempts=5)) as talon:
        with pytest.raises(CircuitOpenError) as caught:
            await talon.sessions.get("cart-1")
        assert (caught.value.sent, caught.value.attempts) == (True, 3)
        assert service.requests == 3


async def test_a_service_that_hangs_beyond_the_deadline_is_in_trouble() -> None:
    """Attempts that the deadline cuts off count as failures, whatever is left of their timeouts."""
    service = Service()
    async with guarded(service.take, deadline=0.01) as talon:
        named = talon.with_options(headers={"X-Name": "hangs"})
        assert await failures(named, 4) == [DeadlineExceededError] * 3 + [CircuitOpenError]


async def test_calls_that_were_given_up_tell_nothing() -> None:
    """Attempts that their callers cancel are no failures of the service."""
    service = Service()
    names = ["a", "b", "c", "d"]
    async with guarded(service.take) as talon:
        await service.begin(talon, **dict.fromkeys(names, get))
        for name in names:
            await service.cancel(name)
        await service.begin(talon, last=get)
        await service.end("last")
