"""How long a job goes on without a success, and how long it waits between attempts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import random
from typing import Final

import attrs

from talon_async._transport.retry import delay_before_retry
from talon_async.bulk._values import JobStoppedError
from talon_async.config import RetryPolicy
from talon_async.errors import CallError, StatusError

_BACKOFF: Final = RetryPolicy(first_delay=0.2, max_delay=10.0)
_MOST_DOUBLINGS: Final = 30


@attrs.define(kw_only=True)
class Patience:
    """Waits after failures, and ends a job when nothing succeeds for too long.

    Attributes:
        seconds: How many seconds may pass without a success.
        clock: Returns the time, in seconds.
        now: Returns the time, in seconds since 1970.
        sleep: Waits for some seconds.
        random: Returns a number from 0 up to 1.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random
    _failing_since: float | None = attrs.field(init=False, default=None)

    def renew(self) -> None:
        """Record that the service has handled a request."""
        self._failing_since = None

    def check(self, failure: CallError) -> None:
        """Record a failure.

        Args:
            failure: The failure.

        Raises:
            JobStoppedError: Nothing has succeeded for too long, or the service asks to wait for longer.
        """
        now = self.clock()
        if self._failing_since is None:
            self._failing_since = now
        if now - self._failing_since >= self.seconds or (asked_wait(failure) or 0.0) > self.seconds:
            raise JobStoppedError(
                f"the job stopped: nothing succeeds for {self.seconds:g} s, and the last failure is {failure}"
            ) from failure

    async def back_off(self, failure: CallError, attempt: int) -> None:
        """Wait after a failure.

        Args:
            failure: The failure.
            attempt: The number of attempts that have failed.

        Raises:
            JobStoppedError: Nothing has succeeded for too long.
        """
        self.check(failure)
        attempt = min(attempt, _MOST_DOUBLINGS)
        await self.sleep(delay_before_retry(_BACKOFF, attempt, failure, self.random, self.now()))


def asked_wait(failure: CallError | None) -> float | None:
    """The seconds for which a response asks to wait; `None` if it does not."""
    return failure.retry_after if isinstance(failure, StatusError) else None
