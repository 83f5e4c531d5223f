"""How the figures are shown and kept."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
from rich.console import Console
from rich.table import Table

from benchmarks.measure import OURS, PROVIDER, Case, Measurement

RESULTS: Final = Path(__file__).parent / "results.json"

_LEGEND: Final = """Median of the rounds, and their quartiles in brackets. The ratio says how many times
better we do than talon-one-sdk; below 1, it does better."""


def show(cases: Sequence[Case], machine: Mapping[str, object]) -> None:
    """Print all cases side by side."""
    table = Table(title=f"{machine['processor']}, {machine['python']}")
    for heading in ("case", "unit", OURS, PROVIDER, "other peers", "ratio"):
        table.add_column(heading, justify="left" if heading in ("case", "other peers") else "right")
    group = ""
    for case in cases:
        if case.group != group:
            table.add_section()
        group = case.group
        peers = [
            f"{name}: {_figure(measurement)}"
            for name, measurement in case.entrants.items()
            if name not in (OURS, PROVIDER)
        ]
        table.add_row(
            case.name,
            case.unit,
            _figure(case.entrants.get(OURS)),
            _figure(case.entrants.get(PROVIDER)),
            "\n".join(peers),
            "" if case.ratio is None else _number(case.ratio),
        )
    console = Console(width=None if Console().is_terminal else 150)
    console.print(table)
    console.print(_LEGEND, soft_wrap=True, highlight=False)


def save(cases: Sequence[Case], machine: Mapping[str, object]) -> None:
    """Keep all cases and the machine they were measured on."""
    document = {"machine": machine, "cases": [attrs.asdict(case) for case in cases]}
    RESULTS.write_text(json.dumps(document, indent=1, default=str) + "\n", encoding="utf-8")


def _figure(measurement: Measurement | None) -> str:
    if measurement is None:
        return "-"
    return f"{_number(measurement.median)} [{_number(measurement.low)}..{_number(measurement.high)}]"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
