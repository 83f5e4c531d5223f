"""The clock of a deployment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The clock of a deployment: the computer's time, advanced by tests.

    Args:
        source: Returns the time; the computer's time unless given.
        sleep: Sleeps for the latency of faults, in seconds; `asyncio.sleep` unless given.

    Attributes:
        ahead: How far it was advanced.
        sleep: Sleeps for seconds.
    """

    def __init__(
        self,
        source: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self.sleep = sleep
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The current time."""
        return self._source() + self.ahead

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Advance the time: points and codes expire, pending points become active.

        Raises:
            ValueError: The sum is negative.
        """
        by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if by < timedelta():
            raise ValueError(f"expected to advance the clock, found {by}")
        self.ahead += by
