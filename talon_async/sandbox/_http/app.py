"""The ASGI app of a deployment."""

import logging
import time
from typing import Final, Literal

import attrs
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

_JSON: Final = (b"content-type", b"application/json")
_KEY_HEADER: Final = HEADER.lower()


@attrs.frozen
class _Request:
    """A request without its body.

    Attributes:
        method: The HTTP method.
        raw_path: The raw path, without the query.
        query: The raw query.
        headers: The header fields, by name in lower case; the values of a repeated field are in their order.
        key: Which of the Application's keys it has; `None` if it has neither.
    """

    method: str
    raw_path: bytes
    query: str
    headers: dict[str, list[str]]
    key: Literal["api", "testing"] | None


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
        request = self._read_head(scope)
        try:
            content = await _read_body(receive, keep=request.key is not None)
        except _DisconnectedError:
            return
        moment, began = self._deployment.clock.now(), time.perf_counter()
        match, response = await self._respond(request, content)
        raw_path, query = request.raw_path.decode("latin-1"), request.query
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
        await _send(send, response)

    def _get_dashboard(self) -> ASGIApp:
        if self._dashboard is None:
            # Imported here, as most sandboxes never render a page.
            from talon_async.sandbox._http.dashboard import Dashboard

            self._dashboard = Dashboard(self._deployment)
        return self._dashboard

    def _read_head(self, scope: Scope) -> _Request:
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        application = self._deployment.application
        key: Literal["api", "testing"] | None = None
        given = headers.get("authorization", [""])[0]
        if given == f"ApiKey-v1 {application.api_key}":
            key = "api"
        elif application.testing_key is not None and given == f"ApiKey-v1 {application.testing_key}":
            key = "testing"
        query = scope["query_string"].decode("latin-1")
        return _Request(scope["method"], scope["raw_path"], query, headers, key)

    async def _respond(
        self, request: _Request, content: bytes | None
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
            testing = _is_test(request)
            match = self._routes.find(request.method, request.raw_path)
            return match, await self._dispatcher.dispatch(
                match,
                request.query,
                content,
                idempotency_key=request.headers.get(_KEY_HEADER, [""])[0],
                testing=testing,
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

    def _headers_without_key(self, request: _Request) -> dict[str, str]:
        """The header fields to record."""
        if request.key is None:
            return {}
        application = self._deployment.application
        keys = [key for key in (application.api_key, application.testing_key) if key]
        found: dict[str, str] = {}
        for name, values in request.headers.items():
            if name != "authorization":
                shown = ", ".join(values)
                for key in keys:
                    shown = shown.replace(key, "[API key]")
                found[name] = shown
        return found


def _is_test(request: _Request) -> bool:
    """Whether a request has the testing key.

    Raises:
        ApiError: It has neither key; status 401.
    """
    if request.key is None:
        raise ApiError(401, "The API key is missing or not valid here")
    return request.key == "testing"


class _DisconnectedError(Exception):
    """The connection ended before the request did."""


async def _read_body(receive: Receive, *, keep: bool) -> bytes | None:
    """Read a request body to its end; `None` if it is too large to keep, or its sender has no key.

    Args:
        receive: Receives the next part.
        keep: Whether its sender has a key.

    Raises:
        _DisconnectedError: The connection ends before.
    """
    kept = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _DisconnectedError
        if keep:
            kept += message.get("body", b"")
            if len(kept) > MAX_BODY:
                keep, kept = False, bytearray()
        if not message.get("more_body", False):
            return bytes(kept) if keep else None


async def _send(send: Send, response: HttpResponse) -> None:
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()
    ]
    if response.status not in (204, 304):
        headers.append((b"content-length", b"%d" % len(response.body)))
    if response.body:
        headers.append(_JSON)
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
