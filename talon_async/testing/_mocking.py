"""respx's hold on the transport of a default `TalonClient`, which is not httpx's own."""

from typing import Any, Final

import httpx
from respx.mocks import AbstractRequestMocker, HTTPCoreMocker

_HTTPCORE_START: Final = HTTPCoreMocker.start
_HTTPCORE_STOP: Final = HTTPCoreMocker.stop


class TalonMocker(AbstractRequestMocker):
    """Mocks our transport wherever respx mocks httpcore, which it does unless told otherwise."""

    name = "talon_async"
    targets = ["talon_async._transport.aiohttp_transport.AiohttpTransport"]  # noqa: RUF012  as respx declares it
    target_methods = ["handle_async_request"]  # noqa: RUF012

    @classmethod
    def follow_httpcore(cls) -> None:
        """Start and stop with respx's mocker for httpcore from now on, for the same routers."""
        cls.routers = HTTPCoreMocker.routers
        HTTPCoreMocker.start = cls._start_both  # type: ignore[method-assign]
        HTTPCoreMocker.stop = cls._stop_both  # type: ignore[method-assign]

    @classmethod
    def _start_both(cls) -> None:
        _HTTPCORE_START()
        cls.start()

    @classmethod
    def _stop_both(cls, force: bool = False) -> None:
        _HTTPCORE_STOP(force)
        cls.stop(force)

    @classmethod
    def to_httpx_request(cls, **kwargs: Any) -> httpx.Request:
        """Take the request as it is."""
        request: httpx.Request = kwargs["request"]
        return request

    @classmethod
    async def from_async_httpx_response(
        cls,
        httpx_response: httpx.Response,
        target: object,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> httpx.Response:
        """Give the response as it is."""
        return httpx_response
