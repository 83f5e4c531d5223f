"""The sandbox: session updates per second, memory per session, and start-up time."""

import asyncio
import functools
import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from benchmarks.fresh import run_fresh
from benchmarks.measure import OURS, Case, Measurement, Target, summarize
from benchmarks.workers import Bounds, TimedOut, Workers

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
    from talon_async import CartItem, NewCustomerSessionV2, TalonClient
    from talon_async._transport.in_process import InProcessTransport
    from talon_async.sandbox import Deployment, create_app, percentage_coupon

    session = NewCustomerSessionV2(
        profile_id="customer-7",
        cart_items=[CartItem(name="Sneakers", sku="S-1", quantity=1, price=99.0)],
        coupon_codes=["WELCOME10"],
    )

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


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
