"""Queues calls that change the same session or profile."""

import asyncio
from collections.abc import Sequence
from types import TracebackType

import attrs


@attrs.define(eq=False)
class _KeyState:
    """The calls in flight for one key, and the queued ones in order of arrival."""

    in_flight: int = 0
    queued: "dict[Ticket, None]" = attrs.field(factory=dict)


class KeyedQueue:
    """Limits the calls in flight for each key; a key exists only while a call holds it or waits for it.

    A call joins the queues of all its keys together. So of any two calls the same one is first in every queue
    they share, and no two calls can wait for each other.

    Args:
        width: How many calls may be in flight for one key; `None` for no limit.
    """

    def __init__(self, width: int | None = 1) -> None:
        self._width = width
        self._keys: dict[str, _KeyState] = {}

    def ticket(self, keys: Sequence[str]) -> "Ticket":
        """Create the ticket of a call: ``async with`` waits for its turn and holds it."""
        return Ticket(self._keys, keys if self._width else (), self._width or 0)

    def __len__(self) -> int:
        return len(self._keys)


class Ticket:
    """The position of one call in the queues of its keys."""

    __slots__ = ("_keys", "_missing", "_states", "_turn", "_width")

    def __init__(self, states: dict[str, _KeyState], keys: Sequence[str], width: int) -> None:
        self._states = states
        self._keys = keys
        self._width = width
        self._missing = 0
        self._turn: asyncio.Future[None] | None = None

    async def __aenter__(self) -> None:
        for key in self._keys:
            state = self._states.get(key)
            if state is None:
                state = self._states[key] = _KeyState()
            if state.in_flight < self._width:
                state.in_flight += 1
            else:
                state.queued[self] = None
                self._missing += 1
        if self._missing:
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
            state = self._states[key]
            if self in state.queued:
                del state.queued[self]
                continue
            state.in_flight -= 1
            if state.queued:
                following = next(iter(state.queued))
                del state.queued[following]
                state.in_flight += 1
                following.grant()
            elif not state.in_flight:
                del self._states[key]

    def grant(self) -> None:
        """Grant the call one of the keys that it waits for; it proceeds with the last one."""
        self._missing -= 1
        if not self._missing and self._turn is not None and not self._turn.done():
            self._turn.set_result(None)
