"""Unit costs: CPU time of a row, memory, the journal, and the import."""

import functools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from benchmarks.bulk import loops
from benchmarks.bulk.loops import Kind, control
from benchmarks.fresh import run_fresh
from benchmarks.measure import LIMIT_OF_JSON, OURS, Case, Measurement, Pace, Target, compare, summarize
from benchmarks.server import Server
from benchmarks.workers import Bounds, TimedOut, Workers

T = TypeVar("T")

RESUMED: Final = "read, encode and check 1000 profiles, as a resumed job does"
"""The name of a case."""

_TURN_SECONDS: Final = 240.0
_ROWS: Final = 1000

_IMPORT: Final = """
import sys, time
import talon_async
started = time.perf_counter()
import talon_async.bulk
elapsed = time.perf_counter() - started
assert not {"pyarrow", "ray"} & set(sys.modules)
print(elapsed * 1000)
"""
_MEMORY: Final = """
import pathlib, sys
from benchmarks.bulk import loops
from benchmarks.server import Server
loops.job(Server(sys.argv[1], int(sys.argv[2])), "profiles", int(sys.argv[3]), int(sys.argv[3]), 32)
status = pathlib.Path("/proc/self/status").read_text()
print(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024)
"""


def cases(
    server: Server, bounds: Bounds, pace: Pace, *, rounds: int, profiles: int, events: int
) -> Iterator[Case]:
    """Measure what a row costs.

    Args:
        server: A server that keeps books.
        bounds: The time limits.
        pace: How long to measure the encoding of rows.
        rounds: The number of runs of everything else.
        profiles: The number of profiles of the larger job.
        events: The number of events of the job with a journal.
    """
    yield compare(
        "bulk",
        f"encode and check {_ROWS} profiles",
        {OURS: _encode, LIMIT_OF_JSON: _encode_alone},
        pace,
        bounds,
    )
    yield compare("bulk", RESUMED, {OURS: _check}, pace, bounds)
    yield from _memory(server, bounds, rounds, profiles)
    yield from _journal(server, bounds, rounds, "profiles", profiles // 2)
    yield from _journal(server, bounds, rounds, "events", events)
    milliseconds = [run_fresh(_IMPORT, bounds) for _ in range(2 * rounds + 1)]
    yield Case("bulk", "import talon_async.bulk", "ms", {OURS: _floats(milliseconds[1:])}, (Target(5),))


def _encode() -> Callable[[int], object]:
    from talon_async.bulk._kinds import PROFILES

    rows, encode = list(loops.rows_of("profiles", _ROWS, _ROWS)), PROFILES.encoder

    def run(times: int) -> None:
        for _ in range(times):
            for row in rows:
                encode(row)

    return run


def _encode_alone() -> Callable[[int], object]:
    import orjson

    from talon_async import to_dict

    rows = [to_dict(row) for row in loops.rows_of("profiles", _ROWS, _ROWS)]

    def run(times: int) -> None:
        for _ in range(times):
            for row in rows:
                orjson.dumps(row)

    return run


def _check() -> Callable[[int], object]:
    import asyncio

    from talon_async import bulk

    job = bulk.profiles(list(loops.rows_of("profiles", _ROWS, _ROWS)), name="benchmark")

    async def check(times: int) -> None:
        for _ in range(times):
            assert (await bulk.check(job)).refused == 0

    return lambda times: asyncio.run(check(times))


def _memory(server: Server, bounds: Bounds, rounds: int, profiles: int) -> Iterator[Case]:
    few = min(100_000, profiles // 2)  # with more than that, what a job holds no longer grows
    peaks: dict[int, list[str | TimedOut]] = {few: [], profiles: []}
    for _ in range(rounds):
        for rows, found in peaks.items():
            control(server, "/control", rows=rows)
            found.append(
                run_fresh(_MEMORY, bounds, server.base_url, str(server.pid), str(rows), seconds=_TURN_SECONDS)
            )
    less, more = (_floats(found) for found in peaks.values())
    yield Case(
        "bulk", f"peak memory of a job of {profiles:,} profiles, in all", "MB", {OURS: more}, (Target(130),)
    )
    growth = (
        Measurement.of([more.median - less.median])
        if isinstance(more, Measurement) and isinstance(less, Measurement)
        else TimedOut(_TURN_SECONDS)
    )
    yield Case("bulk", f"the same, beyond {few:,} profiles", "MB", {OURS: growth}, (Target(5),))


@attrs.frozen
class _Journal:
    share: float
    bytes_after: float
    bytes_most: float


def _journal(server: Server, bounds: Bounds, rounds: int, kind: Kind, rows: int) -> Iterator[Case]:
    with Workers([OURS], bounds) as workers:
        turns = workers.take_turns(
            {OURS: functools.partial(_job_with_journal, server, kind, rows)}, rounds, _TURN_SECONDS
        )[OURS]

    def figure(name: str) -> Any:
        return summarize(turns if isinstance(turns, TimedOut) else [getattr(each, name) for each in turns])

    where = f"journal of {rows:,} {kind}"
    yield Case("bulk", f"{where}: share of the job's time", "%", {OURS: figure("share")}, (Target(2),))
    yield Case("bulk", f"{where}: on disk, a chunk", "bytes", {OURS: figure("bytes_after")}, (Target(60),))
    yield Case("bulk", f"{where}: at most while it runs, a chunk", "bytes", {OURS: figure("bytes_most")})


def _job_with_journal(server: Server, kind: Kind, rows: int) -> _Journal:
    """Run a job, and count the time that it spends in its journal, waits for the disk included."""
    from talon_async.bulk._journal import Journal

    spent = 0.0
    most = 0

    def timed(method: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(method)
        def run(*arguments: Any) -> T:
            nonlocal spent
            started = time.perf_counter()
            try:
                return method(*arguments)
            finally:
                spent += time.perf_counter() - started

        return run

    names = ("__init__", "complete", "close")
    plain = {name: getattr(Journal, name) for name in names}
    control(server, "/control", rows=rows)
    # In this folder, since that of temporary files may be in memory.
    with tempfile.TemporaryDirectory(dir=os.curdir) as folder:
        path = Path(folder, "job.journal")

        def close(journal: Journal) -> None:
            nonlocal most
            most = path.stat().st_size
            plain["close"](journal)

        try:
            for name in ("__init__", "complete"):
                setattr(Journal, name, timed(plain[name]))
            Journal.close = timed(close)  # type: ignore[method-assign]
            turn = loops.job(server, kind, rows, rows, 32, path)
        finally:
            for name, method in plain.items():
                setattr(Journal, name, method)
        after = path.stat().st_size
    chunks = rows if kind == "events" else rows / 1000
    return _Journal(spent * turn.rate / rows * 100, after / chunks, most / chunks)


def _floats(printed: list[str | TimedOut]) -> Measurement | TimedOut:
    late = next((each for each in printed if isinstance(each, TimedOut)), None)
    return late or Measurement.of(float(each) for each in printed if not isinstance(each, TimedOut))
