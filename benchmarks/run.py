"""One run: each row is written when it is measured, and an interrupted run shows the rows so far."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.measure import Case
from benchmarks.report import row

ROWS: Final = Path(__file__).parent / "rows.jsonl"


def run(cases: Iterable[Case], rows: Path, show: Callable[[Sequence[Case]], None]) -> list[Case]:
    """Measure all cases and show them, also when an exception ends the run early.

    Args:
        cases: The cases; each is measured when it is requested.
        rows: The file of the rows, one JSON object per line; it replaces that of the previous run.
        show: Shows the cases that were measured.

    Returns:
        All cases.
    """
    measured: list[Case] = []
    try:
        with rows.open("w", encoding="utf-8") as file:
            for case in cases:
                measured.append(case)
                print(json.dumps(row(case)), file=file, flush=True)
                print(f"{case.group}: {case.name}", flush=True)
    finally:
        show(measured)
    return measured
