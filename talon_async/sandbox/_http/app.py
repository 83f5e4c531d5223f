"""The sandbox as an ASGI app: from a request to its handler, and from the handler's answer to a response."""

import logging
import time
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from talon_async._codec.json import render
from talon_async._operations import OPERATIONS
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.faults import ConnectionDroppedError
from talon_async.sandbox._deployment.idempotency import HEADER
from talon_async.sandbox._deployment.request_log import RecordedCall
from talon_async.sandbox._errors import ApiError
from talon_async.sandbox._http.dispatcher import Answer, Service
from talon_async.sandbox._http.parsing import Match, Routes

logger = logging.getLogger("talon_async.sandbox")

_JSON: Final = "application/json"


def create_app(deployment: Deployment) -> ASGIApp:
    """Make the ASGI app that serves a deployment.

    Where a fault drops the connection of a call, the app raises `ConnectionResetError` instead of
    answering; it is for the server to close the connection.
    """
    return _App(deployment)


class _App:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._service = Service(deployment)
        self._routes = Routes(OPERATIONS.values())
        self._page: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/" or scope["path"].startswith("/_sandbox"):
            await self._opened_page()(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            content = await request.body()
        except ClientDisconnect:
            return
        moment, began = self._deployment.clock.now(), time.perf_counter()
        match, answer = await self._answer(request, content)
        raw_path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        call = RecordedCall(
            moment=moment,
            method=request.method,
            target=f"{raw_path}?{query}" if query else raw_path,
            operation=match.operation.id if match else None,
            status=answer.status if answer else None,
            request=content,
            response=answer.body if answer else b"",
            seconds=time.perf_counter() - began,
        )
        self._deployment.calls.append(call)
        for observer in self._deployment.observers:
            observer(call)
        if answer is None:
            raise ConnectionResetError("the sandbox dropped the connection, as a fault has it")
        media_type = _JSON if answer.body else None
        await Response(answer.body, answer.status, media_type=media_type)(scope, receive, send)

    def _opened_page(self) -> ASGIApp:
        if self._page is None:
            # Imported here, so that who never looks at the page does not wait for it.
            from talon_async.sandbox._http.dashboard import Dashboard

            self._page = Dashboard(self._deployment)
        return self._page

    async def _answer(self, request: Request, content: bytes) -> tuple[Match | None, Answer | None]:
        """Answer a call, with `None` if its connection is to be dropped; and tell the operation, if any."""
        match: Match | None = None
        try:
            testing = self._is_for_testing(request)
            match = self._routes.find(request.method, request.scope["raw_path"])
            query = request.scope["query_string"].decode("latin-1")
            key = request.headers.get(HEADER, "")
            return match, await self._service.answer(match, query, content, key=key, testing=testing)
        except ConnectionDroppedError:
            return match, None
        except ApiError as refusal:
            return match, Answer(
                refusal.status, render(refusal.document(match.operation.id if match else None))
            )
        except Exception as error:
            # Most likely a fault in the rule of a campaign, which its author wants to see on both ends.
            logger.exception("%s failed", match.operation.id if match else "a call")
            failure = ApiError(500, f"{type(error).__name__}: {error}")
            return match, Answer(500, render(failure.document(None)))

    def _is_for_testing(self, request: Request) -> bool:
        """Tell whether a call bears the key for testing.

        Raises:
            ApiError: It bears neither key.
        """
        given = request.headers.get("authorization")
        if given == f"ApiKey-v1 {self._deployment.api_key}":
            return False
        testing_key = self._deployment.testing_key
        if testing_key is not None and given == f"ApiKey-v1 {testing_key}":
            return True
        raise ApiError(401, "The API key is missing or not valid here")
