"""The HTTP client that all calls of a `TalonClient` share: opened on first use, closed with it."""

import asyncio
import logging
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import ModuleType
from typing import Final

import anyio
import httpx

from talon_async._transport.aiohttp_transport import AiohttpTransport
from talon_async._transport.call_state import CallState
from talon_async._transport.content_coding import BodyTooLarge
from talon_async._transport.direct import DirectTransport, HttpRequest, HttpResponse
from talon_async._transport.http_family import HttpClient, HttpTransport, StreamedResponse, family_of
from talon_async._transport.in_process import InProcessTransport
from talon_async._transport.settings import Settings
from talon_async.errors import ClientStateError

_GRACE: Final = 1.0
"""How many seconds cancelled calls have to release their connections."""

_ours: ContextVar[bool] = ContextVar("ours", default=False)


def _not_ours(_record: logging.LogRecord) -> bool:
    """Keep httpx and httpx2 from logging our requests: their URLs name customers."""
    return not _ours.get()


class _SharedClient(httpx.AsyncClient):
    """The `httpx.AsyncClient` that all calls share, on a transport of ours."""

    def __init__(self, transport: DirectTransport, base_url: str) -> None:
        super().__init__(transport=transport, trust_env=False, cookies=_no_cookies())
        self._target = httpx.URL(base_url)

    def direct_transport(self) -> DirectTransport | None:
        """The transport that needs no objects of httpx; `None` if there is another, such as a mock's.

        respx with ``using="httpx"`` replaces this method of httpx, so it is asked for each request.
        """
        transport = self._transport_for_url(self._target)
        return transport if isinstance(transport, DirectTransport) else None


def _no_cookies() -> CookieJar:
    """A jar that keeps nothing: one customer's calls must not affect another's."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class HttpClientHolder:
    """Holds the `httpx.AsyncClient` and the event loop it belongs to.

    A client of the user's own is used as it is and left open; a transport of the user's own is closed.

    Args:
        settings: The settings of the client.

    Attributes:
        family: The library whose requests are sent: that of the user's client or transport, or httpx.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http: HttpClient | None = settings.http_client
        self._transport: HttpTransport | None = settings.transport
        self.family: ModuleType = (
            family_of(settings.http_client, "AsyncClient")
            or family_of(settings.transport, "AsyncBaseTransport")
            or httpx
        )
        self._owned = settings.http_client is None
        self._loop: asyncio.AbstractEventLoop | None = None
        # It has no connections that belong to a loop.
        self._any_loop = isinstance(settings.transport, InProcessTransport)
        self._closed = False
        self._calls: set[CallState] = set()
        self._idle = asyncio.Event()

    def check_usable(self) -> None:
        """Check that a call can be made here; the first call binds the client to its event loop.

        Raises:
            ClientStateError: The client is closed, or belongs to another event loop, or there is none.
        """
        if self._closed:
            raise ClientStateError("the client is closed")
        self._check_loop()
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            logging.getLogger(self.family.__name__).addFilter(_not_ours)

    def _check_loop(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ClientStateError(
                "the client needs asyncio, and no asyncio event loop is running; trio is not supported"
            ) from None
        if self._loop not in (None, loop) and not self._any_loop:
            raise ClientStateError(
                "the client belongs to another event loop, as its connections do; "
                "open one client per event loop"
            )

    def enter(self, call: CallState) -> None:
        """Register a call in flight, so that closing the client ends it."""
        self._calls.add(call)

    def leave(self, call: CallState) -> None:
        """Remove a call that has ended."""
        self._calls.discard(call)
        if self._closed and not self._calls:
            self._idle.set()

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and read its response.

        Raises:
            ClientStateError: The user's own client was closed.
            BodyTooLarge: The body exceeds the accepted size.
            Exception: There was no response; whatever the transport raised.
        """
        http = self._http
        if http is None:
            http = self._http = self._open()
        if isinstance(http, _SharedClient) and (direct := http.direct_transport()) is not None:
            return await direct.exchange(request)
        if http.is_closed:
            raise ClientStateError("the http_client of this client was closed")
        request.begin_phase("write")  # until an error says otherwise
        ours = _ours.set(True)
        try:
            response = await self._send(http, request)
            return HttpResponse(response.status_code, response.headers, await self._read(response))
        finally:
            _ours.reset(ours)

    async def _send(self, http: HttpClient, request: HttpRequest) -> StreamedResponse:
        try:
            return await http.send(
                self.family.Request(
                    request.method,
                    request.url,
                    headers=request.headers,
                    content=request.content,
                    extensions={"timeout": request.timeout},
                ),
                stream=True,
                auth=None,  # the credentials of a user's own client would replace the key
                follow_redirects=False,
            )
        except self.family.HTTPStatusError as error:  # of a hook that calls `raise_for_status`
            response: StreamedResponse = error.response
            return response

    async def _read(self, response: StreamedResponse) -> bytes:
        limit = self._settings.max_response_bytes
        body = bytearray()
        if response.is_closed and not response.is_stream_consumed:
            return b""  # a hook raised before the body was read
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise BodyTooLarge(limit)
        finally:
            await response.aclose()
        return bytes(body)

    def _open(self) -> HttpClient:
        settings, transport = self._settings, self._transport
        if transport is None:
            transport = AiohttpTransport(
                max_connections=settings.max_connections,
                ssl_context=settings.ssl_context,
                proxy=settings.proxy,
            )
        if isinstance(transport, DirectTransport):
            return _SharedClient(transport, settings.base_url)
        client: HttpClient = self.family.AsyncClient(
            transport=transport, trust_env=False, cookies=_no_cookies()
        )
        return client

    async def aclose(self, drain: float) -> None:
        """Refuse new calls, let those in flight end, and close all connections.

        A client of the user's own stays open.

        Args:
            drain: How many seconds calls in flight have to end by themselves.

        Raises:
            ClientStateError: The client belongs to another event loop; nothing was closed.
        """
        if self._loop is not None:
            self._check_loop()
        self._closed = True
        try:
            if self._calls and drain:
                with anyio.move_on_after(drain):
                    await self._idle.wait()
        finally:
            # Cancelling the drain cancels the calls as well.
            with anyio.CancelScope(shield=True):
                for call in self._calls:
                    call.close()
                if self._calls:
                    with anyio.move_on_after(_GRACE):
                        await self._idle.wait()
                await self._close_connections()

    async def _close_connections(self) -> None:
        http, transport = self._http, self._transport
        self._http = self._transport = self._loop = None
        if http is not None and self._owned:
            await http.aclose()  # with its transport
        elif http is None and transport is not None:
            await transport.aclose()
