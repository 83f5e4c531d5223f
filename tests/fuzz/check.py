"""What is promised of every answer, however spoilt."""

from collections.abc import Callable

from talon_async import TalonClient, TalonError
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import is_array, is_object, parse
from talon_async._codec.shapes import ListOf
from talon_async._operations import OPERATIONS
from tests.calls import CALLS


class BrokenPromiseError(AssertionError):
    """An answer was read as none may be."""


def check_answer(operation_id: str, status: int, body: bytes, watch: DriftReporter) -> str:
    """Read an answer as a client does, and say what came of it: ``model``, or the name of an error.

    Raises:
        BrokenPromiseError: It raised what is no error of ours, or refused JSON of the right kind.
    """
    try:
        OPERATIONS[operation_id].decode(status, body, headers={}, reporter=watch)
    except TalonError as error:
        if not watch.strict and 200 <= status < 300 and _is_due(operation_id, body):
            raise BrokenPromiseError(f"refused JSON of the right kind: {error}") from error
        str(error)
        return type(error).__name__
    except Exception as error:
        raise BrokenPromiseError(f"raised {type(error).__name__}: {error}") from error
    return "model"


def _is_due(operation_id: str, body: bytes) -> bool:
    """Whether a body is JSON of the kind that an operation answers."""
    try:
        document = parse(body)
    except ValueError:
        return False
    return (is_array if isinstance(OPERATIONS[operation_id].response_shape, ListOf) else is_object)(document)


async def check_message(operation_id: str, talon: TalonClient) -> str:
    """Make a call that a spoilt message answers, and say what came of it.

    Raises:
        BrokenPromiseError: It raised what is no error of ours.
    """
    try:
        await CALLS[operation_id].minimal.call(talon)
    except TalonError as error:
        str(error)
        return type(error).__name__
    except Exception as error:
        raise BrokenPromiseError(f"raised {type(error).__name__}: {error}") from error
    return "model"


def smallest(body: bytes, is_broken: Callable[[bytes], bool]) -> bytes:
    """Cut out of a body what its breach does not need."""
    size = len(body) // 2
    while size:
        start = 0
        while start < len(body):
            shorter = body[:start] + body[start + size :]
            if is_broken(shorter):
                body = shorter
            else:
                start += size
        size //= 2
    return body
