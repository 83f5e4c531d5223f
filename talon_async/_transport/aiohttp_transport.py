"""An httpx transport over aiohttp's connector, whose cost per call stays flat however many are in flight.

The pool, the parser and TLS are aiohttp's. This module translates requests one way, responses and
exceptions the other: callers see httpx's exceptions, never aiohttp's.
"""

import asyncio
import functools
import re
import ssl
import warnings
from typing import Final

import aiohttp
import httpx
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from talon_async._transport.aiohttp_connector import MAX_HEADER_BYTES, Connector, Exchange, current_exchange
from talon_async._transport.content_coding import BodyTooLarge
from talon_async._transport.direct import DirectTransport, HttpRequest, HttpResponse, decoded_response
from talon_async._transport.tls import DefaultSslContext

_MAX_FIELDS: Final = 256
_BODY_PART: Final = 64 * 1024
_NO_CONTENT_TYPE: Final = ("Content-Type",)


class AiohttpTransport(DirectTransport):
    """Sends requests through aiohttp and reads each response completely.

    It is bound to the event loop on which it sends its first request.

    Args:
        max_connections: How many connections may be open at the same time.
        ssl_context: How servers are verified (default: as httpx does).
        proxy: The address of a proxy that all requests go through.
    """

    def __init__(
        self,
        *,
        max_connections: int,
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self._max_connections = max_connections
        self._ssl_context = ssl_context
        self._default_ssl_context = DefaultSslContext()
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(max_connections)

    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and return its response with the body read and decompressed."""
        request.begin_phase("pool")
        session = self._session
        if session is None:
            session = await self._open(secure=request.url.startswith("https:"))
        await self._acquire(request.timeout.get("pool"))
        request.begin_phase("connect")
        exchange = Exchange(request.begin_phase, resendable=request.resendable)
        current_exchange.set(exchange)
        try:
            return await self._exchange(session, request, exchange)
        finally:
            exchange.end()
            self._free.release()

    async def _acquire(self, seconds: float | None) -> None:
        if not self._free.locked():
            await self._free.acquire()  # returns immediately
            return
        try:
            async with asyncio.timeout(seconds):
                await self._free.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free in time") from None

    async def _exchange(
        self, session: aiohttp.ClientSession, request: HttpRequest, exchange: Exchange
    ) -> HttpResponse:
        try:
            return await self._send(session, request)
        except (httpx.ReadError, httpx.RemoteProtocolError) as error:
            if not exchange.resendable or not exchange.met_dead_connection:
                raise
            broken = error
        # The server closed the connection while it was idle. Others may be closed as well.
        exchange.fresh = True
        try:
            return await self._send(session, request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError):
            raise broken from None  # which says of the request that it may have been sent

    async def _send(self, session: aiohttp.ClientSession, request: HttpRequest) -> HttpResponse:
        content, timeout = request.content, request.timeout
        try:
            async with session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=request.headers,
                data=_payload(content, timeout.get("write")),
                # aiohttp would give a PUT without a body a type.
                skip_auto_headers=_NO_CONTENT_TYPE if content is None and request.method != "GET" else None,
                allow_redirects=False,
                timeout=_client_timeout(timeout.get("connect"), timeout.get("read")),
            ) as response:
                body = await _read(response, request.max_response_bytes)
            coding = response.headers.get("Content-Encoding")
            return decoded_response(
                response.status, response.raw_headers, coding, body, request.max_response_bytes
            )
        except (aiohttp.ClientError, OSError) as error:
            raise _translated(error) from error

    async def _open(self, *, secure: bool) -> aiohttp.ClientSession:
        if self._ssl_context is None and secure:
            self._ssl_context = await self._default_ssl_context.get()
        if self._session is None:  # another request may have opened it meanwhile
            self._session = self._new_session()
        return self._session

    def _new_session(self) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=Connector(self._ssl_context),
            cookie_jar=aiohttp.DummyCookieJar(),
            proxy=self._proxy,
            auto_decompress=False,
            # The connections limit the fields in all.
            max_field_size=MAX_HEADER_BYTES,
            max_headers=_MAX_FIELDS,
        )
        # aiohttp would retry a GET, PUT or DELETE when a kept connection breaks, though the service may have
        # handled the request. Whether to retry is for the retry policy to decide.
        session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
        return session

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def __del__(self) -> None:
        session: aiohttp.ClientSession | None = getattr(self, "_session", None)
        if session is None or session.closed:
            return
        # In place of aiohttp's warnings, which name objects that the user has never seen.
        text = "unclosed TalonClient: use 'async with', or 'await client.aclose()'"
        warnings.warn(text, ResourceWarning, source=self, stacklevel=2)
        if isinstance(session.connector, Connector):
            session.connector.drop(text)
        session.detach()


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    if response.content_length is not None and response.content_length > limit:
        raise BodyTooLarge(limit)
    chunks: list[bytes] = []
    size = 0
    while chunk := await response.content.readany():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(limit)
        chunks.append(chunk)
    return b"".join(chunks)


class _Body(aiohttp.Payload):
    """A request body that is sent in parts, each within the write timeout."""

    def __init__(self, content: bytes, timeout: float | None) -> None:
        super().__init__(content)
        self._size = len(content)
        self._content = content
        self._timeout = timeout

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self._content.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for start in range(0, len(self._content), _BODY_PART):
            async with asyncio.timeout(self._timeout):
                await writer.write(self._content[start : start + _BODY_PART])


def _payload(content: bytes | None, timeout: float | None) -> bytes | _Body | None:
    # A small body fits the socket's buffers: writing it never waits.
    return _Body(content, timeout) if content is not None and len(content) > _BODY_PART else content


@functools.lru_cache(maxsize=64)
def _client_timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_read=read)


_TRANSLATIONS: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ClientHttpProxyError, httpx.ProxyError),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ServerFingerprintMismatch, httpx.ConnectError),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (TimeoutError, httpx.WriteTimeout),  # only `_Body` raises it bare
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.ReadError),
    (OSError, httpx.ReadError),
)


_QUOTED: Final = re.compile(r":?\s*b['\"]")


def _translated(error: Exception) -> httpx.TransportError:
    kind = next(kind for source, kind in _TRANSLATIONS if isinstance(error, source))
    text = str(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        # Its text speaks of "ssl:default" even where there is no TLS.
        text = f"cannot connect to {error.host}:{error.port}: {error.os_error.strerror or error.os_error}"
    if isinstance(error, aiohttp.ClientResponseError):
        # Its text contains the whole URL, and the response, which may quote the request.
        text = " ".join(_QUOTED.split(error.message, 1)[0].split())
    return kind(text or type(error).__name__)
