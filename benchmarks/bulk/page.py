"""The tables of ``docs/bulk-plan.md``: measured figures, and the plan that is computed from them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.bulk.costs import RESUMED
from benchmarks.bulk.plan import UnitCosts, table
from benchmarks.bulk.throughput import CPU_OF_EVENT, CPU_OF_ROW
from benchmarks.measure import OURS, Case
from benchmarks.report import bound, figure, ratio

PAGE: Final = Path(__file__).parents[2] / "docs" / "bulk-plan.md"


def save(cases: Sequence[Case], machine: Mapping[str, object], page: Path = PAGE) -> None:
    """Replace the tables of the page.

    Args:
        cases: The measured cases.
        machine: The machine they were measured on.
        page: The page.
    """
    text = page.read_text(encoding="utf-8")
    where = f"{machine['processor']}, {machine['cores']} cores, {machine['python']}."
    text = _replace(text, "figures", (where, "", *_figures(cases)))
    page.write_text(_replace(text, "plan", table(_unit_costs(cases))), encoding="utf-8")


def _replace(text: str, name: str, lines: Iterator[str] | Sequence[str]) -> str:
    between = re.compile(rf"(?s)(?<=<!-- {name} -->\n).*(?=<!-- /{name} -->)")
    table = "\n".join(lines)
    replaced, count = between.subn(lambda _: f"\n{table}\n\n", text)
    assert count == 1, f"the page has no place for {name}"
    return replaced


def _figures(cases: Sequence[Case]) -> Iterator[str]:
    yield "| case | unit | job | compared with | ratio | target | met |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for case in cases:
        others = ", ".join(
            f"{name}: {figure(outcome, spread=False)}"
            for name, outcome in case.entrants.items()
            if name != OURS
        )
        cells = (
            *(case.name, case.unit, figure(case.entrants[OURS], spread=False), others),
            "".join(ratio(case, target) for target in case.targets),
            "".join(bound(case, target) for target in case.targets),
            "".join("yes" if case.meets(target) else "**no**" for target in case.targets),
        )
        yield f"| {' | '.join(cells)} |"


def _unit_costs(cases: Sequence[Case]) -> dict[str, UnitCosts]:
    def measured(name: str) -> float:
        case = next(case for case in cases if case.name.startswith(name))
        return case.against(None) or 0.0

    resume = measured(RESUMED)
    return {
        "profiles": UnitCosts(1000, measured(CPU_OF_ROW), resume / 1000),
        "events": UnitCosts(1, measured(CPU_OF_EVENT), resume / 1000),
    }
