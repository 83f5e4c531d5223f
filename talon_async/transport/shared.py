"""The one HTTP client that all calls of a `TalonClient` share: opened on first use, closed with it."""

import asyncio

import httpx

from talon_async.config import Settings
from talon_async.errors import ClientStateError
from talon_async.transport.engine import AiohttpTransport


class SharedHttp:
    """Owns the `httpx.AsyncClient`, unless the user brought one, and the event loop it belongs to.

    Args:
        settings: What to set it up with.
        http_client: The user's own client, used as it is and left open.
        transport: The user's own transport, closed with the client.
    """

    def __init__(
        self,
        settings: Settings,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._http = http_client
        self._transport = transport
        self._owned = http_client is None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self.tells_sending = http_client is None and transport is None
        """Whether the transport says when a request begins to go out."""

    def opened(self) -> httpx.AsyncClient:
        """The client, opened if this is the first call.

        Raises:
            ClientStateError: It was closed, or this is another event loop than the first call's.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._bind(loop)
        if self._http is None:
            self._http = self._open()
        return self._http

    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._closed:
            raise ClientStateError("this client was closed")
        if self._loop is not None:
            raise ClientStateError(
                "this client was opened on another event loop, to which its connections belong; "
                "open one client for each loop"
            )
        self._loop = loop

    def _open(self) -> httpx.AsyncClient:
        settings = self._settings
        transport = self._transport or AiohttpTransport(
            max_connections=settings.max_connections,
            max_response_bytes=settings.max_response_bytes,
            ssl_context=settings.ssl_context,
            proxy=settings.proxy,
        )
        return httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)

    async def aclose(self) -> None:
        """Close all connections; a client that the user brought stays open."""
        http, self._http, self._loop, self._closed = self._http, None, None, True
        if http is not None and self._owned:
            await http.aclose()
