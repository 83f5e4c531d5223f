"""The shortest way from a call to a socket: what a transport of ours takes and returns.

httpx's own objects would cost as much as sending the request. `DirectTransport` is an httpx transport all the
same, for callers that bring httpx's objects.
"""

import abc
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Final

import attrs
import httpx

from talon_async._transport.content_coding import BodyTooLarge, decompress
from talon_async.errors import TimeoutPhase

FRAMING: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""The header fields that describe how a body was framed."""

_OF_THE_CONNECTION: Final = FRAMING | {"host"}
"""The header fields that a transport sets by itself."""

_MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
"""The limit of requests that come as httpx's objects, such as those that a mock passes through."""


class Headers(Mapping[str, str]):
    """Header fields: names are in lower case, and found in any case; values of one name are comma-joined.

    Args:
        fields: The names and values as received; they are decoded when somebody reads them.
        omitted: The names to leave out.
    """

    def __init__(self, fields: Sequence[tuple[bytes, bytes]], omitted: Set[str] = frozenset()) -> None:
        self._fields = fields
        self._omitted = omitted

    @functools.cached_property
    def _values(self) -> dict[str, str]:
        values: dict[str, str] = {}
        for raw_name, raw_value in self._fields:
            name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
            if name not in self._omitted:
                values[name] = f"{values[name]}, {value}" if name in values else value
        return values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({self._values})"


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@attrs.define(kw_only=True, eq=False)
class HttpRequest:
    """A request, ready to be sent.

    Attributes:
        method: The HTTP method.
        url: The URL, percent-encoded.
        headers: The header fields, without the host and the framing of the body.
        content: The body; `None` for none.
        timeout: The seconds that each phase may take; a phase without them may take any time.
        begin_phase: Is called with each phase as it begins: pool, connect, write.
        resendable: Whether it can be sent again if it met a dead connection.
        max_response_bytes: The largest body of a response that is read, decompressed.
    """

    method: str
    url: str
    headers: dict[str, str] = attrs.field(repr=False)  # which hold the API key
    content: bytes | None = attrs.field(repr=False)
    timeout: Mapping[str, float | None]
    begin_phase: Callable[[TimeoutPhase], None]
    resendable: bool
    max_response_bytes: int


@attrs.define(eq=False)
class HttpResponse:
    """A response, read completely.

    Attributes:
        status: The HTTP status.
        headers: The header fields; names are case-insensitive.
        body: The body, decompressed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def decoded_response(
    status: int, fields: Sequence[tuple[bytes, bytes]], coding: str | None, body: bytes, limit: int
) -> HttpResponse:
    """Create a response from its body as received.

    Args:
        status: The HTTP status.
        fields: The header fields.
        coding: The ``Content-Encoding``, if there is one.
        body: The body as received.
        limit: The largest size accepted, in bytes, decompressed.

    Raises:
        BodyTooLarge: The body is larger.
        httpx.DecodingError: The body of a success cannot be decompressed.
    """
    if len(body) > limit:
        raise BodyTooLarge(limit)
    if coding is not None:
        try:
            body = decompress(body, coding, limit)
        except httpx.DecodingError:
            if 200 <= status < 300:
                raise
            return HttpResponse(status, Headers(fields), body)  # an error is an error, whatever its body
    return HttpResponse(status, Headers(fields, FRAMING), body)


class DirectTransport(httpx.AsyncBaseTransport, abc.ABC):
    """An httpx transport that also sends requests without httpx's objects."""

    @abc.abstractmethod
    async def exchange(self, request: HttpRequest) -> HttpResponse:
        """Send a request and read its response.

        Raises:
            httpx.RequestError: There was no response.
            BodyTooLarge: The body exceeds the accepted size.
        """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request of httpx and read its response."""
        response = await self.exchange(
            HttpRequest(
                method=request.method,
                url=str(request.url),
                headers={
                    name: value for name, value in request.headers.items() if name not in _OF_THE_CONNECTION
                },
                content=await request.aread() or None,
                timeout=request.extensions.get("timeout", {}),
                begin_phase=lambda _phase: None,
                resendable=False,
                max_response_bytes=_MAX_RESPONSE_BYTES,
            )
        )
        fields = [(name, value) for name, value in response.headers.items() if name not in FRAMING]
        return httpx.Response(response.status, headers=fields, content=response.body)
