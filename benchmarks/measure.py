"""How anything is measured: entrants take turns, each in a process of its own, for several rounds."""

import functools
import itertools
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, Literal, TypeAlias, TypeVar

import attrs

OURS: Final = "talon_async"
PROVIDER: Final = "talon-one-sdk"
HTTPX: Final = "httpx"
LIMIT_OF_CALLS: Final = "aiohttp + orjson"
LIMIT_OF_JSON: Final = "orjson alone"

Unit: TypeAlias = Literal["us", "ms", "MB", "%", "left", "calls/s"]
Prepare: TypeAlias = Callable[[], Callable[[int], object]]
"""Sets something up, and gives a function that does it so many times."""

T = TypeVar("T")

_JOB_SECONDS: Final = 150.0
_MICROSECONDS: Final = 1e6


@attrs.frozen
class Pace:
    """How long to measure.

    Attributes:
        rounds: How often each entrant has its turn.
        turn: How many seconds a turn takes.
    """

    rounds: int
    turn: float


@attrs.frozen
class Measurement:
    """What came out for one entrant: the median of its rounds, and the quartiles around it."""

    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Measurement":
        """Sum up the rounds of an entrant."""
        ordered = sorted(values)
        if len(ordered) == 1:
            return cls(ordered[0], ordered[0], ordered[0], 1)
        low, middle, high = statistics.quantiles(ordered, n=4, method="inclusive")
        return cls(middle, low, high, len(ordered))


@attrs.frozen
class Target:
    """What our figure is to reach: at least so much in calls per second, at most so much in all else.

    Attributes:
        bound: A multiple of another entrant's figure, or a figure of its own.
        than: The other entrant; with `None`, `bound` is in the unit of the case.
    """

    bound: float
    than: str | None = None


@attrs.frozen
class Case:
    """One line of the report.

    Attributes:
        group: What it belongs to.
        name: What was done.
        unit: What the figures are; all but ``calls/s`` are better when lower.
        entrants: The figures by entrant.
        targets: What our figure is to reach.
    """

    group: str
    name: str
    unit: Unit
    entrants: Mapping[str, Measurement]
    targets: tuple[Target, ...] = ()

    @property
    def more_is_better(self) -> bool:
        """Whether the higher figure wins."""
        return self.unit == "calls/s"

    def against(self, than: str | None) -> float:
        """Our figure as a multiple of another entrant's, or as it is."""
        ours = self.entrants[OURS].median
        return ours if than is None else ours / self.entrants[than].median

    def meets(self, target: Target) -> bool:
        """Whether our figure is as good as a target wants it."""
        reached = self.against(target.than)
        return reached >= target.bound if self.more_is_better else reached <= target.bound


class Workers(ExitStack):
    """One process for each entrant, so that no entrant's modules, threads or garbage burden another.

    Args:
        entrants: Their names.
    """

    def __init__(self, entrants: Iterable[str]) -> None:
        super().__init__()
        context = multiprocessing.get_context("spawn")
        self._executors = {
            name: self.enter_context(ProcessPoolExecutor(max_workers=1, mp_context=context))
            for name in entrants
        }

    def run(self, entrant: str, job: Callable[[], T]) -> T:
        """Do a job in an entrant's process."""
        return self._executors[entrant].submit(job).result(timeout=_JOB_SECONDS)

    def take_turns(self, jobs: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
        """Let each entrant do its job, one after another, for so many rounds; one round more warms up."""
        results: dict[str, list[T]] = {name: [] for name in jobs}
        for number, (name, job) in itertools.product(range(rounds + 1), jobs.items()):
            result = self.run(name, job)
            if number:
                results[name].append(result)
        return results


def compare(
    group: str, name: str, entrants: Mapping[str, Prepare], pace: Pace, targets: tuple[Target, ...] = ()
) -> Case:
    """Measure how much processor time each entrant takes for the same thing, in microseconds."""
    jobs = {
        entrant: functools.partial(_seconds_each, prepare, pace.turn) for entrant, prepare in entrants.items()
    }
    with Workers(entrants) as workers:
        turns = workers.take_turns(jobs, pace.rounds)
    return Case(
        group,
        name,
        "us",
        {
            entrant: Measurement.of(seconds * _MICROSECONDS for seconds in values)
            for entrant, values in turns.items()
        },
        targets,
    )


def repeat(action: Callable[[], object]) -> Callable[[int], object]:
    """Make a function that does something so many times."""

    def run(times: int) -> None:
        for _ in itertools.repeat(None, times):
            action()

    return run


def _seconds_each(prepare: Prepare, turn: float) -> float:
    run, times = _prepared(prepare, turn)
    return _seconds(run, times) / times


@functools.cache
def _prepared(prepare: Prepare, turn: float) -> tuple[Callable[[int], object], int]:
    """Set up once for a process, and find how many times fill a turn."""
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
