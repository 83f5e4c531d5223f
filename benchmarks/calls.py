"""Calls over loopback: calls per second, p99 latency, and the client's CPU time per call.

A turn lasts for at least one call per concurrent caller, since a slow pool responds in bursts.
"""

import asyncio
import contextlib
import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

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
    Pace,
    Target,
    Unit,
    summarize,
)
from benchmarks.payloads import CART_SIZE
from benchmarks.server import Server, running_server
from benchmarks.workers import Bounds, TimedOut, Workers

_MOST_THREADS: Final = 50
_MOST_SECONDS: Final = 30.0
_MOST_SECONDS_OF_TURNS: Final = 6.0
_WARM_CALLS: Final = 3
_ASYNC: Final[dict[str, OpenAsync]] = {OURS: ours, HTTPX: httpx_alone, LIMIT_OF_CALLS: aiohttp_alone}

_WITH_NOTHING: Final = f"{OURS} without"
_RELIABILITY: Final[dict[str, OpenAsync]] = {OURS: ours_with_all, _WITH_NOTHING: ours_with_nothing}

_OURS_AT_10: Final = f"{OURS} at 10"


@attrs.frozen
class Response:
    """A response of the server: the session prefix that selects it, and the size of the cart to send."""

    name: str
    session_prefix: str
    items: int


TINY: Final = Response("tiny response", "small", items=1)
LARGE: Final = Response("45 KB response", "large", items=CART_SIZE)

_ROWS: Final = (*((TINY, number) for number in (1, 10, 50, 200, 500)), (LARGE, 1), (LARGE, 50))

_TARGETS: Final[Mapping[tuple[str, Response, int], tuple[Target, ...]]] = {
    ("calls", TINY, 50): (Target(3, PROVIDER),),
    ("CPU per call", TINY, 50): (Target(2.5, LIMIT_OF_CALLS),),
    ("calls", LARGE, 50): (Target(7, PROVIDER),),
    ("calls", TINY, 500): (Target(10, HTTPX),),
    ("CPU per call", TINY, 500): (Target(1.3, _OURS_AT_10),),
    ("p99 latency", TINY, 200): (Target(2.5, LIMIT_OF_CALLS),),
}


@attrs.frozen
class Load:
    """One configuration: the response, the number of concurrent callers, and the turns."""

    server: Server
    response: Response
    in_flight: int
    pace: Pace
    longest_turn: float

    def session_id(self, lane: int) -> str:
        """The session that one concurrent caller updates repeatedly."""
        return f"{self.response.session_prefix}-{lane}"


@attrs.frozen
class Rate:
    """The figures of one turn."""

    calls_per_second: float
    cpu_ms_per_call: float
    p99_ms: float
    server_share: float | None
    """The server's share of its core, in percent."""


_Rates: TypeAlias = list[Rate] | TimedOut


def _cpu(rate: Rate) -> float:
    return rate.cpu_ms_per_call


_MEASURES: Final[Mapping[str, tuple[Unit, Callable[[Rate], float | None]]]] = {
    "calls": ("calls/s", lambda rate: rate.calls_per_second),
    "CPU per call": ("ms", _cpu),
    "p99 latency": ("ms", lambda rate: rate.p99_ms),
    "server busy": ("%", lambda rate: rate.server_share),
}


class Meter:
    """Measures turns of concurrent callers, which continue without a pause from one turn to the next.

    After a pause, a burst of calls meets idle connections, which costs some pools more than steady calls.
    """

    def __init__(self, load: Load) -> None:
        self._server = load.server
        self._enough = load.in_flight
        self._seconds: list[float] = []
        self._started = self._cpu = 0.0
        self._server_seconds: float | None = None

    def count(self, seconds: float) -> bool:
        """Count a call of that duration; return whether it is the last one of the turn."""
        self._seconds.append(seconds)
        return len(self._seconds) == self._enough

    def start(self, enough: int) -> None:
        """Start a turn of at least `enough` calls."""
        self._enough = enough
        self._seconds, self._server_seconds = [], self._server.seconds()
        self._started, self._cpu = time.perf_counter(), time.process_time()

    def rate(self) -> Rate:
        """End a turn and return its figures."""
        elapsed, cpu = time.perf_counter() - self._started, time.process_time() - self._cpu
        now, before = self._server.seconds(), self._server_seconds
        latencies = sorted(self._seconds) or [elapsed]
        return Rate(
            calls_per_second=len(latencies) / elapsed,
            cpu_ms_per_call=cpu * 1000 / len(latencies),
            p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
            server_share=None if now is None or before is None else (now - before) / elapsed * 100,
        )


