"""Dispatches calls: parse, queue, inject faults, replay or handle, and build the response."""

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from talon_async._codec.json import render
from talon_async._operations.events import TRACK_EVENT
from talon_async._operations.operation import Operation
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.idempotency import check_key
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._handlers.table import HANDLERS
from talon_async.sandbox._http.parsing import read_call
from talon_async.sandbox._http.rendering import render_response
from talon_async.sandbox._http.routing import Match

MAX_BODY: Final = 16 * 2**20
"""The largest request body that is processed, in bytes; larger ones are read and dropped."""
_TESTING_KEY_OPERATIONS: Final = (UPDATE_CUSTOMER_SESSION, UPDATE_CUSTOMER_PROFILE, TRACK_EVENT)


@attrs.frozen
class HttpResponse:
    """An HTTP status, a JSON body, which can be empty, and header fields besides those of the body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})


class Dispatcher:
    """Dispatches the calls to a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    async def dispatch(
        self, match: Match, query: str, content: bytes | None, *, idempotency_key: str, testing: bool
    ) -> HttpResponse:
        """Handle a call.

        Args:
            match: The operation that is called.
            query: The raw query.
            content: The raw body; `None` if it has more than `MAX_BODY` bytes.
            idempotency_key: The idempotency key; empty if there is none.
            testing: Whether the request has the testing key.

        Raises:
            ApiError: The request is refused.
            ConnectionDroppedError: The connection is to be dropped.
        """
        deployment, operation = self._deployment, match.operation
        if content is None:
            raise ApiError(413, f"The request body has more than {MAX_BODY} bytes")
        if testing and operation not in _TESTING_KEY_OPERATIONS:
            raise ApiError(401, f"A Testing API key is not valid for {operation.id}")
        if testing:
            query = f"dry=true&{query}"
        body, arguments = read_call(match, query, content)
        if operation.idempotency_key:
            check_key(idempotency_key)
        lock_keys = operation.keys_for(body, arguments) if 409 in operation.errors else ()
        dry = _is_dry(operation, arguments, testing=testing)
        async with deployment.queue.turn(lock_keys):
            injected = deployment.faults.draw(operation.id)
            if injected.latency:
                await deployment.clock.sleep(injected.latency)
            injected.raise_before(operation)
            # What a dry run writes is dropped here, together with the overlay in the view.
            view = deployment.view(dry=dry)
            handle = functools.partial(
                HANDLERS[operation.id], view, *([] if operation.body is None else [body]), **arguments
            )
            if idempotency_key and operation.idempotency_key and not dry:
                request = " ".join([operation.id, *match.texts.values(), idempotency_key])
                response = self._replay_or_handle(request, operation, handle)
            else:
                response = _handle(operation, handle)
            injected.raise_after()
        return response

    def _replay_or_handle(
        self, request: str, operation: Operation[..., Any], handle: Callable[[], Any]
    ) -> HttpResponse:
        """Handle a request once per idempotency key; nothing awaits between look-up and storage."""
        responses, now = self._deployment.store.stored_responses, self._deployment.clock.now()
        stored = responses.find(request, now)
        if stored is not None:
            return HttpResponse(stored.status, stored.body)
        response = _handle(operation, handle)
        responses.store(request, response.status, response.body, now)
        return response


def _is_dry(operation: Operation[..., Any], arguments: dict[str, Any], *, testing: bool) -> bool:
    """Whether a call is a dry run; takes the parameter from the arguments, as handlers see the view only."""
    dry: bool = arguments.pop("dry", False)
    if operation is UPDATE_CUSTOMER_PROFILE:
        # Updates that evaluate no campaigns ignore the parameter.
        dry = dry and arguments.get("run_rule_engine", False)
    return dry or testing


def _handle(operation: Operation[..., Any], handle: Callable[[], Any]) -> HttpResponse:
    try:
        model = handle()
    except ApiError as error:
        return HttpResponse(error.status, render(error.document(operation.id)))
    status = next(
        status for status, shape in operation.responses.items() if (shape is type(None)) == (model is None)
    )
    return HttpResponse(status, b"" if model is None else render_response(model))
