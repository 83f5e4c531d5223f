"""How many requests in flight give the highest throughput.

By Little's law, ``n`` requests in flight with a mean latency of ``t`` seconds give ``n / t`` responses a
second. The limit compares itself by that figure, of successes alone, round by round:

- At first each round doubles it, as long as the throughput grows by at least a quarter.
- Then trials of 1.25 and 0.8 times the limit take turns, each after some rounds at the limit itself. A trial
  is adopted if the throughput changes by more than a tenth of the change in the limit, so a service that only
  queues is not flooded. Trials that are rejected become rarer; one that meets errors makes the next ones
  finer, of a tenth.
- More than a tenth of failures (5xx, broken connections) in a round of at least 100 requests ends a trial of
  more, or lowers the limit by a fifth, and doubling begins again.
- A round counts only if requests waited for the limit, and only requests that were admitted under it are
  counted.

That the objective is throughput itself distinguishes it from the gradient and Vegas limits of Netflix's
concurrency-limits, which protect a latency.
"""

import math
from typing import Final, Literal, TypeAlias

Result: TypeAlias = Literal["ok", "throttled", "failed", "unknown"]
"""The end of a request: a response, a 429, a 5xx or broken connection, or nothing about the service."""

_FLOOR: Final = 8
_ROUND: Final = 100
_RARELY: Final = 8


class Limit:
    """The limit of requests in flight.

    Args:
        most: The highest limit; the lowest is 8, or `most` if that is lower.

    Attributes:
        value: The limit now.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._least = min(_FLOOR, most)
        self.value = self._base = self._least
        self._throughput: float | None = None  # at the base
        self._stride = 1.0
        self._up = True
        self._pause = self._countdown = 1
        self._since = -math.inf
        self._ended = self._succeeded = self._failed = self._limited = 0
        self._busy = 0.0

    def admit(self, *, limited: bool) -> None:
        """Count a request, and whether it waited for the limit."""
        self._limited += limited

    @property
    def growing(self) -> bool:
        """Whether a trial of more is in progress."""
        return self.value > self._base

    def covers(self, admitted: float) -> bool:
        """Whether a request was admitted under the limit of now."""
        return admitted >= self._since

    def overload(self, now: float, share: float) -> None:
        """Give up a trial of more, or lower the limit to a share."""
        if self.growing:
            self._stride = 0.25 if self._stride > 0.25 else 0.1
            self._reject(now)
        else:
            self._restart(max(self._least, int(self._base * share)), now)

    def record(self, result: Result, seconds: float, now: float) -> None:
        """Count the end of a request, after some seconds in flight."""
        if not self.covers(now - seconds):
            return  # admitted under another limit
        self._ended += 1
        if self._ended <= self.value:
            return  # the load has not settled
        self._succeeded += result == "ok"
        self._failed += result == "failed"
        self._busy += seconds
        size = 2 * self.value if self._stride == 1 else max(2 * self.value, _ROUND)
        if self._failed > max(size, _ROUND) / 10:
            self.overload(now, 0.8)
        elif self._ended - self.value >= size:
            if self._succeeded * 2 > size and self._limited * 10 >= size and self._busy > 0:
                self._judge(self.value * self._succeeded / self._busy, now)
            else:
                self._begin(self.value, now)

    def _judge(self, throughput: float, now: float) -> None:
        if self.value == self._base or self._throughput is None:
            self._throughput = throughput if self._throughput is None else (self._throughput + throughput) / 2
            self._countdown -= 1
            self._begin(self._trial() if self._countdown <= 0 else self.value, now)
            return
        change = self.value / self._base - 1
        if throughput > self._throughput * (1 + change * (0.25 if self._stride == 1 else 0.1)):
            self._base, self._throughput, self._pause = self.value, throughput, 1
            self._begin(self._trial(), now)
        else:
            self._stride = min(self._stride, 0.25)
            self._reject(now)

    def _reject(self, now: float) -> None:
        self._turn_around()
        self._begin(self._base, now)

    def _turn_around(self) -> None:
        self._up = not self._up
        self._countdown = self._pause = min(2 * self._pause, _RARELY)

    def _trial(self) -> int:
        more = max(self._base + 1, round(self._base * (1 + self._stride)))
        less = min(self._base - 1, round(self._base / (1 + self._stride)))
        trial = min(more, self._most) if self._up else max(less, self._least)
        if trial == self._base:
            self._turn_around()
        return trial

    def _restart(self, limit: int, now: float) -> None:
        self._base = limit
        self._throughput = None
        self._stride, self._up, self._pause, self._countdown = 1.0, True, 1, 1
        self._begin(limit, now)

    def _begin(self, limit: int, now: float) -> None:
        if self.value != limit:
            self._since = now
            self._ended = 0
        else:
            self._ended = limit
        self.value = limit
        self._succeeded = self._failed = self._limited = 0
        self._busy = 0.0
