"""Calls to an ASGI app in this process, such as that of a sandbox, without a socket."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urlsplit

import attrs
import httpx

from talon_async._transport.direct import (
    DirectTransport,
    Headers,
    HttpRequest,
    HttpResponse,
    decoded_response,
)

_Message: TypeAlias = MutableMapping[str, Any]
_ASGIApp: TypeAlias = Callable[
    [_Message, Callable[[], Awaitable[_Message]], Callable[[_Message], Awaitable[None]]], Awaitable[None]
]

_CLIENT: Final = ("127.0.0.1", 123)


class InProcessTransport(DirectTransport):
    """Sends requests to an ASGI app; where the app drops a connection, that is an `httpx.ReadError`.

    A client with it works on any event loop, and on one after another. Each request lets other tasks run
    first.

    ``TalonClient("http://localhost", api_key=..., transport=InProcessTransport(create_app(deployment)))``

    Args:
        app: The ASGI app.
    """

    def __init__(self, app: _ASGIApp) -> None:
        self._app = app

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request.

        Raises:
            httpx.ReadError: The app dropped the connection.
        """
        await asyncio.sleep(0)  # an app that never waits would keep the event loop from all else
        request.begin_phase("write")
        conversation = _Conversation(request.content or b"")
        try:
            await self._app(_scope_of(request), conversation.receive, conversation.send)
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error)) from error
        if not conversation.complete:
            raise httpx.ReadError("the app ended without a complete response")
        return decoded_response(
            conversation.status,
            conversation.headers,
            Headers(conversation.headers).get("content-encoding"),
            bytes(conversation.body),
            request.max_response_bytes,
        )


@attrs.define(eq=False)
class _Conversation:
    """A request and its response, as messages of ASGI."""

    content: bytes | None
    status: int = 0
    headers: list[tuple[bytes, bytes]] = attrs.field(factory=list)
    body: bytearray = attrs.field(factory=bytearray)
    complete: bool = False
    _ended: asyncio.Event = attrs.field(factory=asyncio.Event)

    async def receive(self) -> _Message:
        """Give the app the body of the request, and then the end of the connection."""
        content, self.content = self.content, None
        if content is not None:
            return {"type": "http.request", "body": content, "more_body": False}
        await self._ended.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: _Message) -> None:
        """Take a part of the response from the app."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self.complete = True
                self._ended.set()


def _scope_of(request: HttpRequest) -> _Message:
    parts = urlsplit(request.url)
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    headers.append((b"host", parts.netloc.encode()))
    if request.content is not None:
        headers.append((b"content-length", b"%d" % len(request.content)))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": headers,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "server": (parts.hostname, parts.port),
        "client": _CLIENT,
        "root_path": "",
    }
