"""A measurement that times out loses only its own figure."""

import itertools
import os
import signal
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from benchmarks import machine
from benchmarks.fresh import run_fresh
from benchmarks.measure import OURS, PROVIDER, Pace, Target, compare
from benchmarks.workers import Bounds, TimedOut, Workers

T = TypeVar("T")

NO_TIME = Bounds(slowness=0.0)


def test_a_job_that_times_out_costs_its_process_only() -> None:
    """The entrant's next job runs in a new process, and other entrants are unaffected."""
    with Workers(["stuck", "quick"], Bounds()) as workers:
        processes = [workers.run(name, os.getpid) for name in ("stuck", "quick")]
        assert workers.run("stuck", signal.pause, seconds=0) == TimedOut(0)
        stuck, quick = (workers.run(name, os.getpid) for name in ("stuck", "quick"))
    assert stuck not in processes
    assert quick == processes[1]


def test_a_job_that_fails_raises() -> None:
    """An exception in a worker process is raised to the caller."""
    with Workers(["broken"], Bounds()) as workers, pytest.raises(FileNotFoundError):
        workers.run("broken", NamedFile("/nowhere/at/all").size)


class NamedFile:
    """A file, by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def size(self) -> int:
        """Its size in bytes."""
        return os.stat(self.name).st_size


class InProcessWorkers(Workers):
    """Runs jobs in this process; the jobs of one entrant time out from a given turn on."""

    def __init__(self, slow: str, after: int) -> None:
        super().__init__([], Bounds())
        self.slow, self.left = slow, after

    def run(self, entrant: str, job: Callable[[], T], seconds: float = 0.0) -> T | TimedOut:
        """Run a job, or let it time out."""
        if entrant != self.slow:
            return job()
        self.left -= 1
        assert self.left >= -1, "an entrant that timed out had another turn"
        return job() if self.left >= 0 else TimedOut(seconds)


@pytest.mark.parametrize("after", [0, 2], ids=["at first", "later"])
def test_an_entrant_that_times_out_has_no_further_turns(after: int) -> None:
    """The others have all their rounds, without the warm-up."""
    numbers = itertools.count()
    jobs: dict[str, Callable[[], Any]] = {"slow": lambda: None, "fast": lambda: next(numbers)}
    turns = InProcessWorkers("slow", after).take_turns(jobs, rounds=3, seconds=5.0)
    assert turns == {"slow": TimedOut(5.0), "fast": [1, 2, 3]}


def never() -> Callable[[int], object]:
    """Never finish setting up."""
    while True:
        signal.pause()


def test_a_comparison_that_times_out_leaves_its_row() -> None:
    """The row has the limit instead of figures, and its targets are missed."""
    target = Target(1.0, PROVIDER)
    case = compare("codec", "stuck", {OURS: never, PROVIDER: never}, Pace(1, 0.1), NO_TIME, (target,))
    assert case.entrants == {OURS: TimedOut(0.0), PROVIDER: TimedOut(0.0)}
    assert case.against(PROVIDER) is None
    assert not case.meets(target)


def test_a_program_that_times_out_is_not_a_failure() -> None:
    """A fresh process that exceeds its limit ends, and the run continues."""
    assert run_fresh("import signal; signal.pause()", NO_TIME) == TimedOut(0.0)
    assert run_fresh("import sys; print(sys.argv[1])", Bounds(), "7") == "7\n"


def test_limits_grow_with_the_slowness_of_the_machine() -> None:
    """A machine of a third of the speed gets three times as long; a fast one never gets less."""
    assert Bounds(machine.slowness(machine.REFERENCE_SPEED / 3)).seconds(140.0) == pytest.approx(420.0)
    assert machine.slowness(machine.REFERENCE_SPEED * 2) == 1.0


@pytest.mark.parametrize("seconds", [1, 4])
def test_speed_is_work_per_second(seconds: int) -> None:
    """The speed halves as each slice of the loop takes twice as long."""
    ticks = itertools.count(step=seconds)
    assert machine.speed(lambda: float(next(ticks))) == pytest.approx(100 / seconds)
