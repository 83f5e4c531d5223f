"""An event loop on which waiting takes no time."""

import asyncio
import selectors
from collections.abc import Callable
from typing import Any

_QUIET = 0.01
"""How many real seconds the sockets must be silent before time moves on."""


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still while anything happens, and jumps when all only wait.

    So a timeout runs out when nothing else can happen, and never because the machine is slow. It suits
    tests whose client and server both run on it.
    """

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Selector(self._move_on))

    def time(self) -> float:
        """Tell the time, in seconds."""
        return self._now

    def _move_on(self, seconds: float) -> None:
        self._now += seconds


class _Selector(selectors.DefaultSelector):
    def __init__(self, move_on: Callable[[float], None]) -> None:
        super().__init__()
        self._move_on = move_on

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, Any]]:
        ready = super().select(_QUIET if timeout else timeout)
        if timeout and not ready:
            self._move_on(timeout)
        return ready
