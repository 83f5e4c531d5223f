"""Runs all benchmarks: ``python -m benchmarks``, or with ``--quick`` for a glance.

The client runs on one core and the server on another; `benchmarks.server` tells how it is checked that the
server holds nobody back. Targets are judged and shown, and a missed one fails nothing.
"""

import argparse
import time

from benchmarks import calls, chart, codec, deadlines, machine, report, sandbox, soak, startup
from benchmarks.measure import Pace


def main() -> None:
    """Measure, show, and keep what was measured at full length."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Runs all benchmarks.")
    parser.add_argument(
        "--quick", action="store_true", help="all cases, with a few short rounds, which are not kept"
    )
    quick: bool = parser.parse_args().quick
    started = time.monotonic()
    described = machine.describe() | {"load before": machine.load()}
    machine.pin(machine.CLIENT_CORE)
    if quick:
        cases = [
            *codec.cases(Pace(rounds=2, turn=0.02)),
            *calls.cases(Pace(rounds=2, turn=0.08), passes=1, longest_turn=1.5),
            *startup.cases(rounds=1),
            *soak.cases(calls=20_000),
            *sandbox.cases(sessions=2000, updates=500, starts=1),
            *deadlines.cases(Pace(rounds=2, turn=0.02)),
        ]
    else:
        cases = [
            *codec.cases(Pace(rounds=7, turn=0.1)),
            *calls.cases(Pace(rounds=3, turn=0.3), passes=2, longest_turn=10.0),
            *startup.cases(rounds=5),
            *soak.cases(calls=200_000),
            *sandbox.cases(sessions=100_000, updates=4000, starts=5),
            *deadlines.cases(Pace(rounds=7, turn=0.1)),
        ]
    described["load after"] = machine.load()
    report.show(cases, described)
    print(f"{time.monotonic() - started:.0f} s in all")
    if not quick:
        report.save(cases, described)
        chart.draw()
        print(f"kept in {report.RESULTS}, {report.PAGE} and {chart.CHART}")


if __name__ == "__main__":
    main()
