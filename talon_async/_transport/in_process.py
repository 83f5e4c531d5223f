"""Calls to an ASGI app in this process, such as that of a sandbox, without a socket."""

import httpx


class InProcessTransport(httpx.ASGITransport):
    """Sends requests to an ASGI app; where the app drops a connection, that is an `httpx.ReadError`.

    A client with it works on any event loop, and on one after another.

    ``TalonClient("http://localhost", api_key=..., transport=InProcessTransport(create_app(deployment)))``
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            httpx.ReadError: The app dropped the connection.
        """
        try:
            return await super().handle_async_request(request)
        except ConnectionResetError as error:
            raise httpx.ReadError(str(error), request=request) from error
