"""Measures bulk jobs: ``python -m benchmarks.bulk``, or with ``--quick`` for a short run, not recorded.

Jobs run on one core, and a server that keeps books on another. Ratios compare entrants that take turns in one
run. The limit of requests in flight is measured in virtual time, by `tests/bulk/test_gate.py`.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from benchmarks import machine, report
from benchmarks.bulk import costs, exactness, page, throughput
from benchmarks.measure import Case, Pace
from benchmarks.run import run
from benchmarks.server import Server, running_server
from benchmarks.workers import Bounds

RESULTS: Final = Path(__file__).parent / "results.json"
ROWS: Final = Path(__file__).parent / "rows.jsonl"


def main() -> None:
    """Measure and show all cases, and record those of a full run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description="Measures bulk jobs.")
    parser.add_argument("--quick", action="store_true", help="one short round of all cases, not recorded")
    quick: bool = parser.parse_args().quick
    started = time.monotonic()
    described = machine.describe()
    machine.pin(machine.CLIENT_CORE)
    bounds = Bounds(machine.slowness(machine.speed()))
    print(f"Time limits are multiplied by {bounds.slowness:.2f} on this machine.")

    def show(measured: Sequence[Case]) -> None:
        report.show(measured, described)

    with running_server(module="benchmarks.bulk.server") as server:
        cases = run(_quick(server, bounds) if quick else _full(server, bounds), ROWS, show)
    print(f"{time.monotonic() - started:.0f} s in total")
    if not quick:
        document = {"machine": described, "cases": [report.row(case) for case in cases]}
        RESULTS.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        page.save(cases, described)
        print(f"Recorded in {RESULTS} and {page.PAGE}")


def _full(server: Server, bounds: Bounds) -> Iterator[Case]:
    yield from throughput.cases(server, bounds, rounds=3, profiles=200_000, events=10_000)
    yield from costs.cases(server, bounds, Pace(rounds=5, turn=0.2), rounds=3, profiles=500_000, events=5000)
    yield from exactness.cases(server, bounds, kills=50)


def _quick(server: Server, bounds: Bounds) -> Iterator[Case]:
    yield from throughput.cases(server, bounds, rounds=1, profiles=20_000, events=1000)
    yield from costs.cases(server, bounds, Pace(rounds=1, turn=0.02), rounds=1, profiles=40_000, events=1000)
    yield from exactness.cases(server, bounds, kills=3)


if __name__ == "__main__":
    main()
