"""Calls over loopback: how many a second, how late the latest, and what each costs the client's processor.

A turn lasts until there was a call for everyone who calls at once, since a slow pool answers in bursts.
"""

import asyncio
import contextlib
import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from benchmarks.clients import (
    AsyncCall,
    OpenAsync,
    SyncCall,
    aiohttp_alone,
    httpx_alone,
    ours,
    ours_with_all,
    ours_with_nothing,
    provider,
)
from benchmarks.measure import (
    HTTPX,
    LIMIT_OF_CALLS,
    OURS,
    PROVIDER,
    Case,
    Measurement,
    Pace,
    Target,
    Unit,
    Workers,
)
from benchmarks.payloads import CART_SIZE
from benchmarks.server import Server, running_server

_MOST_THREADS: Final = 50
_MOST_SECONDS: Final = 30.0
_MOST_SECONDS_OF_TURNS: Final = 6.0
_WARM_CALLS: Final = 3
_ASYNC: Final[dict[str, OpenAsync]] = {OURS: ours, HTTPX: httpx_alone, LIMIT_OF_CALLS: aiohttp_alone}

_WITH_NOTHING: Final = f"{OURS} without"
_RELIABILITY: Final[dict[str, OpenAsync]] = {OURS: ours_with_all, _WITH_NOTHING: ours_with_nothing}

_OURS_AT_10: Final = f"{OURS} at 10"


@attrs.frozen
class Answer:
    """An answer of the server: how it is asked for, and the size of the cart that is sent."""

    name: str
    session_prefix: str
    items: int


TINY: Final = Answer("tiny answer", "small", items=1)
LARGE: Final = Answer("45 KB answer", "large", items=CART_SIZE)

_ROWS: Final = (*((TINY, number) for number in (1, 10, 50, 200, 500)), (LARGE, 1), (LARGE, 50))

_TARGETS: Final[Mapping[tuple[str, Answer, int], tuple[Target, ...]]] = {
    ("calls", TINY, 50): (Target(3, PROVIDER),),
    ("CPU per call", TINY, 50): (Target(2.5, LIMIT_OF_CALLS),),
    ("calls", LARGE, 50): (Target(7, PROVIDER),),
    ("calls", TINY, 500): (Target(10, HTTPX),),
    ("CPU per call", TINY, 500): (Target(1.3, _OURS_AT_10),),
    ("p99 latency", TINY, 200): (Target(2.5, LIMIT_OF_CALLS),),
}


@attrs.frozen
class Load:
    """One configuration: what is called, by how many at once, in how many turns of which length."""

    server: Server
    answer: Answer
    in_flight: int
    pace: Pace
    longest_turn: float

    def session_id(self, lane: int) -> str:
        """The session that one of those who call at once updates, over and over."""
        return f"{self.answer.session_prefix}-{lane}"


@attrs.frozen
class Rate:
    """What a turn came to."""

    calls_per_second: float
    cpu_ms_per_call: float
    p99_ms: float
    server_share: float | None
    """How much of its core the server took, in percent."""


_MEASURES: Final[Mapping[str, tuple[Unit, Callable[[Rate], float | None]]]] = {
    "calls": ("calls/s", lambda rate: rate.calls_per_second),
    "CPU per call": ("ms", lambda rate: rate.cpu_ms_per_call),
    "p99 latency": ("ms", lambda rate: rate.p99_ms),
    "server busy": ("%", lambda rate: rate.server_share),
}


class Meter:
    """Measures turns of those who call at once, and who go on without a pause from one turn to the next.

    A pause would end in a burst of calls upon idle connections, which costs some pools more than the flow.
    """

    def __init__(self, load: Load) -> None:
        self._server = load.server
        self._enough = load.in_flight
        self._seconds: list[float] = []
        self._started = self._cpu = 0.0
        self._server_seconds: float | None = None

    def count(self, seconds: float) -> bool:
        """Count a call that took so long; say whether the turn holds enough calls as of now."""
        self._seconds.append(seconds)
        return len(self._seconds) == self._enough

    def start(self, enough: int) -> None:
        """Begin a turn that is to hold at least so many calls."""
        self._enough = enough
        self._seconds, self._server_seconds = [], self._server.seconds()
        self._started, self._cpu = time.perf_counter(), time.process_time()

    def rate(self) -> Rate:
        """End a turn."""
        elapsed, cpu = time.perf_counter() - self._started, time.process_time() - self._cpu
        now, before = self._server.seconds(), self._server_seconds
        latencies = sorted(self._seconds) or [elapsed]
        return Rate(
            calls_per_second=len(latencies) / elapsed,
            cpu_ms_per_call=cpu * 1000 / len(latencies),
            p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
            server_share=None if now is None or before is None else (now - before) / elapsed * 100,
        )


