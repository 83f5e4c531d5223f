"""The invariant of decoding: any response gives a model or a `TalonError`."""

from collections.abc import Callable

from talon_async import TalonClient, TalonError
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import is_array, is_object, parse
from talon_async._codec.shapes import ListOf
from talon_async._operations import OPERATIONS
from tests.calls import CALLS


class InvariantError(AssertionError):
    """Decoding a response violated the invariant."""


def check_response(operation_id: str, status: int, body: bytes, reporter: DriftReporter) -> str:
    """Decode a response as a client does, and return the outcome: ``model``, or the name of an error.

    Raises:
        InvariantError: It raised another exception, or rejected JSON of the right type.
    """
    try:
        OPERATIONS[operation_id].decode(status, body, headers={}, reporter=reporter)
    except TalonError as error:
        if not reporter.strict and 200 <= status < 300 and _has_right_type(operation_id, body):
            raise InvariantError(f"rejected JSON of the right type: {error}") from error
        str(error)
        return type(error).__name__
    except Exception as error:
        raise InvariantError(f"raised {type(error).__name__}: {error}") from error
    return "model"


def _has_right_type(operation_id: str, body: bytes) -> bool:
    """Whether a body is JSON of the type that an operation's response has."""
    try:
        document = parse(body)
    except ValueError:
        return False
    return (is_array if isinstance(OPERATIONS[operation_id].response_shape, ListOf) else is_object)(document)


async def check_message(operation_id: str, talon: TalonClient) -> str:
    """Make a call that gets a mutated message, and return the outcome.

    Raises:
        InvariantError: It raised another exception.
    """
    try:
        await CALLS[operation_id].minimal.call(talon)
    except TalonError as error:
        str(error)
        return type(error).__name__
    except Exception as error:
        raise InvariantError(f"raised {type(error).__name__}: {error}") from error
    return "model"


def smallest(body: bytes, is_violation: Callable[[bytes], bool]) -> bytes:
    """Remove the parts of a body that its violation does not need."""
    size = len(body) // 2
    while size:
        start = 0
        while start < len(body):
            shorter = body[:start] + body[start + size :]
            if is_violation(shorter):
                body = shorter
            else:
                start += size
        size //= 2
    return body
