"""The circuit breaker: calls fail at once while the service is down, but for a probe now and then."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs

from talon_async.config import CircuitBreaker
from talon_async.errors import CallError, CallTimeoutError, ServiceConnectionError, StatusError

Admission: TypeAlias = Literal["ordinary", "probe"]
"""How an attempt got through."""


@attrs.define
class Circuit:
    """The state of a client's circuit breaker; without settings it lets everything through.

    Args:
        settings: When it opens, and for how long; `None` for never.
        clock: Tells the time, in seconds.
    """

    _settings: CircuitBreaker | None
    _clock: Callable[[], float]
    _failures: int = 0
    _opened: float | None = None
    _probing: bool = False

    def try_acquire(self) -> Admission | None:
        """Let an attempt through, or not; one that is let through must be judged or dismissed."""
        if self._settings is None or self._opened is None:
            return "ordinary"
        if self._probing or self._clock() < self._opened + self._settings.open_seconds:
            return None
        self._probing = True
        return "probe"

    def record(self, admission: Admission, failure: CallError | None) -> None:
        """Take note of how an attempt ended; `None` stands for success."""
        if self._settings is None:
            return
        if admission == "probe":
            self._probing = False
        elif self._opened is not None:
            return  # it began before, and tells nothing of now
        if failure is None or not _tells_of_trouble(failure):
            self._failures, self._opened = 0, None
            return
        self._failures += 1
        if self._failures >= self._settings.failures:
            self._opened = self._clock()

    def release(self, admission: Admission) -> None:
        """Take note that an attempt was given up before it told anything."""
        if admission == "probe":
            self._probing = False


def _tells_of_trouble(failure: CallError) -> bool:
    """Whether a failure is the service's, or the way's to it; to refuse a bad request is a sign of life."""
    if isinstance(failure, StatusError):
        return failure.status >= 500 or failure.status == 429
    return isinstance(failure, ServiceConnectionError | CallTimeoutError)
