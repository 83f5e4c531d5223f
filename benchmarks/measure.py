"""The method of measurement: entrants take turns, each in its own process, for several rounds."""

import functools
import itertools
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import attrs

from benchmarks.workers import Bounds, TimedOut, Workers

OURS: Final = "talon_async"
PROVIDER: Final = "talon-one-sdk"
HTTPX: Final = "httpx"
LIMIT_OF_CALLS: Final = "aiohttp + orjson"
LIMIT_OF_JSON: Final = "orjson alone"

Unit: TypeAlias = Literal["us", "ms", "MB", "%", "left", "bytes", "requests", "rows", "calls/s", "rows/s"]
Prepare: TypeAlias = Callable[[], Callable[[int], object]]
"""Sets up an action, and returns a function that repeats it a number of times."""

_MICROSECONDS: Final = 1e6


@attrs.frozen
class Pace:
    """How long to measure.

    Attributes:
        rounds: The number of turns of each entrant.
        turn: The duration of a turn, in seconds.
    """

    rounds: int
    turn: float


@attrs.frozen
class Measurement:
    """The figures of one entrant: the median of its rounds, and the quartiles around it."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Measurement":
        """Summarize the rounds of an entrant."""
        ordered = sorted(values)
        if len(ordered) == 1:
            return cls(ordered[0], ordered[0], ordered[0], 1)
        low, middle, high = statistics.quantiles(ordered, n=4, method="inclusive")
        return cls(middle, low, high, len(ordered))


Outcome: TypeAlias = Measurement | TimedOut


def summarize(rounds: Sequence[float] | TimedOut) -> Outcome:
    """Summarize the rounds of an entrant, unless it timed out."""
    return rounds if isinstance(rounds, TimedOut) else Measurement.of(rounds)


@attrs.frozen
class Target:
    """The target for our figure: a minimum for calls or rows per second, a maximum for everything else.

    Attributes:
        bound: A multiple of another entrant's figure, or an absolute figure.
        than: The other entrant; with `None`, `bound` is in the unit of the case.
    """

    bound: float
    than: str | None = None


@attrs.frozen
class Case:
    """One row of the report.

    Attributes:
        group: The group it belongs to.
        name: What was measured.
        unit: The unit of the figures; for all but calls and rows per second, lower is better.
        entrants: The figures by entrant; `TimedOut` for one that outlasted its time limit.
        targets: The targets for our figure.
    """

    group: str
    name: str
    unit: Unit
    entrants: Mapping[str, Outcome]
    targets: tuple[Target, ...] = ()

    @property
    def more_is_better(self) -> bool:
        """Whether a higher figure is better."""
        return self.unit in ("calls/s", "rows/s")

    def against(self, than: str | None) -> float | None:
        """Our figure as a multiple of another entrant's, or absolute; `None` if either timed out."""
        ours, other = self.entrants[OURS], self.entrants[than or OURS]
        if isinstance(ours, TimedOut) or isinstance(other, TimedOut):
            return None
        return ours.median if than is None else ours.median / other.median

    def meets(self, target: Target) -> bool:
        """Whether our figure meets a target; without a figure it does not."""
        reached = self.against(target.than)
        if reached is None:
            return False
        return reached >= target.bound if self.more_is_better else reached <= target.bound


def compare(
    group: str,
    name: str,
    entrants: Mapping[str, Prepare],
    pace: Pace,
    bounds: Bounds,
    targets: tuple[Target, ...] = (),
) -> Case:
    """Measure each entrant's processor time for the same action, in microseconds."""
    jobs = {
        entrant: functools.partial(_microseconds_each, prepare, pace.turn)
        for entrant, prepare in entrants.items()
    }
    with Workers(entrants, bounds) as workers:
        turns = workers.take_turns(jobs, pace.rounds)
    return Case(
        group,
        name,
        "us",
        {entrant: summarize(values) for entrant, values in turns.items()},
        targets,
    )


def repeat(action: Callable[[], object]) -> Callable[[int], object]:
    """Return a function that repeats an action a number of times."""

    def run(times: int) -> None:
        for _ in itertools.repeat(None, times):
            action()

    return run


def _microseconds_each(prepare: Prepare, turn: float) -> float:
    run, times = _prepared(prepare, turn)
    return _seconds(run, times) / times * _MICROSECONDS


@functools.cache
def _prepared(prepare: Prepare, turn: float) -> tuple[Callable[[int], object], int]:
    """Set up once per process, and find the number of repetitions that fill a turn."""
    run = prepare()
    run(1)
    times = 1
    while (seconds := _seconds(run, times)) < turn / 10 and times < 10_000_000:
        times *= 4
    return run, max(1, int(times * turn / seconds))


def _seconds(run: Callable[[int], Any], times: int) -> float:
    started = time.process_time()
    run(times)
    return time.process_time() - started
