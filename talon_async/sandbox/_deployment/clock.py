"""The time in a deployment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The time in a deployment: that of the computer, moved ahead as far as a test moves it.

    Args:
        source: Tells the time; the computer's clock unless given.
        sleep: Lets seconds pass, where faults make calls slow; `asyncio.sleep` unless given.

    Attributes:
        ahead: How far it was moved.
        sleep: Lets seconds pass.
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
        """The moment it is."""
        return self._source() + self.ahead

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the time ahead: points and codes expire, pending points become active.

        Raises:
            ValueError: It would move back.
        """
        by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if by < timedelta():
            raise ValueError("expected to move ahead, not back")
        self.ahead += by
