"""An event loop with a simulated clock: timeouts take no real time."""

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

_QUIET = 0.01
"""The real seconds without socket activity after which the clock advances."""


class SimulatedClockLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock advances only while all tasks wait, by jumping to the next timer.

    A timeout ends only when nothing else can happen, never because the machine is slow. Client and server
    must both run on this loop.
    """

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Selector(self._advance))

    def time(self) -> float:
        """Return the time, in seconds."""
        return self._now

    def _advance(self, seconds: float) -> None:
        self._now += seconds


class _Selector(selectors.DefaultSelector):
    def __init__(self, advance: Callable[[float], None]) -> None:
        super().__init__()
        self._advance = advance

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, Any]]:
        ready = super().select(_QUIET if timeout else timeout)
        if timeout and not ready:
            self._advance(timeout)
        return ready
