"""Many calls in one client: the growth of its process, and the tasks, sockets and locks left at the end."""

import asyncio
import functools
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

from benchmarks.clients import AsyncCall, ours
from benchmarks.measure import OURS, Case, Measurement, Target
from benchmarks.server import Server, running_server
from benchmarks.workers import Bounds, TimedOut, Workers

_IN_FLIGHT: Final = 50
_MOST_SECONDS: Final = 140.0
_MEGABYTE: Final = 2**20
_LOCKS: Final = (asyncio.Lock, asyncio.Semaphore, asyncio.Condition, asyncio.Event)


@attrs.frozen
class _State:
    """The resources of a process at one moment."""

    megabytes: float
    tasks: int
    sockets: int
    locks: int

    @classmethod
    def now(cls) -> "_State":
        gc.collect()
        return cls(
            megabytes=_resident_pages() * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE,
            tasks=len(asyncio.all_tasks()),
            sockets=sum(_is_socket(descriptor) for descriptor in os.listdir("/proc/self/fd")),
            locks=sum(isinstance(thing, _LOCKS) for thing in gc.get_objects()),
        )

    def more_than(self, other: "_State") -> int:
        """Count the tasks, sockets and locks added since another moment."""
        return (
            max(0, self.tasks - other.tasks)
            + max(0, self.sockets - other.sockets)
            + max(0, self.locks - other.locks)
        )


@attrs.frozen
class _Soak:
    """The figures of all calls."""

    growth: float
    left: int


def cases(bounds: Bounds, *, calls: int) -> Iterator[Case]:
    """Make calls for distinct sessions, so that anything stored per session shows."""
    if not Path("/proc/self/statm").exists():
        return
    with running_server() as server, Workers([OURS], bounds) as workers:
        soak = workers.run(OURS, functools.partial(_soak, server, calls), _MOST_SECONDS)
    name = f"{calls:,} calls in one client"
    yield Case(
        "soak",
        f"{name}: growth over the last half",
        "MB",
        {OURS: soak if isinstance(soak, TimedOut) else Measurement.of([soak.growth])},
        (Target(5),),
    )
    yield Case(
        "soak",
        f"{name}: tasks, sockets, locks left",
        "left",
        {OURS: soak if isinstance(soak, TimedOut) else Measurement.of([soak.left])},
        (Target(0),),
    )


def _soak(server: Server, calls: int) -> _Soak:
    async def run() -> _Soak:
        async with ours(server, _IN_FLIGHT, 1) as warm:
            await _update(warm, range(_IN_FLIGHT * 4))
        del warm
        await asyncio.sleep(0.1)  # time for closed sockets to disappear
        before = _State.now()
        async with ours(server, _IN_FLIGHT, 1) as call:
            await _update(call, range(calls // 2))
            halfway = _State.now()
            await _update(call, range(calls // 2, calls))
            end = _State.now()
        del call
        await asyncio.sleep(0.1)
        after = _State.now()
        return _Soak(
            growth=end.megabytes - halfway.megabytes,
            left=max(end.more_than(halfway), after.more_than(before)),
        )

    return asyncio.run(run())


async def _update(call: AsyncCall, sessions: range) -> None:
    numbers = iter(sessions)

    async def lane() -> None:
        for number in numbers:
            await call(f"small-{number}")

    async with asyncio.TaskGroup() as lanes:
        for _ in range(_IN_FLIGHT):
            lanes.create_task(lane())


def _resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


def _is_socket(descriptor: str) -> bool:
    try:
        return Path("/proc/self/fd", descriptor).readlink().name.startswith("socket:")
    except FileNotFoundError:  # the descriptor of the directory listing
        return False
