"""What a test's code sent to a sandbox."""

from typing import Any

import attrs

from talon_async._operations import OPERATIONS
from talon_async.sandbox import Deployment, RecordedCall
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._http.parsing import read_call
from talon_async.sandbox._http.routing import Routes


@attrs.frozen(kw_only=True)
class SentCall:
    """A call that reached the sandbox.

    Attributes:
        operation: The operationId.
        arguments: The parameters in path and query, by their names in Python.
        body: The request body as a model; `None` if the operation has none, or if the sandbox refused the
            request as one that the contract forbids.
        status: The HTTP status of the answer; `None` if the connection was dropped without one.
    """

    operation: str
    arguments: dict[str, Any]
    body: Any
    status: int | None


def sent(deployment: Deployment, operation: str | None = None) -> list[SentCall]:
    """List the calls that reached a deployment, oldest first.

    Args:
        deployment: The deployment; it remembers the latest 1000 calls.
        operation: The operationId of the calls that are wanted; those of all operations unless given.
    """
    return [
        _read(call, call.operation)
        for call in deployment.calls
        if call.operation is not None and operation in (None, call.operation)
    ]


def last_sent(deployment: Deployment, operation: str) -> SentCall:
    """Give the latest call of an operation that reached a deployment.

    Raises:
        AssertionError: There was none; the message lists what was sent instead.
    """
    calls = sent(deployment, operation)
    if not calls:
        others = ", ".join(call.operation for call in sent(deployment)) or "nothing"
        raise AssertionError(f"{operation} was not sent; what was sent: {others}")
    return calls[-1]


def _read(call: RecordedCall, operation: str) -> SentCall:
    path, _, query = call.target.partition("?")
    match = Routes([OPERATIONS[operation]]).find(call.method, path.encode("latin-1"))
    try:
        body, arguments = read_call(match, query, call.request)
    except ApiError:
        body, arguments = None, {}
    return SentCall(operation=operation, arguments=arguments, body=body, status=call.status)
