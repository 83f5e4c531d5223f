"""The long fuzz, with its figures: ``python -m tests.fuzz``; it fails if a promise was broken.

The smallest answers that broke one are put into the corpus, which the test suite reads ever after.
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

from tests.fuzz.runs import Run, run_answers, run_messages

CORPUS: Final = Path(__file__).parent / "corpus"
_BATCH: Final = 10_000


def main() -> None:
    """Fuzz, show, and keep what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Reads spoilt answers.")
    parser.add_argument("--answers", type=int, default=1_000_000, help="read in each of the two modes")
    parser.add_argument("--messages", type=int, default=40_000, help="sent over sockets")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    seeds = range(given.seed * 1_000_000, given.seed * 1_000_000 + given.answers // _BATCH)
    answers, messages = Run(), Run()
    with ProcessPoolExecutor(2, initializer=_be_quiet) as pool:
        started = time.perf_counter()
        _add_up(answers, pool.map(run_answers, seeds, [_BATCH] * len(seeds)))
        halfway = time.perf_counter()
        _add_up(messages, pool.map(run_messages, (seeds[0], -seeds[0]), [given.messages // 2] * 2))
        ended = time.perf_counter()
    console = Console()
    console.print(_shown("decodes of spoilt answers", answers, halfway - started))
    console.print(_shown("calls answered by spoilt messages", messages, ended - halfway))
    for kind, run in (("responses", answers), ("messages", messages)):
        for name, content, how in run.breaches:
            place = CORPUS / kind / f"{name}.{hashlib.sha256(content).hexdigest()[:8]}"
            place.write_bytes(content)
            console.print(f"{place}: {how}", style="red")
    sys.exit(bool(answers.breaches or messages.breaches))


def _be_quiet() -> None:
    """Keep drift, which is all that these answers are, out of the terminal."""
    logging.disable()


def _add_up(total: Run, runs: Iterable[Run]) -> None:
    for run in runs:
        total.add(run)


def _shown(title: str, run: Run, seconds: float) -> Table:
    count = run.outcomes.total() + len(run.breaches)
    table = Table(title=f"{count:,} {title}, {count / seconds:,.0f} a second", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for outcome, times in sorted(run.outcomes.items()):
        table.add_row(outcome, f"{times:,}")
    table.add_row("promises broken", f"{len(run.breaches):,}")
    return table


if __name__ == "__main__":
    main()
