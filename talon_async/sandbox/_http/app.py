"""The ASGI app of a deployment."""

import functools
import logging
import time
from typing import Final, Literal

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
from talon_async.sandbox._http.dispatcher import MAX_BODY, Dispatcher, HttpResponse
from talon_async.sandbox._http.routing import Match, Routes

logger = logging.getLogger("talon_async.sandbox")

_JSON: Final = "application/json"


class SandboxApp:
    """Serves the Integration API and the dashboard of a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._dispatcher = Dispatcher(deployment)
        self._routes = Routes(OPERATIONS.values())
        self._dashboard: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["path"] == "/" or scope["path"].startswith("/_sandbox"):
            await self._get_dashboard()(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            content = await self._read_body(request)
        except ClientDisconnect:
            return
        moment, began = self._deployment.clock.now(), time.perf_counter()
        match, response = await self._respond(request, content)
        raw_path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
        call = RecordedCall(
            number=next(self._deployment.call_numbers),
            moment=moment,
            method=request.method,
            target=f"{raw_path}?{query}" if query else raw_path,
            operation=match.operation.id if match else None,
            status=response.status if response else None,
            headers=self._headers_without_key(request),
            request=content or b"",
            response=response.body if response else b"",
            seconds=time.perf_counter() - began,
        )
        self._deployment.record(call)
        if response is None:
            raise ConnectionResetError("an injected fault dropped the connection")
        media_type = _JSON if response.body else None
        message = Response(response.body, response.status, response.headers, media_type)
        await message(scope, receive, send)

    def _get_dashboard(self) -> ASGIApp:
        if self._dashboard is None:
            # Imported here, as most sandboxes never render a page.
            from talon_async.sandbox._http.dashboard import Dashboard

            self._dashboard = Dashboard(self._deployment)
        return self._dashboard

    async def _read_body(self, request: Request) -> bytes | None:
        """Read a request body to its end; `None` if it is too large to keep, or its sender has no key.

        Raises:
            ClientDisconnect: The connection ends before.
        """
        kept: bytearray | None = bytearray() if self._find_key(request) else None
        async for chunk in request.stream():
            if kept is not None:
                kept += chunk
                if len(kept) > MAX_BODY:
                    kept = None
        return None if kept is None else bytes(kept)

    async def _respond(
        self, request: Request, content: bytes | None
    ) -> tuple[Match | None, HttpResponse | None]:
        """Respond to a call.

        Args:
            request: The request.
            content: Its body; `None` if it was not kept.

        Returns:
            The operation that is called, if any, and the response; `None` to drop the connection.
        """
        match: Match | None = None
        try:
            testing = self._has_testing_key(request)
            match = self._routes.find(request.method, request.scope["raw_path"])
            query = request.scope["query_string"].decode("latin-1")
            key = request.headers.get(HEADER, "")
            return match, await self._dispatcher.dispatch(
                match, query, content, idempotency_key=key, testing=testing
            )
        except ConnectionDroppedError:
            return match, None
        except ApiError as error:
            document = error.document(match.operation.id if match else None)
            return match, HttpResponse(error.status, render(document), error.headers)
        except Exception as error:
            # Most likely a bug in a campaign's rule: its author sees it in the log and in the response.
            logger.exception("%s failed", match.operation.id if match else "a request")
            failure = ApiError(500, f"{type(error).__name__}: {error}")
            return match, HttpResponse(500, render(failure.document(None)))

    def _headers_without_key(self, request: Request) -> dict[str, str]:
        """The header fields to record."""
        if self._find_key(request) is None:
            return {}
        application = self._deployment.application
        keys = [key for key in (application.api_key, application.testing_key) if key]
        found: dict[str, str] = {}
        for name, value in request.headers.items():
            if name != "authorization":
                shown = functools.reduce(lambda text, key: text.replace(key, "[API key]"), keys, value)
                found[name] = f"{found[name]}, {shown}" if name in found else shown
        return found

    def _has_testing_key(self, request: Request) -> bool:
        """Check the API key of a request; return whether it is the testing key.

        Raises:
            ApiError: It has neither key; status 401.
        """
        sent = self._find_key(request)
        if sent is None:
            raise ApiError(401, "The API key is missing or not valid here")
        return sent == "testing"

    def _find_key(self, request: Request) -> Literal["api", "testing"] | None:
        """Find out which of the Application's keys a request has; `None` if it has neither."""
        application = self._deployment.application
        given = request.headers.get("authorization")
        if given == f"ApiKey-v1 {application.api_key}":
            return "api"
        if application.testing_key is not None and given == f"ApiKey-v1 {application.testing_key}":
            return "testing"
        return None