def cases(pace: Pace, bounds: Bounds, *, passes: int, longest_turn: float) -> Iterator[Case]:
    """Measure all clients.

    Args:
        pace: How long to measure.
        bounds: The time limits.
        passes: The number of passes over all clients at each load.
        longest_turn: The maximum seconds a turn waits for one call per caller.
    """
    at_10: _Rates = []
    with running_server() as server, Workers([*_ASYNC, PROVIDER, _WITH_NOTHING], bounds) as workers:
        for response, number in _ROWS:
            load = Load(server, response, number, pace, longest_turn)
            clients = dict(_ASYNC)
            if number == 200:  # httpx takes long to reach a steady rate; one such row, at 500, is enough
                del clients[HTTPX]
            jobs = _jobs(clients, load)
            if number <= _MOST_THREADS:
                jobs[PROVIDER] = functools.partial(_run_threads, load)
            rates = _take_turns(workers, jobs, passes)
            if (response, number) == (TINY, 10):
                at_10 = rates[OURS]
            if (response, number) == (TINY, 500):
                rates[_OURS_AT_10] = at_10
            yield from _cases_of(response, number, rates)
        load = Load(server, TINY, 50, pace, longest_turn)
        rates = _take_turns(workers, _jobs(_RELIABILITY, load), passes * 2)
    yield Case(
        "calls",
        "CPU per call, tiny response, 50 in flight: retries, queueing, breaker and hook",
        "ms",
        {name: summarize(_figures(turns, _cpu)) for name, turns in rates.items()},
        (Target(1.1, _WITH_NOTHING),),
    )


def _jobs(clients: Mapping[str, OpenAsync], load: Load) -> dict[str, Callable[[], list[Rate]]]:
    return {name: functools.partial(_run_async, open_client, load) for name, open_client in clients.items()}


def _take_turns(
    workers: Workers, jobs: Mapping[str, Callable[[], list[Rate]]], passes: int
) -> dict[str, _Rates]:
    """Let the clients take turns; each job warms its client up."""
    rates: dict[str, _Rates] = {name: [] for name in jobs}
    for _, (name, job) in itertools.product(range(passes), jobs.items()):
        so_far = rates[name]
        if isinstance(so_far, TimedOut):
            continue
        turns = workers.run(name, job, _MOST_SECONDS)
        rates[name] = turns if isinstance(turns, TimedOut) else so_far + turns
    return rates


def _cases_of(response: Response, in_flight: int, rates: Mapping[str, _Rates]) -> Iterator[Case]:
    for measure, (unit, figure) in _MEASURES.items():
        outcomes = {
            name: summarize(values)
            for name, turns in rates.items()
            if isinstance(values := _figures(turns, figure), TimedOut) or values
        }
        yield Case(
            "calls",
            f"{measure}, {response.name}, {in_flight} in flight",
            unit,
            outcomes,
            _TARGETS.get((measure, response, in_flight), ()),
        )


def _figures(turns: _Rates, figure: Callable[[Rate], float | None]) -> list[float] | TimedOut:
    if isinstance(turns, TimedOut):
        return turns
    return [value for turn in turns if (value := figure(turn)) is not None]


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
            open_client(load.server.base_url, load.in_flight, load.response.items) as call,
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
    rates: list[Rate] = []

    def lane(call: SyncCall, number: int) -> None:
        while not over.is_set():
            started = time.perf_counter()
            call(load.session_id(number))
            if meter.count(time.perf_counter() - started):
                enough.set()

    with (
        provider(load.server.base_url, load.in_flight, load.response.items) as call,
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
    """For the warm-up and each turn: the minimum number of calls, and the seconds to wait for them."""
    yield load.in_flight * _WARM_CALLS, load.longest_turn * 2
    latest = time.monotonic() + _MOST_SECONDS_OF_TURNS
    for number in range(load.pace.rounds):
        if number == 0 or time.monotonic() < latest:
            yield load.in_flight, load.longest_turn
