"""The circuit breaker: while the service is down, calls fail at once, except for a probe now and then."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs

from talon_async.config import CircuitBreaker
from talon_async.errors import CallError, CallTimeoutError, ServiceConnectionError, StatusError

Admission: TypeAlias = Literal["ordinary", "probe"]
"""How an attempt was admitted."""


@attrs.define
class Circuit:
    """The state of a client's circuit breaker; without settings it admits everything.

    Args:
        settings: When it opens, and for how long; `None` for never.
        clock: Returns the time, in seconds.
    """

    _settings: CircuitBreaker | None
    _clock: Callable[[], float]
    _failures: int = 0
    _opened: float | None = None
    _probing: bool = False

    def try_acquire(self) -> Admission | None:
        """Admit an attempt, or not; one that is admitted must be recorded or released."""
        if self._settings is None or self._opened is None:
            return "ordinary"
        if self._probing or self._clock() < self._opened + self._settings.open_seconds:
            return None
        self._probing = True
        return "probe"

    def record(self, admission: Admission, failure: CallError | None) -> None:
        """Record how an attempt ended; `None` stands for success."""
        if self._settings is None:
            return
        if admission == "probe":
            self._probing = False
        elif self._opened is not None:
            return  # it began before the circuit opened
        if failure is None or not _is_trouble(failure):
            self._failures, self._opened = 0, None
            return
        self._failures += 1
        if self._failures >= self._settings.failures:
            self._opened = self._clock()

    def release(self, admission: Admission) -> None:
        """Release an attempt that was cancelled before it ended."""
        if admission == "probe":
            self._probing = False


def _is_trouble(failure: CallError) -> bool:
    """Whether the service or the connection to it failed; refusing a bad request is a sign of life."""
    if isinstance(failure, StatusError):
        return failure.status >= 500 or failure.status == 429
    return isinstance(failure, ServiceConnectionError | CallTimeoutError)
