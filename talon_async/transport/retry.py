"""Whether a failed attempt is repeated, and after which wait; a pure judgment."""

from collections.abc import Callable

from talon_async.config import RetryPolicy
from talon_async.errors import CallError


def delay_before_retry(
    policy: RetryPolicy, attempt: int, failure: CallError, random: Callable[[], float]
) -> float | None:
    """Judge a failed attempt.

    Args:
        policy: The policy in force.
        attempt: The attempt that failed, counted from 1.
        failure: How it failed.
        random: Gives a number from 0 up to 1.

    Returns:
        The seconds to wait before the next attempt; `None` if there is to be none.
    """
    if failure.sent or attempt >= policy.attempts:
        return None
    longest: float = min(policy.max_delay, policy.first_delay * 2 ** (attempt - 1))
    return random() * longest
