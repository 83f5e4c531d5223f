"""The circuit breaker: while the service is down, calls fail immediately, except for a probe now and then."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs

from talon_async._transport.settings import Settings
from talon_async.config import CircuitBreaker, Timeout
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    ClientClosedError,
    DeadlineExceededError,
    ServiceConnectionError,
    StatusError,
    TimeoutPhase,
)

Health: TypeAlias = Literal["up", "down", "unknown"]
"""What the end of an attempt says about the service."""

Admission: TypeAlias = int
"""An admitted attempt: the period of the circuit in which it began."""


@attrs.define
class Circuit:
    """The state of a client's circuit breaker; without settings it admits everything.

    Each opening and each probe begins another period. Attempts of an earlier period say nothing about the
    service as it is now.

    Args:
        settings: When it opens, and for how long; `None` for never.
        clock: Returns the time, in seconds.
    """

    _settings: CircuitBreaker | None
    _clock: Callable[[], float]
    _failures: int = 0
    _opened: float | None = None
    _probing: bool = False
    _period: int = 0

    def try_acquire(self) -> Admission | None:
        """Admit an attempt, or not; one that is admitted must be recorded."""
        if self._settings is None or self._opened is None:
            return self._period
        if self._probing or self._clock() < self._opened + self._settings.open_seconds:
            return None
        self._probing = True
        self._period += 1
        return self._period

    def record(self, admission: Admission, health: Health) -> None:
        """Record what the end of an attempt says about the service."""
        if self._settings is None or admission != self._period:
            return
        self._probing = False
        if health == "up":
            self._failures, self._opened = 0, None
        elif health == "down":
            self._failures += 1
            if self._failures >= self._settings.failures:
                self._opened = self._clock()
                self._period += 1


def health_after(
    failure: CallError, settings: Settings, timeout: Timeout, phase: TimeoutPhase, elapsed: float
) -> Health:
    """Judge the service by a failed attempt.

    Any response below 500, except 429, means that the service is up. A timeout means that it is down only if
    the attempt had the time that the client's settings allow: a shorter timeout of the call itself means
    nothing, nor does a wait for a connection of the client's pool.

    Args:
        failure: How the attempt failed.
        settings: The settings of the client.
        timeout: The timeouts of the call.
        phase: The phase in which the attempt ended.
        elapsed: How long the attempt took, in seconds.
    """
    match failure:
        case StatusError(status=status):
            return "down" if status >= 500 or status == 429 else "up"
        case DeadlineExceededError():
            patience = settings.timeout.connect if phase == "connect" else settings.timeout.read
            enough = elapsed >= min(patience, settings.deadline / 2)
            return "down" if enough and phase != "pool" else "unknown"
        case CallTimeoutError(phase="pool") | ClientClosedError():
            return "unknown"
        case CallTimeoutError():
            enough = timeout.by_phase[failure.phase] >= settings.timeout.by_phase[failure.phase]
            return "down" if enough else "unknown"
        case ServiceConnectionError():
            return "down"
        case _:
            return "up"
