"""Worker processes: one per entrant, and a time limit for every job."""

import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

import attrs

T = TypeVar("T")

_JOB_SECONDS: Final = 150.0
_CONTEXT: Final = multiprocessing.get_context("spawn")


@attrs.frozen
class TimedOut:
    """The result of a job that exceeded its time limit.

    Attributes:
        seconds: The time limit.
    """

    seconds: float


@attrs.frozen
class Bounds:
    """The time limits of one run.

    Attributes:
        slowness: How many times longer this machine takes than the reference machine; at least 1.
    """

    slowness: float = 1.0

    def seconds(self, on_reference_machine: float) -> float:
        """Scale a time limit of the reference machine to this machine."""
        return on_reference_machine * self.slowness


class Workers(ExitStack):
    """One process per entrant, so that no entrant's modules, threads or garbage affect another.

    Args:
        entrants: The names of the entrants.
        bounds: The time limits.
    """

    def __init__(self, entrants: Iterable[str], bounds: Bounds) -> None:
        super().__init__()
        self._bounds = bounds
        self._workers = {name: _Worker() for name in entrants}
        for worker in self._workers.values():
            self.callback(worker.stop)

    def run(self, entrant: str, job: Callable[[], T], seconds: float = _JOB_SECONDS) -> T | TimedOut:
        """Run a job in an entrant's process.

        Args:
            entrant: The entrant's name.
            job: The job; it and its result must be picklable.
            seconds: The job's time limit on the reference machine.

        Returns:
            The job's result, or `TimedOut`. The process of a job that timed out is killed; the entrant's
            next job gets a new one.
        """
        return self._workers[entrant].run(job, self._bounds.seconds(seconds))

    def take_turns(
        self, jobs: Mapping[str, Callable[[], T]], rounds: int, seconds: float = _JOB_SECONDS
    ) -> dict[str, list[T] | TimedOut]:
        """Run each entrant's job in turn for some rounds, after a warm-up round.

        An entrant that timed out has no further turns.
        """
        results: dict[str, list[T] | TimedOut] = {name: [] for name in jobs}
        for number, (name, job) in itertools.product(range(rounds + 1), jobs.items()):
            so_far = results[name]
            if isinstance(so_far, TimedOut):
                continue
            result = self.run(name, job, seconds)
            if isinstance(result, TimedOut):
                results[name] = result
            elif number:
                so_far.append(result)
        return results


@attrs.frozen
class _Failed:
    error: Exception


class _Worker:
    """A process that runs one job after another; it starts with the first."""

    def __init__(self) -> None:
        self._connection: Connection[Any, Any] | None = None
        self._process: Any = None

    def run(self, job: Callable[[], T], seconds: float) -> T | TimedOut:
        connection = self._connection or self._start()
        connection.send(job)
        if not connection.poll(seconds):
            self.stop()
            return TimedOut(seconds)
        reply: T | _Failed = connection.recv()
        if isinstance(reply, _Failed):
            raise reply.error
        return reply

    def stop(self) -> None:
        if self._connection is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._connection.close()
            self._connection = None

    def _start(self) -> "Connection[Any, Any]":
        ours, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._connection = ours
        return ours


def _work(connection: "Connection[Any, Any]") -> None:
    while True:
        job = connection.recv()
        try:
            connection.send(job())
        except Exception as error:
            connection.send(_Failed(error))
