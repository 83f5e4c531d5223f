"""What is known of a call in flight."""

from typing import Any

import anyio
import attrs

from talon_async.errors import CallError, ClientClosedError, DeadlineExceededError, TimeoutPhase


@attrs.define
class CallState:
    """The progress of a call, for the error that may end it.

    Attributes:
        operation: The operationId.
        resendable: Whether its request can be sent again without happening twice.
        started: When the call began, on the pipeline's clock.
        deadline: How many seconds it may take.
        scope: The scope that is cancelled at the deadline, or when the client is closed.
        attempt_started: When its latest attempt began.
        attempts: How many attempts it has begun.
        phase: What its latest attempt is waiting for.
        sent: Whether a request, or a part of one, may have reached the service.
        sent_before: The same for all attempts but the latest.
        last_status: The HTTP status of its latest response.
    """

    operation: str
    resendable: bool
    started: float
    deadline: float
    scope: anyio.CancelScope
    attempt_started: float = 0.0
    attempts: int = 0
    phase: TimeoutPhase = "write"
    sent: bool = False
    sent_before: bool = False
    last_status: int | None = None

    def begin_attempt(self, now: float) -> None:
        """Note that another attempt begins."""
        self.attempts += 1
        self.attempt_started = now
        self.sent_before = self.sent

    def begin_phase(self, phase: TimeoutPhase) -> None:
        """Note what this attempt waits for next; from the phase ``write`` on, its request may be sent."""
        self.phase = phase
        self.sent = self.sent_before or phase not in ("pool", "connect")

    def is_out_of_time(self) -> bool:
        """Whether the deadline has passed."""
        return anyio.current_time() >= self.scope.deadline

    def error(self) -> CallError:
        """Create the error for a call that reached its deadline, or else met the closing of the client."""
        known: dict[str, Any] = {"operation": self.operation, "sent": self.sent, "attempts": self.attempts}
        if self.is_out_of_time():
            text = f"not done within {self.deadline} s"
            return DeadlineExceededError(text, last_status=self.last_status, **known)
        return ClientClosedError("the client was closed while the call was in flight", **known)
