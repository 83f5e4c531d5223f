"""The gate: order, pace and the adaptive limit, in virtual time."""

import asyncio
import itertools
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async.bulk._gate import Gate
from talon_async.bulk._limit import Result
from tests.bulk import servers
from tests.bulk.servers import FixedLimit, Service, adaptive, job
from tests.bulk.virtual_time import run


async def admissions(gate: Gate, number: int) -> list[float]:
    """When requests that ask together, and end immediately, are admitted."""
    now = asyncio.get_running_loop().time
    times: list[float] = []

    async def admit() -> None:
        await gate.admit()
        times.append(now())
        gate.release("ok", 0.0)

    await asyncio.gather(*(admit() for _ in range(number)))
    return times


def test_requests_are_evenly_spaced_without_a_burst() -> None:
    """Requests are one interval apart, also after a time in which none was sent."""

    async def main() -> None:
        gate = adaptive(rate=40, in_flight=100)
        times = await admissions(gate, 10)
        await asyncio.sleep(10)
        later = await admissions(gate, 10)
        assert later[0] == pytest.approx(times[-1] + 10)
        for each in (times, later):
            gaps = [b - a for a, b in itertools.pairwise(each)]
            assert gaps == pytest.approx([0.025] * 9)

    run(main())


def test_late_timers_do_not_slow_down_the_pace() -> None:
    """If the event loop wakes up late, requests still keep the rate."""

    async def late(seconds: float) -> None:
        await asyncio.sleep(seconds + 0.001)

    async def main() -> None:
        now = asyncio.get_running_loop().time
        times = await admissions(Gate(rate=300, in_flight=1000, clock=now, sleep=late), 301)
        assert times[-1] - times[0] == pytest.approx(1.0, rel=0.01)

    run(main())


def test_requests_are_admitted_in_order() -> None:
    """Requests are admitted in the order of asking, and cancelled ones take neither place nor slot."""

    async def main() -> None:
        gate, order = adaptive(rate=100, in_flight=2), list[int]()

        async def send(number: int) -> None:
            await gate.admit()
            order.append(number)
            await asyncio.sleep(0.05)
            gate.release("ok", 0.05)

        tasks = [asyncio.create_task(send(number)) for number in range(20)]
        await asyncio.sleep(0.015)
        for number in (2, 3, 7, 19):
            tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == [number for number in range(20) if number not in (2, 3, 7, 19)]
        assert len(await admissions(gate, 2)) == 2

    run(main())


@given(cancelled=st.dictionaries(st.integers(0, 29), st.floats(0, 2), max_size=20), limit=st.integers(1, 12))
@settings(deadline=None, max_examples=40)
def test_cancellation_loses_nothing(cancelled: dict[int, float], limit: int) -> None:
    """Whenever requests are cancelled, the others are admitted in order, and never more than the limit."""

    async def main() -> None:
        gate, order = adaptive(rate=50, in_flight=limit), list[int]()
        in_flight = 0

        async def send(number: int) -> None:
            nonlocal in_flight
            await gate.admit()
            in_flight += 1
            assert in_flight <= limit
            order.append(number)
            try:
                await asyncio.sleep(0.1)
            finally:
                in_flight -= 1
                gate.release("ok", 0.1)

        loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(send(number)) for number in range(30)]
        for number, after in cancelled.items():
            loop.call_later(after, tasks[number].cancel)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [each for each in results if isinstance(each, AssertionError)]
        assert order == sorted(order)
        assert set(range(30)) - set(order) <= set(cancelled)
        assert gate._in_flight == 0  # pyright: ignore[reportPrivateUsage]

    run(main())


@pytest.mark.parametrize("result", ["throttled", "failed"])
def test_retry_after_pauses_everything(result: Result) -> None:
    """After a `Retry-After` no request is admitted for that time; then the pace goes on evenly."""

    async def main() -> None:
        gate = adaptive(rate=100, in_flight=100)
        await gate.admit()
        began = asyncio.get_running_loop().time()
        waiting = asyncio.create_task(admissions(gate, 3))
        await asyncio.sleep(0.001)
        gate.release(result, 0.001, retry_after=7.0)
        gate.release("unknown", 0.001, retry_after=2.0)
        times = await waiting
        assert times[0] == pytest.approx(began + 7.001)
        assert times[1] - times[0] >= 0.0099

    run(main())


