"""The plan for scale: computed from measured unit costs, for some numbers of rows and rates of requests."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

_COUNTS: Final = {10_000_000: "10 million", 1_000_000_000: "one billion"}
_OF_THE_CLIENT: Final = ("CPU of the client", "bottleneck", "CPU to resume at the end")
_RATES: Final = (10, 40, 300)


@attrs.frozen
class UnitCosts:
    """What a row costs.

    Attributes:
        rows_per_request: The rows of a request.
        microseconds: The CPU time of a row.
        resume: The CPU time of a row that an earlier run completed.
    """

    rows_per_request: int
    microseconds: float
    resume: float


def table(costs: Mapping[str, UnitCosts]) -> Iterator[str]:
    """Compute the plan, as a table in Markdown.

    Args:
        costs: The unit costs by the name of a kind.
    """
    yield _cells("rows", "requests/s", "requests", "time by the pace", *_OF_THE_CLIENT)
    yield _cells(*["---"] * 7)
    for count, words in _COUNTS.items():
        for kind, cost in costs.items():
            for rate in _RATES:
                yield _row(f"{words} {kind}", count, rate, cost)


def _row(name: str, count: int, rate: int, cost: UnitCosts) -> str:
    requests = math.ceil(count / cost.rows_per_request)
    paced, busy = requests / rate, count * cost.microseconds / 1e6
    share = busy / paced
    bottleneck = (
        "the rate" if share <= 0.8 else f"one core ({math.ceil(share / 0.8)} processes keep the rate)"
    )
    cells = (
        *(name, f"{rate}", f"{requests:,}", duration(paced), f"{duration(busy)}, {share:.0%} of a core"),
        *(bottleneck, duration(count * cost.resume / 1e6)),
    )
    return _cells(*cells)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def duration(seconds: float) -> str:
    """Write a duration with the unit that suits it."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.{0 if seconds >= 20 * size else 1}f} {unit}"
    return f"{seconds:.0f} s"
