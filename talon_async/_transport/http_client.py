"""The HTTP client that all calls of a `TalonClient` share: opened on first use, closed with it."""

import asyncio
import logging
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import ModuleType
from typing import Any, Final

import anyio
import httpx

from talon_async._transport.aiohttp_transport import AiohttpTransport
from talon_async._transport.http_family import HttpClient, HttpResponse, HttpTransport, family_of
from talon_async._transport.in_process import InProcessTransport
from talon_async._transport.settings import Settings
from talon_async.errors import ClientStateError

_GRACE: Final = 1.0
"""How many seconds cancelled calls have to release their connections."""

_ours: ContextVar[bool] = ContextVar("ours", default=False)


def _not_ours(_record: logging.LogRecord) -> bool:
    """Keep httpx and httpx2 from logging our requests: their URLs name customers."""
    return not _ours.get()


class _NoCookies(httpx.Cookies):
    """Keeps no cookies: one customer's calls must not affect another's."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Ignore the cookies of a response; looking for them costs every call."""


class _Client(httpx.AsyncClient):
    @property
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        """Ignore them."""


_NO_COOKIES: Final = _NoCookies()


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
        self._calls: set[anyio.CancelScope] = set()
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

    def enter(self, call: anyio.CancelScope) -> None:
        """Register a call in flight, so that closing the client cancels it."""
        self._calls.add(call)

    def leave(self, call: anyio.CancelScope) -> None:
        """Remove a call that has ended."""
        self._calls.discard(call)
        if self._closed and not self._calls:
            self._idle.set()

    async def send(self, request: Any) -> HttpResponse:
        """Send a request of the family; the body of the response may still have to be read.

        Raises:
            ClientStateError: The user's own client was closed.
            Exception: There was no response; whatever the transport raised.
        """
        http = self._http
        if http is None:
            http = self._http = self._open()
        if http.is_closed:
            raise ClientStateError("the http_client of this client was closed")
        ours = _ours.set(True)
        try:
            # The credentials of a user's own client would replace the key.
            return await http.send(request, stream=True, auth=None, follow_redirects=False)
        except self.family.HTTPStatusError as error:  # of a hook that calls `raise_for_status`
            response: HttpResponse = error.response
            return response
        finally:
            _ours.reset(ours)

    def _open(self) -> HttpClient:
        settings = self._settings
        if self._transport is not None:
            client: HttpClient = self.family.AsyncClient(
                transport=self._transport,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            )
            return client
        transport = AiohttpTransport(
            max_connections=settings.max_connections,
            max_response_bytes=settings.max_response_bytes,
            ssl_context=settings.ssl_context,
            proxy=settings.proxy,
        )
        return _Client(transport=transport, trust_env=False, follow_redirects=False)

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
                    call.cancel()
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
