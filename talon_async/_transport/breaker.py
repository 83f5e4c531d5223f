"""The circuit breaker: while the service is down, calls fail immediately, except for a probe now and then."""

import logging
from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs

from talon_async._transport.settings import Settings
from talon_async.config import CircuitBreaker, CircuitState, Timeout
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    ClientClosedError,
    DeadlineExceededError,
    ServiceConnectionError,
    StatusError,
    TimeoutPhase,
)

logger = logging.getLogger("talon_async.circuit")

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
    _next_probe: float | None = None
    _probing: bool = False
    _period: int = 0

    @property
    def state(self) -> CircuitState:
        """Whether attempts are admitted, refused, or admitted as a probe."""
        if self._next_probe is None:
            return "closed"
        return "half-open" if self._probing or self._clock() >= self._next_probe else "open"

    @property
    def retry_after(self) -> float | None:
        """The seconds until a probe is admitted; `None` while one is in flight, whose end decides."""
        if self._next_probe is None or self._probing:
            return None
        return max(0.0, self._next_probe - self._clock())

    def try_acquire(self) -> Admission | None:
        """Admit an attempt, or not; one that is admitted must be recorded."""
        if self._next_probe is None:
            return self._period
        if self._probing or self._clock() < self._next_probe:
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
            self._failures = 0
            if self._next_probe is not None:
                self._next_probe = None
                logger.info("the circuit breaker is closed again", extra={"circuit_state": "closed"})
        elif health == "down":
            self._failures += 1
            if self._failures >= self._settings.failures:
                if self._next_probe is None:
                    self._log_opening(self._settings)
                self._next_probe = self._clock() + self._settings.open_seconds
                self._period += 1

    def _log_opening(self, settings: CircuitBreaker) -> None:
        fields = {
            "circuit_state": "open",
            "failures": self._failures,
            "open_seconds": settings.open_seconds,
        }
        text = "the circuit breaker is open after %d failed attempts; the next probe is in %s s"
        logger.warning(text, self._failures, settings.open_seconds, extra=fields)


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
