"""The libraries whose clients and transports users pass in: httpx, and its successor with the same classes.

This package depends on httpx alone and never imports httpx2: an object of httpx2 exists only where the user's
program has imported it.
"""

import sys
from collections.abc import AsyncIterator, Mapping
from types import ModuleType
from typing import Any, Final, Protocol

import httpx

_NAMES: Final = ("httpx", "httpx2")


class StreamedResponse(Protocol):
    """An `httpx.Response` or `httpx2.Response`, whose body is read as it comes."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The header fields."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    @property
    def is_stream_consumed(self) -> bool:
        """Whether its body was read."""
        ...

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Iterate over the body, decompressed."""
        ...

    async def aclose(self) -> None:
        """Close it and release its connection."""


class HttpClient(Protocol):
    """An `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    async def send(
        self, request: Any, /, *, stream: bool = ..., auth: None = ..., follow_redirects: bool = ...
    ) -> StreamedResponse:
        """Send a request."""
        ...

    async def aclose(self) -> None:
        """Close it and its transport."""


class HttpTransport(Protocol):
    """An `httpx.AsyncBaseTransport` or `httpx2.AsyncBaseTransport`."""

    async def handle_async_request(self, request: Any, /) -> StreamedResponse:
        """Send a request."""
        ...

    async def aclose(self) -> None:
        """Close it."""


def family_of(value: object, class_name: str) -> ModuleType | None:
    """Find the library, httpx or httpx2, of whose class a value is an instance.

    Args:
        value: The value.
        class_name: The name of the class, such as ``AsyncClient``.
    """
    for name in _NAMES:
        cls = getattr(sys.modules.get(name), class_name, None)
        if cls is not None and isinstance(value, cls):
            return sys.modules[name]
    return None


def httpx_class(error: Exception) -> type[Exception]:
    """The class of an exception; for one of httpx2, the class of the same name in httpx."""
    httpx2 = sys.modules.get("httpx2")
    for cls in type(error).__mro__:
        if getattr(httpx2, cls.__name__, None) is cls:
            counterpart: type[Exception] | None = getattr(httpx, cls.__name__, None)
            if counterpart is not None:
                return counterpart
    return type(error)
