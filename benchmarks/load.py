"""Concurrent callers in turns: how calls are made and measured.

A turn lasts for at least one call per concurrent caller, since a slow pool responds in bursts.
"""

import asyncio
import contextlib
import importlib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from benchmarks.clients import AsyncCall, OpenAsync, SyncCall, provider
from benchmarks.measure import Pace
from benchmarks.server import Server

_WARM_CALLS: Final = 3
_MOST_SECONDS_OF_TURNS: Final = 6.0


@attrs.frozen
class Response:
    """A response of the server: the session prefix that selects it, and the size of the cart to send."""

    name: str
    session_prefix: str
    items: int


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


def run_async(open_client: OpenAsync, load: Load, *, uvloop: bool) -> list[Rate]:
    """Measure turns of an async client."""
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
            open_client(load.server, load.in_flight, load.response.items) as call,
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

    loop_factory = importlib.import_module("uvloop").new_event_loop if uvloop else None
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(run())


def run_threads(load: Load) -> list[Rate]:
    """Measure turns of the provider's client with one thread per call in flight."""
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
        provider(load.server, load.in_flight, load.response.items) as call,
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
