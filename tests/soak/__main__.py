"""The long soak, with its figures: ``python -m tests.soak``; it fails if the books do not agree."""

import argparse
import asyncio
import statistics
import sys

from rich.console import Console
from rich.table import Table

from tests.soak.callers import Callers, Plan, soak
from tests.soak.checks import Verdict, judge, late


def main() -> None:
    """Soak, show and judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Soaks a client in faults.")
    parser.add_argument("--calls", type=int, default=Plan().calls)
    parser.add_argument("--seed", type=int, default=Plan().seed)
    given = parser.parse_args()
    plan = Plan(calls=given.calls, seed=given.seed)
    callers = asyncio.run(soak(plan))
    verdicts = judge(callers)
    console = Console()
    console.print(_figures(plan, callers))
    console.print(_counted("faults of the service", callers.books["faults"]))
    console.print(_counted("calls that failed", callers.errors))
    console.print(_judged(verdicts))
    sys.exit(any(verdict.broken for verdict in verdicts))


def _figures(plan: Plan, callers: Callers) -> Table:
    percentiles = statistics.quantiles(callers.seconds, n=100)
    early, end = (size / 1e6 for size in callers.resident)
    table = Table(title=f"{plan.calls:,} calls, {plan.workers} workers, seed {plan.seed}", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in {
        "answered": f"{sum(each.count('done') for each in callers.outcomes.values()):,}",
        "requests at the service": f"{callers.books['requests']:,}",
        "of them replays under a key": f"{callers.books['replays']:,}",
        "retries": f"{callers.retries:,}",
        "applied after a later call": f"{len(late(callers)):,}",
        "calls a second": f"{plan.calls / callers.took:,.0f}",
        "median": f"{percentiles[49] * 1000:.1f} ms",
        "99th percentile": f"{percentiles[98] * 1000:.1f} ms",
        "memory after a tenth of the calls": f"{early:.1f} MB",
        "memory in the end": f"{end:.1f} MB",
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


def _judged(verdicts: list[Verdict]) -> Table:
    table = Table(title="verdicts", show_header=False)
    for verdict in verdicts:
        shown = [*verdict.broken[:5], *([f"{len(verdict.broken)} in all"] if verdict.broken[5:] else [])]
        table.add_row(verdict.promise, "\n".join(shown) if shown else "kept")
    return table


if __name__ == "__main__":
    main()