def cases(pace: Pace, *, passes: int, longest_turn: float) -> list[Case]:
    """Measure all clients.

    Args:
        pace: How long to measure.
        passes: How often the clients take turns at each load.
        longest_turn: How many seconds a turn waits at the most until there was a call for everyone.
    """
    measured: dict[tuple[Answer, int], dict[str, list[Rate]]] = {}
    with running_server() as server, Workers([*_ASYNC, PROVIDER, _WITH_NOTHING]) as workers:
        for answer, number in _ROWS:
            load = Load(server, answer, number, pace, longest_turn)
            jobs: dict[str, Callable[[], list[Rate]]] = {
                name: functools.partial(_run_async, open_client, load) for name, open_client in _ASYNC.items()
            }
            if number == 200:  # httpx takes long to come into its flow; one such row, at 500, is enough
                del jobs[HTTPX]
            if number <= _MOST_THREADS:
                jobs[PROVIDER] = functools.partial(_run_threads, load)
            rates = measured[answer, number] = {name: [] for name in jobs}
            for _, (name, job) in itertools.product(range(passes), jobs.items()):
                try:
                    rates[name] += workers.run(name, job)
                except TimeoutError:  # a pool that stalls takes itself out of a row, not the run with it
                    if name == OURS:
                        raise
                    print(f"{name} came to nothing in {_MOST_SECONDS:.0f} s with {number} in flight")
        load = Load(server, TINY, 50, pace, longest_turn)
        reliable: dict[str, list[Rate]] = {name: [] for name in _RELIABILITY}
        for _, (name, open_client) in itertools.product(range(passes * 2), _RELIABILITY.items()):
            reliable[name] += workers.run(name, functools.partial(_run_async, open_client, load))
    measured[TINY, 500][_OURS_AT_10] = measured[TINY, 10][OURS]
    return [
        *(case for row, rates in measured.items() for case in _cases_of(*row, rates)),
        Case(
            "calls",
            "CPU per call, tiny answer, 50 in flight: retries, ordering, breaker and hook",
            "ms",
            {
                name: Measurement.of(rate.cpu_ms_per_call for rate in rates)
                for name, rates in reliable.items()
            },
            (Target(1.1, _WITH_NOTHING),),
        ),
    ]


def _cases_of(answer: Answer, in_flight: int, rates: Mapping[str, list[Rate]]) -> Iterator[Case]:
    for measure, (unit, figure) in _MEASURES.items():
        figures = {name: [figure(rate) for rate in turns] for name, turns in rates.items() if turns}
        yield Case(
            "calls",
            f"{measure}, {answer.name}, {in_flight} in flight",
            unit,
            {
                name: Measurement.of(value for value in values if value is not None)
                for name, values in figures.items()
                if None not in values
            },
            tuple(
                target for target in _TARGETS.get((measure, answer, in_flight), ()) if target.than in figures
            ),
        )


def _run_async(open_client: OpenAsync, load: Load) -> list[Rate]:
    meter = Meter(load)
    enough = asyncio.Event()

    async def lane(call: AsyncCall, number: int) -> None:
        while True:
            started = time.perf_counter()
            await call(load.session_id(number))
            if meter.count(time.perf_counter() - started):
                enough.set()

    async def run() -> list[Rate]:
        rates: list[Rate] = []
        async with (
            asyncio.timeout(_MOST_SECONDS),
            open_client(load.server.base_url, load.in_flight, load.answer.items) as call,
            asyncio.TaskGroup() as lanes,
        ):
            tasks = [lanes.create_task(lane(call, number)) for number in range(load.in_flight)]
            for calls, seconds in _turns(load):
                enough.clear()
                meter.start(calls)
                await asyncio.sleep(load.pace.turn)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(enough.wait(), seconds)
                rates.append(meter.rate())
            for task in tasks:
                task.cancel()
        return rates[1:]

    return asyncio.run(run())


def _run_threads(load: Load) -> list[Rate]:
    meter = Meter(load)
    enough, over = threading.Event(), threading.Event()
    last_moment = time.monotonic() + _MOST_SECONDS
    rates: list[Rate] = []

    def lane(call: SyncCall, number: int) -> None:
        while not over.is_set() and time.monotonic() < last_moment:
            started = time.perf_counter()
            call(load.session_id(number))
            if meter.count(time.perf_counter() - started):
                enough.set()

    with (
        provider(load.server.base_url, load.in_flight, load.answer.items) as call,
        ThreadPoolExecutor(max_workers=load.in_flight) as threads,
    ):
        lanes = [threads.submit(lane, call, number) for number in range(load.in_flight)]
        for calls, seconds in _turns(load):
            enough.clear()
            meter.start(calls)
            time.sleep(load.pace.turn)
            enough.wait(seconds)
            rates.append(meter.rate())
        over.set()
        for done in lanes:
            done.result()
    return rates[1:]


def _turns(load: Load) -> Iterator[tuple[int, float]]:
    """For the warm-up and each turn after it: the calls that are enough, and the seconds to wait for them."""
    yield load.in_flight * _WARM_CALLS, load.longest_turn * 2
    latest = time.monotonic() + _MOST_SECONDS_OF_TURNS
    for number in range(load.pace.rounds):
        if number == 0 or time.monotonic() < latest:
            yield load.in_flight, load.longest_turn
