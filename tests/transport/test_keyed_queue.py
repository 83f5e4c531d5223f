"""The keyed queue alone: whatever calls come, wait or are cancelled, none is forgotten or left over."""

import asyncio
from collections import Counter
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from talon_async._transport.keyed_queue import KeyedQueue

_PATIENCE: Final = 500
"""How many turns of the loop all calls together may take, far more than they need."""


@attrs.frozen(eq=False)
class Call:
    """A call to be made.

    Attributes:
        keys: The keys that it touches.
        pause: How many turns of the loop pass before the next call is made.
        work: How many turns it takes once it is its turn.
        patience: After how many turns it is given up; `None` for never.
    """

    keys: list[str]
    pause: int
    work: int
    patience: int | None


_TURNS = st.integers(0, 5)
CALLS = st.lists(
    st.builds(
        Call,
        keys=st.lists(st.sampled_from("abcd"), max_size=3, unique=True),
        pause=_TURNS,
        work=_TURNS,
        patience=st.none() | _TURNS,
    ),
    max_size=12,
)


async def turns(number: int) -> None:
    """Let the loop turn."""
    for _ in range(number):
        await asyncio.sleep(0)


async def make(calls: list[Call], width: int) -> None:
    """Make calls, and hold what happens to the promises."""
    queue = KeyedQueue(width)
    working: Counter[str] = Counter()
    waiting: list[Call] = []

    async def make_one(call: Call) -> None:
        waiting.append(call)
        try:
            async with queue.ticket(call.keys):
                ahead = waiting[: waiting.index(call)]
                # More than one place in a line may go to a call that still waits in another line.
                assert width > 1 or not any(set(call.keys) & set(other.keys) for other in ahead)
                waiting.remove(call)
                working.update(call.keys)
                assert all(working[key] <= width for key in call.keys)
                try:
                    await turns(call.work)
                finally:
                    working.subtract(call.keys)
        finally:
            if call in waiting:
                waiting.remove(call)

    async def give_up(task: "asyncio.Task[None]", patience: int) -> None:
        await turns(patience)
        task.cancel()

    tasks: list[asyncio.Task[None]] = []
    for call in calls:
        task = asyncio.create_task(make_one(call))
        tasks.append(task)
        if call.patience is not None:
            tasks.append(asyncio.create_task(give_up(task, call.patience)))
        await turns(call.pause)
    for _ in range(_PATIENCE):
        if all(task.done() for task in tasks):
            break
        await turns(1)
    stuck = [task for task in tasks if not task.done()]
    for task in stuck:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        assert result is None or isinstance(result, asyncio.CancelledError)
    assert not stuck
    assert len(queue) == 0


@given(CALLS, st.integers(1, 3))
def test_lines_keep_order_and_lose_nobody(calls: list[Call], width: int) -> None:
    """Never more than the width at once, each in its turn, all come through, and no line outlives them."""
    asyncio.run(make(calls, width))


def test_lines_without_a_width_let_all_go() -> None:
    """Without a width nobody waits, and nothing is kept."""

    async def both() -> None:
        queue = KeyedQueue(None)
        async with queue.ticket(["a"]), queue.ticket(["a", "b"]):
            assert len(queue) == 0

    asyncio.run(both())
