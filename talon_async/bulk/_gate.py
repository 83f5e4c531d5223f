"""Admits requests: in order, evenly paced, and no more in flight than the service handles well.

**Pace.** Requests are evenly spaced (GCRA without a burst), at the rate asked for until more than one in a
hundred of the latest requests is throttled (429). The rate then drops a little below what went through, is
back at that after eight windows, and goes beyond it, slowly at first, as in TCP CUBIC and in boto3's adaptive
mode. A window is half a second, or twenty requests; the next drop waits until requests under the new rate
have returned. ``Retry-After`` pauses everything.

**Limit.** `_limit.py` finds the number of requests in flight. A 429 while it tries more ends that trial and
leaves the pace alone. Any other 429 lowers the pace, and the limit only if the pace had not yet recovered
from the last 429s.
"""

import asyncio
import itertools
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from talon_async.bulk._limit import Limit, Result

_SLIGHTLY_LESS: Final = 0.95
_RECOVERY: Final = 8
_MEMORY: Final = 20


class Gate:
    """Admits requests in the order in which they ask.

    Args:
        rate: The most requests per second.
        in_flight: The most requests in flight.
        clock: Returns the time, in seconds.
        sleep: Waits for some seconds.
    """

    def __init__(
        self,
        *,
        rate: float,
        in_flight: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pace = _Pace(rate, clock())
        self._limit = Limit(in_flight)
        self._clock = clock
        self._sleep = sleep
        self._queue: deque[tuple[asyncio.Future[bool], float]] = deque()
        self._has_head = False
        self._freed = asyncio.Event()
        self._in_flight = 0

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return self._limit.value

    @property
    def rate(self) -> float:
        """How many requests per second are admitted now."""
        return self._pace.rate(self._clock())

    async def admit(self) -> None:
        """Wait until the next request may be sent; it is then in flight, until `release`."""
        ready = self._clock()
        if self._has_head:
            turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._queue.append((turn, ready))
            try:
                if await turn:
                    return  # admitted together with the one before
            except asyncio.CancelledError:
                if not turn.cancelled():  # its turn came in the meantime
                    if turn.result():
                        self.release("unknown", 0.0)
                    else:
                        self._admit_next(limited=False)
                raise
        self._has_head = True
        limited = False
        try:
            while True:
                now = self._clock()
                if self._in_flight >= self.limit:
                    limited = True
                    self._freed.clear()
                    await self._freed.wait()
                    ready = self._clock()
                elif (delay := self._pace.due(now) - now) > 0:
                    await self._sleep(delay)
                else:
                    break
            self._take(ready, now, limited=limited)
        finally:
            self._admit_next(limited=limited)

    def _take(self, ready: float, now: float, *, limited: bool) -> None:
        self._pace.admit(ready, now)
        self._limit.admit(limited=limited)
        self._in_flight += 1

    def _admit_next(self, *, limited: bool) -> None:
        """Admit all who need not wait any longer; one turn of the event loop for each would cost more."""
        while self._queue:
            turn, ready = self._queue.popleft()
            if turn.done():
                continue  # cancelled
            now = self._clock()
            if self._in_flight >= self.limit or self._pace.due(now) > now:
                turn.set_result(False)
                return
            self._take(ready, now, limited=limited)
            turn.set_result(True)
        self._has_head = False

    def release(self, result: Result, seconds: float, retry_after: float | None = None) -> None:
        """End a request that was admitted.

        Args:
            result: How it ended.
            seconds: How long it was in flight.
            retry_after: The seconds for which the service asks to wait, if it does.
        """
        now = self._clock()
        self._in_flight -= 1
        self._freed.set()
        if retry_after is not None:
            self._pace.pause(now, retry_after)
        if result == "ok":
            self._pace.succeed(now)
        elif result == "throttled":
            self._throttle(now, seconds)
        if result != "unknown":
            self._limit.record(result, seconds, now)

    def _throttle(self, now: float, seconds: float) -> None:
        if not self._limit.covers(now - seconds) or not self._pace.throttled(now):
            return
        if self._limit.growing or self._pace.lower(now, seconds):
            self._limit.overload(now, _SLIGHTLY_LESS)


class _Pace:
    """When the next request is due, and the rate that the service takes."""

    def __init__(self, asked: float, now: float) -> None:
        self._asked = asked
        self._last = -math.inf
        self._paused_until = self._began = now
        self._paused = 0.0
        self._succeeded: deque[float] = deque()
        self._throttled: deque[float] = deque()
        self._sustained = self._lowest = asked
        self._lowered = -math.inf

    def rate(self, now: float) -> float:
        if self._lowered == -math.inf:
            return self._asked
        age = (self._active(now) - self._lowered) / (_RECOVERY * self._window) - 1
        bend = self._sustained - self._lowest if age < 0 else self._sustained
        return min(self._asked, self._sustained + bend * age**3)

    def due(self, now: float) -> float:
        return max(self._last + 1 / self.rate(now), self._paused_until)

    def admit(self, ready: float, now: float) -> None:
        # A timer that fires late must not slow down the pace: the next interval begins when this one ended.
        self._last = max(self.due(now), ready, now - 0.5 / self.rate(now))

    def pause(self, now: float, seconds: float) -> None:
        self._paused += max(0.0, now + seconds - max(now, self._paused_until))
        self._paused_until = max(now + seconds, self._paused_until)

    def succeed(self, now: float) -> None:
        self._succeeded.append(self._active(now))
        while self._succeeded[0] < self._succeeded[-1] - _MEMORY * self._window:
            self._succeeded.popleft()

    def throttled(self, now: float) -> bool:
        """Count a 429; whether there were more of late than one in a hundred."""
        active = self._active(now)
        self._throttled.append(active)
        while self._throttled[0] < active - self._window:
            self._throttled.popleft()
        return len(self._throttled) * 100 > self._went_through(self._window, active) * self._window

    def lower(self, now: float, seconds: float) -> bool:
        """Lower the rate, unless the request was admitted before the last lower rate shows.

        Returns:
            Whether the rate is lowered again, before it has recovered.
        """
        active = self._active(now)
        if active - seconds < self._lowered + self._window:
            return False
        again = active - self._lowered < _RECOVERY * self._window
        rate = self.rate(now)
        least = min(rate, max(1.0, self._asked / 50))
        if active - self._began < self._window:  # too early to know what goes through
            self._sustained = self._lowest = max(rate / 2, least)
        else:
            lately = self._went_through(self._window, active)
            share = len(self._throttled) / (len(self._throttled) + lately * self._window)
            if share < 0.1:  # the rate is nearly right, whatever else held requests back
                lately = sustained = rate * (1 - share)
            else:
                sustained = max(lately, self._went_through(_MEMORY * self._window, active))
            self._sustained = max(min(sustained, rate), least)
            self._lowest = max(min(lately, self._sustained) * _SLIGHTLY_LESS, least)
        self._lowered = active
        return again

    def _went_through(self, seconds: float, active: float) -> float:
        seconds = max(min(seconds, active - self._began), 1e-3)
        recent = itertools.takewhile(lambda at: at > active - seconds, reversed(self._succeeded))
        return sum(1 for _ in recent) / seconds

    @property
    def _window(self) -> float:
        return min(max(0.5, 20 / self._sustained), 5.0)

    def _active(self, now: float) -> float:
        """The time without pauses."""
        return max(now, self._paused_until) - self._paused
