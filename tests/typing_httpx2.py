"""Clients and transports of both HTTP libraries, never run: the type checkers accept them in strict mode."""

import httpx
import httpx2

from talon_async import TalonClient


async def http_clients() -> None:
    """An `AsyncClient` is accepted; a client that is not async, or of another library, is an error."""
    TalonClient("https://shop.invalid", api_key="k", http_client=httpx.AsyncClient())
    TalonClient("https://shop.invalid", api_key="k", http_client=httpx2.AsyncClient())
    TalonClient.from_env(http_client=httpx2.AsyncClient())
    TalonClient("", api_key="k", http_client=httpx2.Client())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    TalonClient("", api_key="k", http_client="httpx2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


class Wrapper(httpx2.AsyncBaseTransport):
    """A transport of a user's own."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Respond."""
        return httpx2.Response(204, request=request)


async def transports() -> None:
    """An async transport is accepted; one that is not async is an error."""
    TalonClient("https://shop.invalid", api_key="k", transport=httpx.AsyncHTTPTransport())
    TalonClient("https://shop.invalid", api_key="k", transport=httpx2.AsyncHTTPTransport())
    TalonClient("https://shop.invalid", api_key="k", transport=Wrapper())
    TalonClient("", api_key="k", transport=httpx2.HTTPTransport())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
