"""Output of the figures: a table on the terminal, a JSON document, and a Markdown page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
from rich.console import Console
from rich.table import Table

from benchmarks.measure import (
    HTTPX,
    LIMIT_OF_CALLS,
    LIMIT_OF_JSON,
    OURS,
    PROVIDER,
    Case,
    Outcome,
    Target,
)
from benchmarks.workers import TimedOut

RESULTS: Final = Path(__file__).parent / "results.json"
PAGE: Final = Path(__file__).parents[1] / "docs" / "benchmarks.md"

_LIMITS: Final = (LIMIT_OF_CALLS, LIMIT_OF_JSON)
_IN_COLUMNS: Final = (OURS, PROVIDER, HTTPX, *_LIMITS)
_LEGEND: Final = """Medians of the rounds, with their quartiles below. The limit is aiohttp with \
orjson for calls and orjson alone for documents: neither builds models. Absolute figures belong to this \
machine; targets compare figures of the same run. A ratio is our figure over the other one. A figure such as \
"over 30 s" means that the measurement outlasted its time limit."""

_PAGE_HEAD: Final = """# Benchmarks

Written by `make bench`, from the figures in [`benchmarks/results.json`](../benchmarks/results.json). Do not
edit it: a run replaces it.

{machine}

{legend}

![How the CPU time per call grows with the calls in flight and with the cart](growth.svg)

{summary}

"""


def show(cases: Sequence[Case], machine: Mapping[str, object]) -> None:
    """Print all cases side by side, those with targets first."""
    console = Console(width=None if Console().is_terminal else 190)
    console.print(_table(f"Targets: {_where(machine)}", [case for case in cases if case.targets]))
    console.print(_table("Without targets", [case for case in cases if not case.targets]))
    console.print(_LEGEND, soft_wrap=True, highlight=False)
    console.print(_busiest(cases), soft_wrap=True, highlight=False)
    console.print(_summary(cases), soft_wrap=True, highlight=False)


def save(cases: Sequence[Case], machine: Mapping[str, object]) -> None:
    """Write the recorded run: all cases, the machine they were measured on, and the page about them."""
    document = {"machine": machine, "cases": [row(case) for case in cases]}
    RESULTS.write_text(json.dumps(document, indent=1, default=str) + "\n", encoding="utf-8")
    PAGE.write_text(_page(cases, machine), encoding="utf-8")


def row(case: Case) -> dict[str, object]:
    """A case as a JSON object, its targets with the reached figures."""
    targets = [
        {**attrs.asdict(target), "reached": case.against(target.than), "met": case.meets(target)}
        for target in case.targets
    ]
    return {**attrs.asdict(case), "targets": targets}


def _table(title: str, cases: Sequence[Case]) -> Table:
    table = Table(title=title)
    for heading in ("case", "unit"):
        table.add_column(heading)
    for heading in (OURS, PROVIDER, HTTPX, "limit"):
        table.add_column(heading, justify="right")
    table.add_column("others")
    with_targets = any(case.targets for case in cases)
    for heading in ("ratio", "target", "met") if with_targets else ():
        table.add_column(heading, justify="right" if heading == "ratio" else "left")
    group = ""
    for case in cases:
        if case.group != group:
            table.add_section()
        group = case.group
        summary = _target_cells(case) if with_targets else ()
        table.add_row(case.name, case.unit, *_figures(case, "\n", spread=True), *summary)
    return table


def _figures(case: Case, between: str, *, spread: bool) -> tuple[str, ...]:
    limit = next((case.entrants[name] for name in _LIMITS if name in case.entrants), None)
    return (
        *(figure(case.entrants.get(name), spread=spread) for name in (OURS, PROVIDER, HTTPX)),
        figure(limit, spread=spread),
        between.join(
            f"{name}: {figure(outcome, spread=False)}"
            for name, outcome in case.entrants.items()
            if name not in _IN_COLUMNS
        ),
    )


def _target_cells(case: Case) -> tuple[str, str, str]:
    return (
        "\n".join(ratio(case, target) for target in case.targets),
        "\n".join(bound(case, target) for target in case.targets),
        "\n".join("[green]met" if case.meets(target) else "[red]missed" for target in case.targets),
    )


def ratio(case: Case, target: Target) -> str:
    reached = case.against(target.than)
    return "" if target.than is None or reached is None else _times(reached)


def bound(case: Case, target: Target) -> str:
    side = "at least" if case.more_is_better else "at most"
    if target.than is None:
        return f"{side} {target.bound:g} {case.unit}"
    return f"{side} {_times(target.bound)} {target.than}"


def _times(ratio: float) -> str:
    return f"{ratio:.3g} x" if ratio >= 1 or not ratio else f"1/{1 / ratio:.3g} x"


def _busiest(cases: Iterable[Case]) -> str:
    shares = [
        (outcome.median, entrant, case.name)
        for case in cases
        if case.unit == "%" and case.name.startswith("server busy")
        for entrant, outcome in case.entrants.items()
        if not isinstance(outcome, TimedOut)
    ]
    if not shares:
        return "The server's CPU time is not available on this system."
    share, entrant, name = max(shares)
    return f"The server's core was busiest under {entrant} ({name}): {share:.0f} %."


def _summary(cases: Iterable[Case]) -> str:
    outcomes = [
        (case.meets(target), f"{case.name} ({bound(case, target)})")
        for case in cases
        for target in case.targets
    ]
    missed = [name for met, name in outcomes if not met]
    count = f"Meets {len(outcomes) - len(missed)} of {len(outcomes)} targets"
    return f"{count}; missed: {'; '.join(missed)}." if missed else f"{count}."


def _page(cases: Sequence[Case], machine: Mapping[str, object]) -> str:
    head = _PAGE_HEAD.format(
        machine=f"{_where(machine)}. {_busiest(cases)}",
        legend=_LEGEND.replace(", with their quartiles below", ""),
        summary=_summary(cases),
    )
    columns = ("case", "unit", OURS, PROVIDER, HTTPX, "limit", "others")
    with_targets = [case for case in cases if case.targets]
    return "\n".join(
        (
            head + _row((*columns, "ratio", "target", "met")),
            _row(["---"] * (len(columns) + 3)),
            *(
                _row(
                    (
                        case.name,
                        case.unit,
                        *_figures(case, ", ", spread=False),
                        "<br>".join(ratio(case, target) for target in case.targets),
                        "<br>".join(bound(case, target) for target in case.targets),
                        "<br>".join("yes" if case.meets(target) else "**no**" for target in case.targets),
                    )
                )
                for case in with_targets
            ),
            "\nWithout targets:\n",
            _row(columns),
            _row(["---"] * len(columns)),
            *(
                _row((case.name, case.unit, *_figures(case, ", ", spread=False)))
                for case in cases
                if not case.targets
            ),
            "",
        )
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _where(machine: Mapping[str, object]) -> str:
    return f"{machine['processor']}, {machine['cores']} cores, {machine['platform']}, {machine['python']}"


def figure(outcome: Outcome | None, *, spread: bool) -> str:
    if outcome is None:
        return "-"
    if isinstance(outcome, TimedOut):
        return f"over {outcome.seconds:.0f} s"
    middle = number(outcome.median)
    if not spread or outcome.rounds == 1:
        return middle
    return f"{middle}\n[dim]{number(outcome.low)}..{number(outcome.high)}[/dim]"


def number(value: float) -> str:
    if value >= 100 or not value:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
