"""Calls over loopback: how many a second, and how much processor time each takes in the client."""

import asyncio
import contextlib
import functools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from benchmarks.clients import AsyncCall, OpenAsync, SyncCall, aiohttp_alone, httpx_alone, ours, provider
from benchmarks.measure import OURS, PROVIDER, Case, Measurement, Pace, Workers
from benchmarks.payloads import CART_SIZE
from benchmarks.server import running_server

_MOST_THREADS: Final = 50
_MOST_SECONDS: Final = 50.0
_MOST_WARM_UP: Final = 20.0
_WARM_CALLS: Final = 3
_ASYNC: Final[dict[str, OpenAsync]] = {OURS: ours, "httpx": httpx_alone, "aiohttp": aiohttp_alone}


@attrs.frozen
class Answer:
    """An answer of the server: how it is asked for, and the size of the cart that is sent."""

    name: str
    session_prefix: str
    items: int


_ANSWERS: Final = (
    Answer("small answer", "small", items=1),
    Answer("45 KB answer", "large", items=CART_SIZE),
)


@attrs.frozen
class Load:
    """One configuration: what is called, by how many at once, in how many turns of which length."""

    base_url: str
    answer: Answer
    in_flight: int
    pace: Pace

    def session_id(self, lane: int) -> str:
        """The session that one of those who call at once updates, over and over."""
        return f"{self.answer.session_prefix}-{lane}"


@attrs.frozen
class Rate:
    """What a turn came to."""

    calls_per_second: float
    cpu_ms_per_call: float


class Meter:
    """Counts the calls of those who call at once, who go on without a pause from warm-up to the last turn.

    A pause would end in a burst of calls upon idle connections, which costs some pools more than the flow.
    """

    def __init__(self, in_flight: int) -> None:
        self.done = [0] * in_flight
        self._started = self._cpu = 0.0
        self._done = 0

    @property
    def warm(self) -> bool:
        """Whether everyone has made some calls."""
        return min(self.done) >= _WARM_CALLS

    def start(self) -> None:
        """Begin a turn."""
        self._done, self._started, self._cpu = sum(self.done), time.perf_counter(), time.process_time()

    def rate(self) -> Rate:
        """End a turn."""
        done = sum(self.done) - self._done
        return Rate(
            calls_per_second=done / (time.perf_counter() - self._started),
            cpu_ms_per_call=(time.process_time() - self._cpu) * 1000 / max(1, done),
        )


def cases(pace: Pace, in_flight: Sequence[int]) -> list[Case]:
    """Measure all clients with so many calls in flight at once."""
    measured: list[Case] = []
    with running_server() as base_url, Workers([*_ASYNC, PROVIDER]) as workers:
        for answer in _ANSWERS:
            for number in in_flight:
                load = Load(base_url, answer, number, pace)
                jobs: dict[str, Callable[[], list[Rate]]] = {
                    name: functools.partial(_run_async, open_client, load)
                    for name, open_client in _ASYNC.items()
                }
                if number <= _MOST_THREADS:
                    jobs[PROVIDER] = functools.partial(_run_threads, load)
                rates = {name: workers.run(name, job) for name, job in jobs.items()}
                measured += _cases_of(load, rates)
    return measured


def _cases_of(load: Load, rates: dict[str, list[Rate]]) -> list[Case]:
    where = f"{load.in_flight} in flight, {load.answer.name}"
    return [
        Case(
            "calls",
            f"calls, {where}",
            "calls/s",
            {name: Measurement.of(rate.calls_per_second for rate in turns) for name, turns in rates.items()},
        ),
        Case(
            "calls",
            f"CPU per call, {where}",
            "ms",
            {name: Measurement.of(rate.cpu_ms_per_call for rate in turns) for name, turns in rates.items()},
        ),
    ]


def _run_async(open_client: OpenAsync, load: Load) -> list[Rate]:
    meter = Meter(load.in_flight)
    warm = asyncio.Event()

    async def lane(call: AsyncCall, number: int) -> None:
        while True:
            await call(load.session_id(number))
            meter.done[number] += 1
            if meter.done[number] == _WARM_CALLS and meter.warm:
                warm.set()

    async def run() -> list[Rate]:
        rates: list[Rate] = []
        async with (
            asyncio.timeout(_MOST_SECONDS),
            open_client(load.base_url, load.in_flight, load.answer.items) as call,
            asyncio.TaskGroup() as lanes,
        ):
            tasks = [lanes.create_task(lane(call, number)) for number in range(load.in_flight)]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(warm.wait(), _MOST_WARM_UP)
            for _ in range(load.pace.rounds):
                meter.start()
                await asyncio.sleep(load.pace.turn)
                rates.append(meter.rate())
            for task in tasks:
                task.cancel()
        return rates

    return asyncio.run(run())


def _run_threads(load: Load) -> list[Rate]:
    meter = Meter(load.in_flight)
    warm, over = threading.Event(), threading.Event()
    latest = time.monotonic() + _MOST_SECONDS
    rates: list[Rate] = []

    def lane(call: SyncCall, number: int) -> None:
        while not over.is_set() and time.monotonic() < latest:
            call(load.session_id(number))
            meter.done[number] += 1
            if meter.done[number] == _WARM_CALLS and meter.warm:
                warm.set()

    with (
        provider(load.base_url, load.in_flight, load.answer.items) as call,
        ThreadPoolExecutor(max_workers=load.in_flight) as threads,
    ):
        lanes = [threads.submit(lane, call, number) for number in range(load.in_flight)]
        warm.wait(timeout=_MOST_WARM_UP)
        for _ in range(load.pace.rounds):
            meter.start()
            time.sleep(load.pace.turn)
            rates.append(meter.rate())
        over.set()
        for done in lanes:
            done.result()
    return rates
