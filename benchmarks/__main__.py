"""Runs all benchmarks: ``python -m benchmarks``, or with ``--quick`` for a glance."""

import argparse
import time

from benchmarks import calls, codec, deadlines, machine, report, startup
from benchmarks.measure import Pace


def main() -> None:
    """Measure, show, and keep what was measured at full length."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a few short rounds in under a minute, which are not kept"
    )
    quick: bool = parser.parse_args().quick
    started = time.monotonic()
    described = machine.describe() | {"load before": machine.load()}
    machine.pin(machine.CLIENT_CORE)
    if quick:
        cases = [
            *codec.cases(Pace(rounds=3, turn=0.03)),
            *deadlines.cases(Pace(rounds=3, turn=0.03)),
            *calls.cases(Pace(rounds=3, turn=0.2), in_flight=(1, 50)),
            *startup.cases(rounds=2),
        ]
    else:
        cases = [
            *codec.cases(Pace(rounds=7, turn=0.1)),
            *deadlines.cases(Pace(rounds=7, turn=0.1)),
            *calls.cases(Pace(rounds=5, turn=0.3), in_flight=(1, 50, 300)),
            *startup.cases(rounds=4),
        ]
    described["load after"] = machine.load()
    report.show(cases, described)
    print(f"{time.monotonic() - started:.0f} s in all")
    if not quick:
        report.save(cases, described)
        print(f"kept in {report.RESULTS}")


if __name__ == "__main__":
    main()
