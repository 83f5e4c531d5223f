"""Calls that touch the same session or profile: one is carried out, two wait, the rest are refused."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from typing import Final

from talon_async.sandbox._errors import ApiError

MAX_REQUESTS: Final = 3


def too_many_requests(kind: str) -> ApiError:
    """Refuse a call because others touch the same session or profile.

    Args:
        kind: ``session`` or ``profile``.
    """
    return ApiError(409, f"Too many requests are updating this {kind} at the same time")


class RequestQueue:
    """A line for each session and profile that calls touch now, in the order in which they came."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[asyncio.Event]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, touched: Collection[str]) -> AsyncGenerator[None, None]:
        """Wait for a call's turn, and hold it.

        A call takes its place in all of its lines at once, so that two calls never wait for each other.

        Args:
            touched: What the call touches, as `Operation.keys_for` names it.

        Raises:
            ApiError: One of the lines is full; status 409.
        """
        lines = self._lines
        for name in touched:
            if len(lines.get(name, ())) >= MAX_REQUESTS:
                raise too_many_requests(name.partition(" ")[0])
        place = asyncio.Event()
        for name in touched:
            lines.setdefault(name, deque()).append(place)
        try:
            while any(lines[name][0] is not place for name in touched):
                place.clear()
                await place.wait()
            yield
        finally:
            for name in touched:
                line = lines[name]
                line.remove(place)
                if line:
                    line[0].set()
                else:
                    del lines[name]
