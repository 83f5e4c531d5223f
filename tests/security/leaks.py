"""All that an error may tell to whoever shows it, keeps it, or sends it on."""

import asyncio
import copy
import pickle
import traceback
from collections.abc import Awaitable, Iterator

from rich.traceback import Traceback

from talon_async import CallError, TalonError


async def failure_of(call: Awaitable[object]) -> CallError:
    """Wait for a call to fail; the traceback of its error begins within the call, not in the test."""
    (end,) = await asyncio.gather(call, return_exceptions=True)
    assert isinstance(end, CallError)
    return end


def revelations(error: BaseException) -> str:
    """Everything that a log, a terminal, an error tracker or another process may learn from an error."""
    return told_by(error) + shown_by(error)


def told_by(error: BaseException) -> str:
    """What an error and those it stems from say, hold, and take along."""
    return "".join(_of_itself(each) for each in _chained(error))


def shown_by(error: BaseException) -> str:
    """Tracebacks with the variables of all frames, as error trackers and terminals read them."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    # What a terminal shows, before rich draws tables around it, which would take most of the time.
    drawn = Traceback.extract(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_length=20,
        locals_max_string=2000,
    )
    frames = [frame for stack in drawn.stacks for frame in stack.frames]
    values = [str(value) for frame in frames for value in (frame.locals or {}).values()]
    return "".join([*shown.format(), repr(drawn), *values])


def _of_itself(error: BaseException) -> str:
    told = f"{error!r} {error} {error.args!r} {vars(error)!r}"
    if isinstance(error, TalonError):
        copies = copy.copy(error), copy.deepcopy(error)
        told += "".join(f"{vars(each)!r} {each}" for each in copies)
        told += "".join(pickle.dumps(error, protocol).decode("latin-1") for protocol in range(6))
    return told


def _chained(error: BaseException | None) -> Iterator[BaseException]:
    if error is not None:
        yield error
        yield from _chained(error.__cause__)
        yield from _chained(error.__context__)
