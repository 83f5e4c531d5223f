"""The sandbox as an ASGI app: from a request to its handler, and from the handler's answer to a response."""

import logging
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from talon_async.codec.converter import ANSWERS
from talon_async.codec.json import is_array, render
from talon_async.operation import EMPTY, Operation
from talon_async.operations import OPERATIONS
from talon_async.sandbox.refusal import RefusedError
from talon_async.sandbox.registry import handlers
from talon_async.sandbox.state import Deployment
from talon_async.sandbox.wire import Match, Routes, read_call

logger = logging.getLogger("talon_async.sandbox")

_JSON: Final = "application/json"


def create_app(deployment: Deployment) -> Starlette:
    """Make the ASGI app that serves a deployment."""
    return Starlette(routes=[Mount("/", app=_Api(deployment))])


class _Api:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._routes = Routes(OPERATIONS.values())
        self._handlers = handlers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            content = await request.body()
        except ClientDisconnect:
            return
        await self._response(request, content)(scope, receive, send)

    def _response(self, request: Request, content: bytes) -> Response:
        match: Match | None = None
        try:
            self._authorize(request)
            match = self._routes.find(request.method, request.scope["raw_path"])
            return self._answer(match, request.scope["query_string"].decode("latin-1"), content)
        except RefusedError as refusal:
            document = refusal.document(match.operation.id if match else None)
            return Response(render(document), status_code=refusal.status, media_type=_JSON)
        except Exception as error:
            # Most likely a fault in the rule of a campaign, which its author wants to see on both ends.
            logger.exception("%s failed", match.operation.id if match else "a call")
            failure = RefusedError(500, f"{type(error).__name__}: {error}")
            return Response(render(failure.document(None)), status_code=500, media_type=_JSON)

    def _authorize(self, request: Request) -> None:
        if request.headers.get("authorization") != f"ApiKey-v1 {self._deployment.api_key}":
            raise RefusedError(401, "The API key is missing or not valid here")

    def _answer(self, match: Match, query: str, content: bytes) -> Response:
        operation = match.operation
        handler = self._handlers.get(operation.id)
        if handler is None:
            raise RefusedError(501, f"The sandbox does not know {operation.id} yet")
        body, arguments = read_call(match, query, content)
        answer = handler(self._deployment, *([] if operation.body is None else [body]), **arguments)
        status = _status(operation, answer)
        if answer is None:
            return Response(status_code=status)
        return Response(render(_document(answer)), status_code=status, media_type=_JSON)


def _status(operation: Operation[Any], answer: Any) -> int:
    """The documented status for an answer with or without a body."""
    return next(status for status, made in operation.answers.items() if (made is EMPTY) == (answer is None))


def _document(answer: Any) -> Any:
    return (
        [ANSWERS.unstructure(entry) for entry in answer] if is_array(answer) else ANSWERS.unstructure(answer)
    )
