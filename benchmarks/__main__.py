"""Runs all benchmarks: ``python -m benchmarks``, or with ``--quick`` for a short run that is not recorded.

The client runs on one core and the server on another; `benchmarks.server` explains how the run checks that
the server holds no client back. A missed target fails nothing, and a measurement that outlasts its time limit
leaves a marked row.
"""

import argparse
import time
from collections.abc import Iterator, Sequence

from benchmarks import calls, chart, codec, deadlines, machine, report, sandbox, soak, startup
from benchmarks.measure import Case, Pace
from benchmarks.run import ROWS, run
from benchmarks.workers import Bounds


def main() -> None:
    """Measure and show all cases, and record those of a full run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Runs all benchmarks.")
    parser.add_argument("--quick", action="store_true", help="a few short rounds of all cases, not recorded")
    quick: bool = parser.parse_args().quick
    started = time.monotonic()
    described = machine.describe() | {"load before": machine.load()}
    machine.pin(machine.CLIENT_CORE)
    bounds = Bounds(machine.slowness(machine.speed()))
    print(f"Time limits are multiplied by {bounds.slowness:.2f} on this machine.")

    def show(measured: Sequence[Case]) -> None:
        described["load after"] = machine.load()
        report.show(measured, described)

    cases = run(_quick(bounds) if quick else _full(bounds), ROWS, show)
    print(f"{time.monotonic() - started:.0f} s in total")
    if not quick:
        report.save(cases, described)
        chart.draw()
        print(f"Recorded in {report.RESULTS}, {report.PAGE}, {chart.CHART} and {chart.GROWTH}")


def _full(bounds: Bounds) -> Iterator[Case]:
    yield from codec.cases(Pace(rounds=7, turn=0.1), bounds)
    yield from calls.cases(Pace(rounds=3, turn=0.3), bounds, passes=2, longest_turn=10.0)
    yield from startup.cases(bounds, rounds=5)
    yield from soak.cases(bounds, calls=200_000)
    yield from sandbox.cases(bounds, sessions=100_000, updates=4000, starts=5)
    yield from deadlines.cases(Pace(rounds=7, turn=0.1), bounds)


def _quick(bounds: Bounds) -> Iterator[Case]:
    yield from codec.cases(Pace(rounds=2, turn=0.02), bounds)
    yield from calls.cases(Pace(rounds=2, turn=0.08), bounds, passes=1, longest_turn=1.5, quick=True)
    yield from startup.cases(bounds, rounds=1)
    yield from soak.cases(bounds, calls=20_000)
    yield from sandbox.cases(bounds, sessions=2000, updates=500, starts=1)
    yield from deadlines.cases(Pace(rounds=2, turn=0.02), bounds)


if __name__ == "__main__":
    main()
