"""The state of a call in flight."""

import asyncio
from typing import Any, Literal, TypeAlias

import attrs

from talon_async.errors import (
    CallError,
    CircuitOpenError,
    ClientClosedError,
    DeadlineExceededError,
    TimeoutPhase,
)

RetryLimit: TypeAlias = Literal["attempts", "budget", "deadline"]
"""What keeps an attempt that could be retried from being retried."""


@attrs.define(eq=False)
class CallState:
    """The state of a call, for the error that may end it.

    Attributes:
        operation: The operationId.
        resendable: Whether its request can be sent again without happening twice.
        started: When the call began, on the pipeline's clock.
        deadline: How many seconds it may take.
        timer: Ends the call at the deadline, or when the client is closed.
        attempt_started: When the latest attempt began.
        attempts: How many attempts have begun.
        queued: How long the call waited for its first attempt, in seconds; `None` before it.
        retry_limit: Why the latest attempt, which could be retried, is the last one.
        phase: What the latest attempt is waiting for.
        sent: Whether a request, or part of one, may have reached the service.
        sent_before: The same for all attempts before the latest one.
        last_status: The HTTP status of the latest response.
        closed: Whether the client was closed during the call.
    """

    operation: str
    resendable: bool
    started: float
    deadline: float
    timer: asyncio.Timeout
    attempt_started: float = 0.0
    attempts: int = 0
    queued: float | None = None
    retry_limit: RetryLimit | None = None
    phase: TimeoutPhase = "write"
    sent: bool = False
    sent_before: bool = False
    last_status: int | None = None
    closed: bool = False

    def begin_attempt(self, now: float) -> None:
        """Record the start of an attempt."""
        if not self.attempts:
            self.queued = now - self.started
        self.attempts += 1
        self.attempt_started = now
        self.sent_before = self.sent

    def begin_phase(self, phase: TimeoutPhase) -> None:
        """Record what this attempt waits for next; from the phase ``write`` on, its request may be sent."""
        self.phase = phase
        self.sent = self.sent_before or phase not in ("pool", "connect")

    def is_out_of_time(self) -> bool:
        """Whether the deadline ended the call."""
        return self.timer.expired() and not self.closed

    def close(self) -> None:
        """End the call, since its client is closed."""
        if not self.timer.expired():
            self.closed = True
            self.timer.reschedule(0)

    def error(self) -> CallError:
        """Create the error for a call that exceeded its deadline, or whose client was closed."""
        if self.is_out_of_time():
            text = f"the call did not complete within {self.deadline} s"
            return DeadlineExceededError(text, last_status=self.last_status, **self._details())
        return ClientClosedError("the client was closed while the call was in flight", **self._details())

    def circuit_open_error(self, retry_after: float | None) -> CircuitOpenError:
        """Create the error for a call whose next attempt the circuit breaker refuses."""
        text = "not attempted: the circuit breaker is open after too many failed attempts"
        return CircuitOpenError(text, retry_after=retry_after, **self._details())

    def _details(self) -> dict[str, Any]:
        return {"operation": self.operation, "sent": self.sent, "attempts": self.attempts}
