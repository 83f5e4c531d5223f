"""The sandbox: session updates in process and over HTTP, memory per session, and start-up time."""

import asyncio
import functools
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from benchmarks.fresh import run_fresh
from benchmarks.measure import OURS, Case, Measurement, Target, summarize
from benchmarks.workers import Bounds, TimedOut, Workers

if TYPE_CHECKING:
    from talon_async import NewCustomerSessionV2

_MEGABYTE: Final = 2**20
_START: Final = """
import time; started = time.perf_counter()
import asyncio
from talon_async.sandbox import Sandbox
async def main():
    async with Sandbox():
        print(time.perf_counter() - started)
asyncio.run(main())
"""
_SERVE: Final = """
import asyncio, sys, time
from talon_async.sandbox import Sandbox, percentage_coupon
async def main():
    async with Sandbox(campaigns=[percentage_coupon("WELCOME10", 10)]) as deployment:
        print(deployment.url, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(time.process_time(), flush=True)
asyncio.run(main())
"""
"""Prints the URL of a sandbox, and its processor time for each line of input; ends with the input."""


@attrs.frozen
class _Run:
    """The figures of filling a deployment."""

    updates_per_second: list[float]
    megabytes: float


def cases(bounds: Bounds, *, sessions: int, updates: int, starts: int) -> Iterator[Case]:
    """Measure a deployment with one coupon campaign.

    Args:
        bounds: The time limits.
        sessions: The number of sessions it stores.
        updates: The number of updates per turn.
        starts: The number of times a sandbox is started.
    """
    with Workers([OURS], bounds) as workers:
        run = workers.run(OURS, functools.partial(_fill, sessions, updates))
    yield Case(
        "sandbox",
        f"session updates in one process, client included, {sessions:,} sessions held",
        "calls/s",
        {OURS: run if isinstance(run, TimedOut) else Measurement.of(run.updates_per_second)},
        (Target(2000),),
    )
    yield Case(
        "sandbox",
        f"memory of {sessions:,} sessions",
        "MB",
        {OURS: run if isinstance(run, TimedOut) else Measurement.of([run.megabytes])},
        (Target(200),),
    )
    with Workers([OURS], bounds) as workers:
        over_http = workers.run(OURS, functools.partial(_update_over_http, updates))
    yield Case(
        "sandbox",
        "session updates over HTTP, server's CPU per update",
        "ms",
        {OURS: summarize(over_http)},
    )
    yield Case(
        "sandbox",
        "fresh process to a sandbox that responds",
        "ms",
        {OURS: summarize(_starts(starts, bounds))},
        (Target(500),),
    )


def _starts(count: int, bounds: Bounds) -> list[float] | TimedOut:
    milliseconds: list[float] = []
    for _ in range(count):
        printed = run_fresh(_START, bounds)
        if isinstance(printed, TimedOut):
            return printed
        milliseconds.append(float(printed) * 1000)
    return milliseconds


def _fill(sessions: int, updates: int) -> _Run:
    from talon_async import TalonClient
    from talon_async._transport.in_process import InProcessTransport
    from talon_async.sandbox import Deployment, create_app, percentage_coupon

    session = _session()

    async def run() -> _Run:
        deployment = Deployment(campaigns=[percentage_coupon("WELCOME10", 10)])
        transport = InProcessTransport(create_app(deployment))
        rates: list[float] = []
        async with TalonClient("http://localhost", api_key=deployment.api_key, transport=transport) as talon:
            gc.collect()
            before = _resident()
            for number in range(sessions):
                await talon.sessions.update(f"cart-{number}", session)
            gc.collect()
            megabytes = (_resident() - before) / _MEGABYTE
            for _ in range(5):
                started = time.process_time()
                for number in range(updates):
                    await talon.sessions.update(f"cart-{number}", session)
                rates.append(updates / (time.process_time() - started))
        return _Run(rates, megabytes)

    return asyncio.run(run())


def _update_over_http(updates: int) -> list[float]:
    """The milliseconds per update of a sandbox in a process of its own, for each turn after the first."""
    from talon_async import TalonClient

    session = _session()

    async def run(base_url: str, seconds: Callable[[], float]) -> list[float]:
        milliseconds: list[float] = []
        async with TalonClient(base_url, api_key="sandbox-key") as talon:
            for _ in range(6):
                started = seconds()
                for number in range(updates):
                    await talon.sessions.update(f"cart-{number}", session)
                milliseconds.append((seconds() - started) * 1000 / updates)
        return milliseconds[1:]

    command = [sys.executable, "-c", _SERVE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        reader, writer = process.stdout, process.stdin
        assert reader is not None
        assert writer is not None

        def seconds() -> float:
            print(file=writer, flush=True)
            return float(reader.readline())

        return asyncio.run(run(reader.readline().strip(), seconds))


def _session() -> "NewCustomerSessionV2":
    from talon_async import CartItem, NewCustomerSessionV2

    return NewCustomerSessionV2(
        profile_id="customer-7",
        cart_items=[CartItem(name="Sneakers", sku="S-1", quantity=1, price=99.0)],
        coupon_codes=["WELCOME10"],
    )


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
