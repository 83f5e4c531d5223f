"""The keyed queue: no call is lost or left over, whatever waits or is cancelled."""

import asyncio
from collections import Counter
from typing import Final

import attrs
from hypothesis import given
from hypothesis import strategies as st

from talon_async._transport.keyed_queue import KeyedQueue

_PATIENCE: Final = 500
"""The maximum number of loop iterations for all calls, far more than they need."""


@attrs.frozen(eq=False)
class Call:
    """A call and its timing.

    Attributes:
        keys: The keys it locks.
        pause: The number of loop iterations before the next call is made.
        work: The number of loop iterations it takes once granted.
        patience: The number of loop iterations before it is cancelled; `None` for never.
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
    """Run iterations of the loop."""
    for _ in range(number):
        await asyncio.sleep(0)


async def make(calls: list[Call], width: int) -> None:
    """Make calls, and check the queue's invariants."""
    queue = KeyedQueue(width)
    working: Counter[str] = Counter()
    waiting: list[Call] = []

    async def make_one(call: Call) -> None:
        waiting.append(call)
        try:
            async with queue.ticket(call.keys):
                ahead = waiting[: waiting.index(call)]
                # With a larger width, a call may hold one key while it still waits for another.
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

    async def cancel_after(task: "asyncio.Task[None]", patience: int) -> None:
        await turns(patience)
        task.cancel()

    tasks: list[asyncio.Task[None]] = []
    for call in calls:
        task = asyncio.create_task(make_one(call))
        tasks.append(task)
        if call.patience is not None:
            tasks.append(asyncio.create_task(cancel_after(task, call.patience)))
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
def test_calls_of_a_key_run_in_order_within_the_width(calls: list[Call], width: int) -> None:
    """Calls of a key run in order within the width, all complete, and no queue is left."""
    asyncio.run(make(calls, width))


def test_without_a_width_no_call_waits() -> None:
    """Without a width, no call waits and the queue stores nothing."""

    async def both() -> None:
        queue = KeyedQueue(None)
        async with queue.ticket(["a"]), queue.ticket(["a", "b"]):
            assert len(queue) == 0

    asyncio.run(both())
