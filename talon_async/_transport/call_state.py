"""What is known of a call while it is under way."""

from typing import Any

import anyio
import attrs

from talon_async.errors import CallError, ClientClosedError, DeadlineExceededError


@attrs.define
class CallState:
    """How far a call has come, for the error that may end it.

    Attributes:
        operation: The operationId.
        started: When the call began, on the pipeline's clock.
        deadline: How many seconds it may take.
        scope: What cancels it when they are over, or when the client is closed.
        attempt_started: When its latest attempt began.
        attempts: How many attempts it has begun.
        sent: Whether a request, or a part of one, may have reached the service.
        last_status: The HTTP status of the last answer that came.
    """

    operation: str
    started: float
    deadline: float
    scope: anyio.CancelScope
    attempt_started: float = 0.0
    attempts: int = 0
    sent: bool = False
    last_status: int | None = None

    def sending(self) -> None:
        """Note that a request begins to go out."""
        self.sent = True

    def is_out_of_time(self) -> bool:
        """Whether the deadline has passed."""
        return anyio.current_time() >= self.scope.deadline

    def ended(self) -> CallError:
        """Make the error for a call that met its deadline, or else the closing of the client."""
        known: dict[str, Any] = {"operation": self.operation, "sent": self.sent, "attempts": self.attempts}
        if self.is_out_of_time():
            text = f"not done within {self.deadline} s"
            return DeadlineExceededError(text, last_status=self.last_status, **known)
        return ClientClosedError("the client was closed while the call was under way", **known)
