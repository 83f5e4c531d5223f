"""Reports each attempt and each call that has ended to the hooks and the log.

Log records name operations, statuses, times and classes of errors, never bodies, identifiers or the API key.
"""

import logging
import sys
from collections.abc import Callable
from typing import Final, TypeVar

from talon_async._transport.call_state import CallState, RetryLimit
from talon_async.config import Attempt, CallSummary
from talon_async.errors import CallError, DeadlineExceededError

logger = logging.getLogger("talon_async.calls")

T = TypeVar("T")

_NO_RETRY: Final[dict[RetryLimit, str]] = {
    "attempts": "no attempts are left",
    "budget": "the retry budget is empty",
    "deadline": "the deadline leaves no time",
}


def report_attempt(
    hook: Callable[[Attempt], None] | None,
    state: CallState,
    clock: Callable[[], float],
    error: CallError | None,
    delay: float | None,
) -> None:
    """Report the latest attempt of a call.

    Args:
        hook: The user's `on_attempt`.
        state: The state of the call.
        clock: The clock of the call.
        error: How the attempt failed; `None` for a success.
        delay: The backoff before the next attempt; `None` if there is none.
    """
    debug = logger.isEnabledFor(logging.DEBUG)
    if hook is None and not debug:
        return
    attempt = Attempt(
        operation=state.operation,
        number=state.attempts,
        elapsed=clock() - state.attempt_started,
        status=_status(state, error),
        error=error,
        delay=delay,
    )
    if debug:
        fields = {
            "operation": attempt.operation,
            "attempt": attempt.number,
            "elapsed": attempt.elapsed,
            "status": attempt.status,
            "error": type(error).__name__ if error else None,
            "delay": delay,
        }
        # Not the attempt itself, whose error holds the response.
        logger.debug("%s", str(attempt), extra=fields)
    if hook is not None:
        _call(hook, attempt, "on_attempt", state)


def report_call(
    hook: Callable[[CallSummary], None] | None,
    state: CallState,
    clock: Callable[[], float],
    error: BaseException | None,
) -> None:
    """Report a call.

    Args:
        hook: The user's `on_call`.
        state: The state of the call.
        clock: The clock of the call.
        error: What the call raises; `None` for a success.
    """
    limit = _spent(state, error)
    if hook is None and limit is None:
        return
    elapsed = clock() - state.started
    call = CallSummary(
        operation=state.operation,
        attempts=state.attempts,
        queued=elapsed if state.queued is None else state.queued,
        elapsed=elapsed,
        status=_status(state, error),
        error=error,
    )
    if limit is not None:
        fields = {
            "operation": call.operation,
            "attempts": call.attempts,
            "queued": call.queued,
            "elapsed": call.elapsed,
            "status": call.status,
            "error": type(error).__name__,
            "limit": limit,
        }
        logger.warning("%s; not retried again: %s", str(call), _NO_RETRY[limit], extra=fields)
    if hook is not None:
        _call(hook, call, "on_call", state)


def _status(state: CallState, error: BaseException | None) -> int | None:
    status: int | None = state.last_status if error is None else getattr(error, "status", None)
    return status


def _spent(state: CallState, error: BaseException | None) -> RetryLimit | None:
    """What ended the retries of a call that was retried and failed."""
    if error is None or state.attempts < 2:
        return None
    return "deadline" if isinstance(error, DeadlineExceededError) else state.retry_limit


def _call(hook: Callable[[T], None], value: T, name: str, state: CallState) -> None:
    handled = sys.exception()
    try:
        hook(value)
    except Exception as error:
        # A checkout must not fail because of a metric. The log prints the exception with its context, at the
        # end of which is the error of the call, whose text quotes the response.
        last: BaseException = error
        while last.__context__ is not None and last.__context__ is not handled:
            last = last.__context__
        last.__context__ = None
        logger.exception("the %s hook failed", name, extra={"operation": state.operation})
