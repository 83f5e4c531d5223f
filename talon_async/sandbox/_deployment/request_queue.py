"""Queues concurrent calls for the same session or profile: one runs, two wait, more are refused."""

import asyncio
from collections import deque
from collections.abc import Collection
from types import TracebackType
from typing import Final

from talon_async.sandbox._errors import too_many_requests

MAX_REQUESTS: Final = 3


class RequestQueue:
    """One first-in, first-out queue per session and profile."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Turn]] = {}

    def __len__(self) -> int:
        return len(self._queues)

    def turn(self, lock_keys: Collection[str]) -> "Turn":
        """Wait for a call's turn, and hold it, with ``async with``.

        A call enters all of its queues at the same time, so that two calls never wait for each other.

        Args:
            lock_keys: The sessions and profiles of the call, as `Operation.keys_for` names them.

        Raises:
            ApiError: One of the queues is full; status 409.
        """
        return Turn(self._queues, lock_keys)


class Turn:
    """The turn of one call in its queues.

    Args:
        queues: All queues.
        lock_keys: The queues of the call.
    """

    # A class instead of a generator under `asynccontextmanager`, which creates more objects per call.
    __slots__ = ("_first", "_lock_keys", "_queues")

    def __init__(self, queues: dict[str, deque["Turn"]], lock_keys: Collection[str]) -> None:
        self._queues = queues
        self._lock_keys = lock_keys
        self._first: asyncio.Event | None = None

    async def __aenter__(self) -> None:
        queues = self._queues
        for key in self._lock_keys:
            if len(queues.get(key, ())) >= MAX_REQUESTS:
                raise too_many_requests(key.partition(" ")[0])
        for key in self._lock_keys:
            queues.setdefault(key, deque()).append(self)
        try:
            while not self._is_first():
                self._first = asyncio.Event()
                await self._first.wait()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _is_first(self) -> bool:
        return all(self._queues[key][0] is self for key in self._lock_keys)

    def _leave(self) -> None:
        for key in self._lock_keys:
            queue = self._queues[key]
            queue.remove(self)
            if not queue:
                del self._queues[key]
            elif (first := queue[0]._first) is not None:
                first.set()