@pytest.mark.parametrize(("in_flight", "least"), [(64, 8), (5, 5)])
def test_the_limit_has_a_floor(in_flight: int, least: int) -> None:
    """However much fails, eight requests, or as many as were asked for, may be in flight."""

    async def main() -> None:
        gate = adaptive(in_flight=in_flight)
        for _ in range(1000):
            await gate.admit()
            gate.release("failed", 0.0)
        assert gate.limit == least

    run(main())


def test_requests_that_end_together_let_as_many_in_together() -> None:
    """When eight requests end in one turn of the event loop, the next eight do not take a turn each."""

    async def main() -> None:
        gate = Gate(rate=1e9, in_flight=8)
        waiting = [asyncio.ensure_future(gate.admit()) for _ in range(16)]
        await asyncio.wait(waiting[:8])
        for _ in range(8):
            gate.release("ok", 0.1)
        for _ in range(4):
            await asyncio.sleep(0)
        assert all(each.done() for each in waiting)

    run(main())


def test_the_rate_returns_to_what_was_asked() -> None:
    """After 429s the rate is lower, and grows again, never beyond what was asked."""

    async def main() -> None:
        gate = adaptive(rate=40, in_flight=8)
        now = asyncio.get_running_loop().time
        rates: list[float] = []
        for number in range(4000):
            await gate.admit()
            gate.release("throttled" if 5 < now() < 10 and number % 2 else "ok", 0.0)
            rates.append(gate.rate)
        assert min(rates) < 30
        assert max(rates) <= 40
        assert rates[-1] == 40

    run(main())


def test_a_waiting_request_follows_the_rate() -> None:
    """A request that waits for the pace when the rate drops waits for the lower rate."""

    async def main() -> None:
        gate = adaptive(rate=10, in_flight=8)
        for _ in range(50):
            await gate.admit()
            gate.release("ok", 0.0)
        await gate.admit()
        began = asyncio.get_running_loop().time()
        waiting = asyncio.create_task(admissions(gate, 1))
        await asyncio.sleep(0.01)
        gate.release("throttled", 0.0)
        assert gate.rate < 10
        assert (await waiting)[0] > began + 0.1 * 1.02

    run(main())


def test_failures_lower_the_limit_until_they_end() -> None:
    """While everything fails, the limit goes down to its floor, and it is back soon after."""

    async def main() -> None:
        gate = adaptive()
        running = asyncio.create_task(job(lambda: gate, servers.down_for_20_s, seed=3))
        limits: list[int] = []
        for until in (18, 38, 55):
            await asyncio.sleep(until - asyncio.get_running_loop().time())
            limits.append(gate.limit)
        await running
        assert limits[0] > 40
        assert limits[1] <= 16
        assert limits[2] > 40

    run(main())


def test_the_limit_follows_a_service_that_slows() -> None:
    """When fewer requests in flight give a higher throughput than before, the limit comes down."""

    async def main() -> None:
        gate = adaptive()
        running = asyncio.create_task(job(lambda: gate, servers.slowing_later, seed=3))
        await asyncio.sleep(18)
        before = gate.limit
        await running
        assert before > 40
        assert gate.limit < 24

    run(main())


KINDS: dict[Callable[[random.Random], Service], int] = {
    servers.queueing: 32,
    servers.rate_limited: 16,
    servers.strictly_paced: 24,
    servers.throttles_beyond_24: 24,
    servers.fails_beyond_24: 24,
    servers.slowing: 30,
    servers.down_for_20_s: 64,
    servers.faulty: 64,
}
"""Each kind of service, and a fixed limit whose throughput is within 3 % of the best one's."""


@pytest.mark.parametrize(("kind", "best"), KINDS.items(), ids=lambda value: getattr(value, "__name__", None))
def test_the_gate_finds_the_throughput(kind: Callable[[random.Random], Service], best: int) -> None:
    """A job reaches 0.9 of the throughput of the best fixed limit, with at most 2 % 429s after 10 s."""
    fixed = run(job(lambda: FixedLimit(best), kind, seed=1))
    found = run(job(adaptive, kind, seed=2))
    assert found.succeeded >= 0.9 * fixed.succeeded
    assert found.throttled <= 0.02 * found.ended
