"""Queues concurrent calls for the same session or profile: one runs, two wait, more are refused."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from typing import Final

from talon_async.sandbox._errors import too_many_requests

MAX_REQUESTS: Final = 3


class RequestQueue:
    """One first-in, first-out queue per session and profile."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[asyncio.Event]] = {}

    def __len__(self) -> int:
        return len(self._queues)

    @asynccontextmanager
    async def turn(self, lock_keys: Collection[str]) -> AsyncGenerator[None, None]:
        """Wait for a call's turn, and hold it.

        A call enters all of its queues at the same time, so that two calls never wait for each other.

        Args:
            lock_keys: The sessions and profiles of the call, as `Operation.keys_for` names them.

        Raises:
            ApiError: One of the queues is full; status 409.
        """
        queues = self._queues
        for key in lock_keys:
            if len(queues.get(key, ())) >= MAX_REQUESTS:
                raise too_many_requests(key.partition(" ")[0])
        first = asyncio.Event()
        for key in lock_keys:
            queues.setdefault(key, deque()).append(first)
        try:
            while any(queues[key][0] is not first for key in lock_keys):
                first.clear()
                await first.wait()
            yield
        finally:
            for key in lock_keys:
                queue = queues[key]
                queue.remove(first)
                if queue:
                    queue[0].set()
                else:
                    del queues[key]
