"""The calls that a test's code sent to a deployment."""

from collections.abc import Mapping
from typing import Any

import attrs

from talon_async._operations import OPERATIONS
from talon_async.sandbox import Deployment, RecordedCall
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._http.parsing import read_call
from talon_async.sandbox._http.routing import Routes


@attrs.frozen(kw_only=True)
class SentCall:
    """A call that reached a deployment.

    Attributes:
        operation: The operationId.
        arguments: The path and query parameters, by Python name; empty if the request does not match the
            schema.
        body: The request body as a model; `None` if the operation has no body or the request does not match
            the schema.
        headers: The header fields of the request, by name in lower case, without the API key.
        status: The HTTP status of the response; `None` if the connection was dropped without a response.
    """

    operation: str
    arguments: dict[str, Any]
    body: Any
    headers: Mapping[str, str]
    status: int | None


def sent(deployment: Deployment, operation: str | None = None) -> list[SentCall]:
    """List the calls that reached a deployment, oldest first.

    Args:
        deployment: The deployment. It keeps the latest 1000 calls.
        operation: The operationId to filter by (default: all operations).

    Returns:
        The calls.
    """
    return [
        _read(call, call.operation)
        for call in deployment.calls
        if call.operation is not None and operation in (None, call.operation)
    ]


def last_sent(deployment: Deployment, operation: str) -> SentCall:
    """Return the latest call of an operation that reached a deployment.

    Args:
        deployment: The deployment.
        operation: The operationId.

    Returns:
        The call.

    Raises:
        AssertionError: There is no such call. The message lists the operations that were called.
    """
    calls = sent(deployment, operation)
    if not calls:
        others = ", ".join(call.operation for call in sent(deployment)) or "none"
        raise AssertionError(f"no call of {operation} was sent; operations called: {others}")
    return calls[-1]


def _read(call: RecordedCall, operation: str) -> SentCall:
    path, _, query = call.target.partition("?")
    match = Routes([OPERATIONS[operation]]).find(call.method, path.encode("latin-1"))
    try:
        body, arguments = read_call(match, query, call.request)
    except ApiError:
        body, arguments = None, {}
    return SentCall(
        operation=operation, arguments=arguments, body=body, headers=call.headers, status=call.status
    )
