"""Lines in which calls that touch the same session or profile wait for each other."""

import asyncio
from collections.abc import Sequence
from types import TracebackType

import attrs


@attrs.define(eq=False)
class _Line:
    """Those who are at work on one key, and those who wait for it, in their order."""

    working: int = 0
    waiting: "dict[Place, None]" = attrs.field(factory=dict)


class Lines:
    """The lines of a client, by key; a line lasts no longer than anyone stands in it.

    A call takes its place in all lines of its keys at once. So of any two calls the same one is ahead in
    all lines that they share, and no two can wait for each other.

    Args:
        width: How many calls may be at work on one key at once; `None` for any number.
    """

    def __init__(self, width: int | None = 1) -> None:
        self._width = width
        self._lines: dict[str, _Line] = {}

    def place(self, keys: Sequence[str]) -> "Place":
        """Make a place for a call; to enter it with ``async with`` is to wait for its turn."""
        return Place(self._lines, keys if self._width else (), self._width or 0)

    def __len__(self) -> int:
        return len(self._lines)


class Place:
    """A call's place in the lines of its keys."""

    __slots__ = ("_ahead", "_keys", "_lines", "_turn", "_width")

    def __init__(self, lines: dict[str, _Line], keys: Sequence[str], width: int) -> None:
        self._lines = lines
        self._keys = keys
        self._width = width
        self._ahead = 0
        self._turn: asyncio.Future[None] | None = None

    async def __aenter__(self) -> None:
        lines = self._lines
        for key in self._keys:
            line = lines.get(key)
            if line is None:
                line = lines[key] = _Line()
            if line.working < self._width:
                line.working += 1
            else:
                line.waiting[self] = None
                self._ahead += 1
        if self._ahead:
            self._turn = asyncio.get_running_loop().create_future()
            try:
                await self._turn
            except asyncio.CancelledError:
                self._leave()
                raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        for key in self._keys:
            line = self._lines[key]
            if self in line.waiting:
                del line.waiting[self]
                continue
            line.working -= 1
            if line.waiting:
                following = next(iter(line.waiting))
                del line.waiting[following]
                line.working += 1
                following.step_up()
            elif not line.working:
                del self._lines[key]

    def step_up(self) -> None:
        """Take note that it is this call's turn in one of its lines."""
        self._ahead -= 1
        if not self._ahead and self._turn is not None and not self._turn.done():
            self._turn.set_result(None)
