"""Everything that an error can leak when it is shown, stored, or sent."""

import asyncio
import copy
import pickle
import traceback
from collections.abc import Awaitable, Iterator

from rich.traceback import Traceback

from talon_async import CallError, TalonError


async def failure_of(call: Awaitable[object]) -> CallError:
    """Wait for a call to fail; the traceback of its error starts within the call, not in the test."""
    (end,) = await asyncio.gather(call, return_exceptions=True)
    assert isinstance(end, CallError)
    return end


def leakable_text(error: BaseException) -> str:
    """Everything that a log, a terminal, an error tracker or another process can read from an error."""
    return text_of(error) + tracebacks_of(error)


def text_of(error: BaseException) -> str:
    """The text, attributes, copies and pickles of an error and the errors that caused it."""
    return "".join(_text(each) for each in _chained(error))


def tracebacks_of(error: BaseException) -> str:
    """The tracebacks with the variables of all frames, as error trackers and terminals show them."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    # What a terminal shows, without the tables that rich draws, which would take most of the time.
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


def _text(error: BaseException) -> str:
    text = f"{error!r} {error} {error.args!r} {vars(error)!r}"
    if isinstance(error, TalonError):
        copies = copy.copy(error), copy.deepcopy(error)
        text += "".join(f"{vars(each)!r} {each}" for each in copies)
        text += "".join(pickle.dumps(error, protocol).decode("latin-1") for protocol in range(6))
    return text


def _chained(error: BaseException | None) -> Iterator[BaseException]:
    if error is not None:
        yield error
        yield from _chained(error.__cause__)
        yield from _chained(error.__context__)
