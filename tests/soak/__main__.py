"""The long soak test, with its figures: ``python -m tests.soak``; it fails if an invariant is violated."""

import argparse
import asyncio
import logging
import statistics
import sys

from rich.console import Console
from rich.table import Table

from tests.soak.callers import Callers, Plan, soak
from tests.soak.checks import CheckResult, check_invariants, late


def main() -> None:
    """Run the soak, print its figures and check the invariants."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Soaks a client under faults.")
    parser.add_argument("--calls", type=int, default=Plan().calls)
    parser.add_argument("--seed", type=int, default=Plan().seed)
    arguments = parser.parse_args()
    logging.getLogger("talon_async").setLevel(logging.ERROR)  # its warnings would be thousands
    plan = Plan(calls=arguments.calls, seed=arguments.seed)
    callers = asyncio.run(soak(plan))
    results = check_invariants(callers)
    console = Console()
    console.print(_figures(plan, callers))
    console.print(_counted("faults of the service", callers.records["faults"]))
    console.print(_counted("calls that failed", callers.errors))
    console.print(_checked(results))
    sys.exit(any(result.violations for result in results))


def _figures(plan: Plan, callers: Callers) -> Table:
    percentiles = statistics.quantiles(callers.seconds, n=100)
    early, end = (size / 1e6 for size in callers.resident)
    table = Table(title=f"{plan.calls:,} calls, {plan.workers} workers, seed {plan.seed}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in {
        "succeeded": f"{sum(each.count('done') for each in callers.outcomes.values()):,}",
        "requests received": f"{callers.records['requests']:,}",
        "replays with the same key": f"{callers.records['replays']:,}",
        "retries": f"{callers.retries:,}",
        "applied after a later call": f"{len(late(callers)):,}",
        "calls per second": f"{plan.calls / callers.duration:,.0f}",
        "median": f"{percentiles[49] * 1000:.1f} ms",
        "99th percentile": f"{percentiles[98] * 1000:.1f} ms",
        "memory after a tenth of the calls": f"{early:.1f} MB",
        "memory at the end": f"{end:.1f} MB",
    }.items():
        table.add_row(name, value)
    return table


def _counted(title: str, counts: dict[str, int]) -> Table:
    table = Table(title=title, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in sorted(counts.items()):
        table.add_row(name, f"{count:,}")
    return table


def _checked(results: list[CheckResult]) -> Table:
    table = Table(title="invariants", show_header=False)
    for result in results:
        shown = [
            *result.violations[:5],
            *([f"{len(result.violations)} in total"] if result.violations[5:] else []),
        ]
        table.add_row(result.invariant, "\n".join(shown) if shown else "holds")
    return table


if __name__ == "__main__":
    main()
