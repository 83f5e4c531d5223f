"""Exactness: a bad row among good ones, and jobs that are killed; the server's books decide."""

import asyncio
import itertools
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import attrs

from benchmarks.bulk.loops import FAST, Kind, control
from benchmarks.measure import OURS, Case, Measurement, Target
from benchmarks.server import Server
from benchmarks.workers import Bounds

_GOOD: Final = 999
_DELAY: Final = 0.05
_JOB: Final = """
import asyncio, sys
from talon_async import TalonClient, bulk

async def main(url, kind, rows, journal):
    async with TalonClient(url, api_key="benchmark-key") as talon:
        print(flush=True)
        sys.stdin.read(1)
        job = getattr(bulk, kind)(rows, name="benchmark")
        report = await bulk.run(talon, job, rate=1e6, in_flight=32, journal=journal)
    assert report.applied + report.resumed == report.rows, report

asyncio.run(main(*sys.argv[1:]))
"""


def cases(server: Server, bounds: Bounds, *, kills: int) -> Iterator[Case]:
    """Count requests beyond the first, and rows that are lost or counted twice.

    Args:
        server: A server that keeps books.
        bounds: The time limits.
        kills: How many times jobs of each kind are killed.
    """
    for pointers, most in ((True, 3), (False, 21)):
        requests, lost = asyncio.run(_one_bad_row(server, pointers=pointers))
        name = f"one bad row in 1000, {'named by a pointer' if pointers else 'not named'}"
        yield _count(f"{name}: further requests", "requests", requests, most)
        yield _count(f"{name}: good rows not applied once", "rows", lost, 0)
    killed = {
        "profiles": _killed(server, bounds, "profiles", 60_000, kills, range(2, 15)),
        "events": _killed(server, bounds, "events", 3000, kills, range(20, 300)),
    }
    for kind, found in killed.items():
        name = f"{kind}, {found.kills} kills amid work"
        yield _count(f"{name}: rows lost", "rows", found.lost, 0)
        yield _count(f"{name}: rows applied twice, or out of order", "rows", found.doubled, 0)
        yield Case(
            "bulk", f"{name}: requests sent again", "requests", {OURS: Measurement.of([found.replays])}
        )


def _count(name: str, unit: Any, figure: int, most: int) -> Case:
    return Case("bulk", name, unit, {OURS: Measurement.of([figure])}, (Target(most),))


async def _one_bad_row(server: Server, *, pointers: bool) -> tuple[int, int]:
    from talon_async import TalonClient, bulk

    control(server, "/control", rows=_GOOD + 1, pointers=pointers)
    names = (f"customer-{number}" for number in itertools.count())
    together = (name for name in names if crc32(name.encode()) % 32 == 0)  # one lane, so one request
    rows: list[dict[str, Any]] = [
        {"integrationId": name, "attributes": {"Number": number}}
        for number, name in enumerate(itertools.islice(together, _GOOD + 1))
    ]
    rows[617]["attributes"]["Bad"] = True
    async with TalonClient(server.base_url, api_key="benchmark-key") as talon:
        report = await bulk.run(talon, bulk.profiles(rows, name="benchmark"), rate=FAST)
    assert (report.applied, report.refused) == (_GOOD, 1)
    books = control(server, "/books")
    return report.requests - 1, books["lost"] - 1 + books["doubled"]


@attrs.define
class _Killed:
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    replays: int = 0


def _killed(server: Server, bounds: Bounds, kind: Kind, count: int, kills: int, after: range) -> _Killed:
    """Kill jobs of some rows at random requests and moments, until there were enough kills."""
    found, spread = _Killed(), random.Random(13)
    while found.kills < kills:
        control(server, "/control", rows=count, delay=_DELAY)
        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder, "rows.jsonl")
            rows.write_text("".join(_lines(kind, count)))
            while status := _run(
                server, bounds, kind, rows, spread.choice(after) if found.kills < kills else 0
            ):
                assert status == -signal.SIGKILL, status
                found.kills += 1
        books = control(server, "/books")
        found.lost += books["lost"]
        found.doubled += books["doubled"] + books["out_of_order"]
        found.replays += books["replays"]
    return found


def _run(server: Server, bounds: Bounds, kind: Kind, rows: Path, after: int) -> int:
    command = [
        sys.executable,
        "-c",
        _JOB,
        server.base_url,
        kind,
        str(rows),
        str(rows.with_suffix(".journal")),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        control(server, "/aim", victim=process.pid if after else 0, after=after)
        process.stdin.close()
        status = process.wait(bounds.seconds(60.0))
    control(server, "/aim", victim=0, after=0)
    return status


def _lines(kind: Kind, count: int) -> Iterator[str]:
    for number in range(count):
        name = f"customer-{number % (count // 10)}"
        if kind == "events":
            row = {"profileId": name, "type": "viewed", "attributes": {"Number": number}}
        else:
            row = {"integrationId": name, "attributes": {"Number": number, "Email": f"{name}@shop.example"}}
        yield json.dumps(row) + "\n"
