"""Draws the charts of the recorded run: ``python -m benchmarks.chart``."""

import json
import re
from pathlib import Path
from typing import Any, Final

from matplotlib import rcParams
from matplotlib.figure import Figure

from benchmarks.measure import HTTPX, LIMIT_OF_CALLS, LIMIT_OF_JSON, OURS, PROVIDER
from benchmarks.report import RESULTS
from benchmarks.startup import WITH_CLIENT

CHART: Final = Path(__file__).parent / "chart.svg"
GROWTH: Final = Path(__file__).parents[1] / "docs" / "growth.svg"

_GROWTH: Final = {
    "calls in flight": re.compile(r"CPU per call, tiny response, (\d+) in flight"),
    "cart items": re.compile(r"CPU per call, tiny response, cart of (\d+), 50 in flight"),
}
"""The names of the cases of each growth plot, with the figure on its horizontal axis."""

_COLUMNS: Final = 2
_ENTRANTS: Final = {
    OURS: "#1f6f8b",
    WITH_CLIENT: "#6fb3c9",
    PROVIDER: "#d98032",
    HTTPX: "#9a9a9a",
    LIMIT_OF_CALLS: "#cfcfcf",
    LIMIT_OF_JSON: "#cfcfcf",
}
_NAMED: Final = ("talon-one-sdk", "httpx", "aiohttp", "orjson")


def draw() -> None:
    """Draw the comparison and the growth plots."""
    document: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "benchmarks", "font.size": 9})
    _draw_comparison(document)
    _draw_growth(document)


def _draw_comparison(document: dict[str, Any]) -> None:
    """Draw each case of the results that has a target and another entrant."""
    cases = [case for case in document["cases"] if case["targets"] and len(_shown(case)) > 1]
    rows = -(-len(cases) // _COLUMNS)
    figure: Any = Figure(figsize=(10, 0.9 + 1.35 * rows), layout="constrained", facecolor="white")
    figure.suptitle(_title(document["machine"]), fontsize=9)
    for number, case in enumerate(cases, start=1):
        _panel(figure.add_subplot(rows, _COLUMNS, number), case)
    figure.savefig(CHART, format="svg", metadata={"Date": None})


def _draw_growth(document: dict[str, Any]) -> None:
    """Draw how the CPU time per call grows with the calls in flight and with the cart."""
    figure: Any = Figure(figsize=(10, 3.2), layout="constrained", facecolor="white")
    figure.suptitle(_title(document["machine"]), fontsize=9)
    for number, (label, name) in enumerate(_GROWTH.items(), start=1):
        axis = figure.add_subplot(1, len(_GROWTH), number)
        for entrant in (OURS, PROVIDER, LIMIT_OF_CALLS):
            medians = {
                int(found[1]): case["entrants"][entrant]["median"]
                for case in document["cases"]
                if (found := name.fullmatch(case["name"])) and "median" in case["entrants"].get(entrant, {})
            }
            if medians:
                axis.plot(
                    list(medians), list(medians.values()), "o-", label=entrant, color=_ENTRANTS[entrant]
                )
        axis.set(xscale="log", yscale="log", xlabel=label, title="CPU per call, ms, less is better")
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(frameon=False)
    figure.savefig(GROWTH, format="svg", metadata={"Date": None})


def _panel(axis: Any, case: dict[str, Any]) -> None:
    medians = _shown(case)
    labels = [f"{median:,.0f}" if median >= 100 else f"{median:.3g}" for median in medians.values()]
    bars = axis.barh(list(medians), list(medians.values()), color=[_ENTRANTS[name] for name in medians])
    axis.bar_label(bars, labels=labels, padding=3)
    axis.invert_yaxis()
    axis.set_xlim(0, max(medians.values()) * 1.2)
    axis.xaxis.set_visible(False)
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.tick_params(left=False)
    better = "more is better" if case["unit"] == "calls/s" else "less is better"
    axis.set_title(f"{case['name']}\n{case['unit']}, {better}", loc="left", fontsize=9)


def _shown(case: dict[str, Any]) -> dict[str, float]:
    # An entrant that timed out has no median.
    figures = {name: case["entrants"].get(name, {}).get("median") for name in _ENTRANTS}
    return {name: median for name, median in figures.items() if median is not None}


def _title(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {machine['packages'][name]}" for name in _NAMED)
    return f"{machine['processor']}, {machine['cores']} cores, {machine['python']}, {versions}"


if __name__ == "__main__":
    draw()
