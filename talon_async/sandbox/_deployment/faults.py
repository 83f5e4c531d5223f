"""Faults on demand: calls that are slow, refused, or lose their connection."""

import random
from collections.abc import Callable, Iterator
from http import HTTPStatus
from types import TracebackType
from typing import Any, Literal

import attrs

from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation
from talon_async.sandbox._errors import ApiError, too_many_requests


class ConnectionDroppedError(Exception):
    """The connection of a call is dropped, and no answer goes out."""


@attrs.frozen(kw_only=True)
class Fault:
    """What goes wrong with calls.

    Attributes:
        operation: The operationId of the calls that are hits; all calls unless given.
        latency: How long a call is held up before it is carried out, in seconds; a pair is a range, from
            which each call takes its own. Meanwhile it holds its place among the calls for its session and
            profile.
        status: The status of an error, 400 to 599, with which a call is answered instead of being carried
            out.
        reset: When the connection of a call is dropped without an answer: ``before`` it is carried out, or
            ``after``, when all it does is done.
        rate: How many of the calls are hits, from 0 to 1: all of them unless given.
        times: After how many calls the fault is over; it lasts unless given.

    Raises:
        ValueError: A value is out of range, the operation is none, or nothing would go wrong.
    """

    operation: str | None = None
    latency: float | tuple[float, float] = 0.0
    status: int | None = None
    reset: Literal["before", "after"] | None = None
    rate: float = 1.0
    times: int | None = None

    def __attrs_post_init__(self) -> None:
        low, high = self.latency_range
        if self.operation is not None and self.operation not in OPERATIONS:
            raise ValueError(f"operation: there is no {self.operation!r}")
        if not 0 <= low <= high:
            raise ValueError(f"latency: expected 0 or more seconds, or a range, found {self.latency}")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError(f"status: expected 400 to 599, found {self.status}")
        if not 0 <= self.rate <= 1:
            raise ValueError(f"rate: expected 0 to 1, found {self.rate}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times: expected 1 or more, found {self.times}")
        if self.status is not None and self.reset is not None:
            raise ValueError("status, reset: a call has an answer or none; give two faults to have both")
        if not (high or self.status or self.reset):
            raise ValueError("expected a latency, a status or a reset")

    @property
    def latency_range(self) -> tuple[float, float]:
        """The shortest and the longest latency, in seconds."""
        return self.latency if isinstance(self.latency, tuple) else (self.latency, self.latency)


@attrs.define(kw_only=True)
class InjectedFault:
    """What goes wrong with one call.

    Attributes:
        latency: How long it is held up, in seconds.
        status: The status of the error that it is answered with, if it is.
        reset: When its connection is dropped, if it is.
    """

    latency: float = 0.0
    status: int | None = None
    reset: Literal["before", "after"] | None = None

    def raise_before(self, operation: Operation[Any]) -> None:
        """Do what keeps the call from being carried out.

        Raises:
            ApiError: The call is answered with an error.
            ConnectionDroppedError: Its connection is dropped.
        """
        if self.status is not None:
            raise _refusal(self.status, operation)
        if self.reset == "before":
            raise ConnectionDroppedError

    def raise_after(self) -> None:
        """Do what keeps the answer from going out.

        Raises:
            ConnectionDroppedError: The connection is dropped.
        """
        if self.reset == "after":
            raise ConnectionDroppedError


def _refusal(status: int, operation: Operation[Any]) -> ApiError:
    if status == 409 and operation.lock_keys:
        return too_many_requests(next(iter(operation.lock_keys)))
    names = {known.value: known.phrase for known in HTTPStatus}
    return ApiError(status, names.get(status, f"Status {status}"))


class ActiveFault:
    """A fault that strikes calls until it is removed; as a context manager it is removed at the end.

    Attributes:
        fault: What goes wrong.
        hits: How many calls it hits.
    """

    def __init__(self, fault: Fault, remove: Callable[["ActiveFault"], None]) -> None:
        self.fault = fault
        self.hits = 0
        self._remove = remove

    def remove(self) -> None:
        """End it; it may have ended before."""
        self._remove(self)

    def __enter__(self) -> "ActiveFault":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.remove()


class Faults:
    """The faults of a deployment; they hit well-formed calls with a valid API key.

    Several faults can hit one call: their latencies add up, and the first one with a status or a reset wins.

    Args:
        seed: Determines the random rates and latencies.
    """

    def __init__(self, seed: int) -> None:
        self._active: list[ActiveFault] = []
        self._seed, self._draws = seed, 0

    def __iter__(self) -> Iterator[ActiveFault]:
        return iter(tuple(self._active))

    def __len__(self) -> int:
        return len(self._active)

    def add(self, fault: Fault) -> ActiveFault:
        """Let a fault draw: ``with deployment.faults.add(Fault(status=503)):``, or until it is removed."""
        active = ActiveFault(fault, self._remove)
        self._active.append(active)
        return active

    def clear(self) -> None:
        """End all faults."""
        self._active.clear()

    def reseed(self, seed: int) -> None:
        """Restart the random numbers that rates and latencies are drawn from."""
        self._seed, self._draws = seed, 0

    def draw(self, operation_id: str) -> InjectedFault:
        """Draw the faults of one call.

        Args:
            operation_id: The operation that is called.
        """
        injected = InjectedFault()
        if not self._active:
            return injected
        self._draws += 1
        source = random.Random(f"{self._seed}/fault {self._draws}")  # noqa: S311  not a secret
        for active in self:
            fault = active.fault
            decided = injected.status is not None or injected.reset is not None
            if fault.operation not in (None, operation_id):
                continue
            if decided and (fault.status is not None or fault.reset is not None):
                continue
            if source.random() >= fault.rate:
                continue
            injected.latency += source.uniform(*fault.latency_range)
            injected.status, injected.reset = injected.status or fault.status, injected.reset or fault.reset
            active.hits += 1
            if active.hits == fault.times:
                active.remove()
        return injected

    def _remove(self, active: ActiveFault) -> None:
        if active in self._active:
            self._active.remove(active)
