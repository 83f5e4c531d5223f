"""The long fuzz, with its figures: ``python -m tests.fuzz``; it fails if an invariant is violated.

The smallest responses that violate it are added to the corpus, which the test suite checks from then on.
"""

import argparse
import hashlib
import logging
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.fuzz.runs import Run, run_messages, run_responses

CORPUS: Final = Path(__file__).parent / "corpus"
_BATCH: Final = 10_000


def main() -> None:
    """Fuzz, print the figures, and store what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Decodes mutated responses.")
    parser.add_argument("--responses", type=int, default=1_000_000, help="decoded in each of the two modes")
    parser.add_argument("--messages", type=int, default=40_000, help="sent over sockets")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    seeds = range(arguments.seed * 1_000_000, arguments.seed * 1_000_000 + arguments.responses // _BATCH)
    responses, messages = Run(), Run()
    with ProcessPoolExecutor(2, initializer=_disable_logging) as pool:
        started = time.perf_counter()
        _add_up(responses, pool.map(run_responses, seeds, [_BATCH] * len(seeds)))
        halfway = time.perf_counter()
        _add_up(messages, pool.map(run_messages, (seeds[0], -seeds[0]), [arguments.messages // 2] * 2))
        ended = time.perf_counter()
    console = Console()
    console.print(_shown("mutated responses decoded", responses, halfway - started))
    console.print(_shown("calls with mutated messages", messages, ended - halfway))
    for kind, run in (("responses", responses), ("messages", messages)):
        for name, content, how in run.violations:
            place = CORPUS / kind / f"{name}.{hashlib.sha256(content).hexdigest()[:8]}"
            place.write_bytes(content)
            console.print(f"{place}: {how}", style="red")
    sys.exit(bool(responses.violations or messages.violations))


def _disable_logging() -> None:
    """Disable logging: all these responses drift."""
    logging.disable()


def _add_up(total: Run, runs: Iterable[Run]) -> None:
    for run in runs:
        total.add(run)


def _shown(title: str, run: Run, seconds: float) -> Table:
    count = run.outcomes.total() + len(run.violations)
    table = Table(title=f"{count:,} {title}, {count / seconds:,.0f} per second", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for outcome, times in sorted(run.outcomes.items()):
        table.add_row(outcome, f"{times:,}")
    table.add_row("violations", f"{len(run.violations):,}")
    return table


if __name__ == "__main__":
    main()
