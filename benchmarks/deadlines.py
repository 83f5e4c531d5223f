"""The cost of a deadline around an await: anyio's cancel scope, asyncio's timeout, and none."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import anyio

from benchmarks.measure import OURS, Case, Pace, compare
from benchmarks.workers import Bounds


def cases(pace: Pace, bounds: Bounds) -> Iterator[Case]:
    """Measure the ways to limit a call's time."""
    entrants = {OURS: _anyio, "asyncio.timeout": _asyncio, "none": _none}
    yield compare("deadline", "one deadline around an await", entrants, pace, bounds)


async def _work() -> None:
    pass


async def _with_anyio(times: int) -> None:
    for _ in range(times):
        with anyio.move_on_after(10):
            await _work()


async def _with_asyncio(times: int) -> None:
    for _ in range(times):
        async with asyncio.timeout(10):
            await _work()


async def _with_none(times: int) -> None:
    for _ in range(times):
        await _work()


def _anyio() -> Callable[[int], object]:
    return _in_loop(_with_anyio)


def _asyncio() -> Callable[[int], object]:
    return _in_loop(_with_asyncio)


def _none() -> Callable[[int], object]:
    return _in_loop(_with_none)


def _in_loop(work: Callable[[int], Awaitable[None]]) -> Callable[[int], object]:
    runner = asyncio.Runner()

    async def run(times: int) -> None:
        # A cancelled timer stays in the loop's heap until its next iteration, so let it iterate, as calls do.
        for start in range(0, times, 100):
            await work(min(100, times - start))
            await asyncio.sleep(0)

    return lambda times: runner.run(run(times))
