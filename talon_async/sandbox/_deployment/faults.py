"""Fault injection: slow calls, error responses and dropped connections."""

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
    """The connection of a call is to be dropped without a response."""


@attrs.frozen(kw_only=True)
class Fault:
    """A fault to inject into calls.

    Attributes:
        operation: The operationId of the calls to hit; all calls unless given.
        latency: The delay before a call is handled, in seconds; a pair is a range to draw from for each
            call. The call keeps its turn in the queues of its session and profile.
        status: The status of an error response, 400 to 599, that replaces the handling of a call.
        reset: When to drop the connection of a call: ``before`` the call is handled, or ``after`` it, without
            sending the response.
        rate: The share of calls to hit, from 0 to 1; all calls unless given.
        times: How many calls to hit; unlimited unless given.

    Raises:
        ValueError: A value is out of range, the operation is unknown, or there is nothing to inject.
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
            raise ValueError("status, reset: expected only one of them; add two faults to inject both")
        if not (high or self.status or self.reset):
            raise ValueError("expected a latency, a status or a reset")

    @property
    def latency_range(self) -> tuple[float, float]:
        """The shortest and the longest latency, in seconds."""
        return self.latency if isinstance(self.latency, tuple) else (self.latency, self.latency)


@attrs.define(kw_only=True)
class InjectedFault:
    """The faults injected into one call.

    Attributes:
        latency: The delay, in seconds.
        status: The status of the error response, if any.
        reset: When the connection is dropped, if it is.
    """

    latency: float = 0.0
    status: int | None = None
    reset: Literal["before", "after"] | None = None

    def raise_before(self, operation: Operation[..., Any]) -> None:
        """Raise the fault that replaces the handling of the call, if any.

        Raises:
            ApiError: The error response.
            ConnectionDroppedError: The connection is dropped.
        """
        if self.status is not None:
            raise _error(self.status, operation)
        if self.reset == "before":
            raise ConnectionDroppedError

    def raise_after(self) -> None:
        """Raise the fault that replaces the response of the handled call, if any.

        Raises:
            ConnectionDroppedError: The connection is dropped.
        """
        if self.reset == "after":
            raise ConnectionDroppedError


def _error(status: int, operation: Operation[..., Any]) -> ApiError:
    if status == 409 and operation.lock_keys:
        return too_many_requests(next(iter(operation.lock_keys)))
    names = {known.value: known.phrase for known in HTTPStatus}
    return ApiError(status, names.get(status, f"Status {status}"))


class ActiveFault:
    """A fault that hits calls until it is removed; as a context manager, it is removed at the end.

    Attributes:
        fault: The fault.
        hits: How many calls it has hit.
    """

    def __init__(self, fault: Fault, remove: Callable[["ActiveFault"], None]) -> None:
        self.fault = fault
        self.hits = 0
        self._remove = remove

    def remove(self) -> None:
        """Remove it, unless it is removed already."""
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
        """Add a fault until it is removed, for example ``with deployment.faults.add(Fault(status=503)):``."""
        active = ActiveFault(fault, self._remove)
        self._active.append(active)
        return active

    def clear(self) -> None:
        """Remove all faults."""
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
