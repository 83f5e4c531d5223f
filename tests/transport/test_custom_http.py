"""Custom HTTP: a client, a transport, a proxy."""

import httpx
import pytest

from talon_async import (
    CallTimeoutError,
    ConfigurationError,
    ResponseTooLargeError,
    ServiceConnectionError,
    TalonClient,
    TalonError,
)
from tests.transport.server import SESSION_STATE, http_response, read, reply_always, reset, send, serving
from tests.transport.support import (
    KEY,
    ONE_ATTEMPT,
    SESSION,
    FakeSleep,
    client_of,
    mocked,
    refusing,
    rewired,
    url_of,
)

OK = send(http_response())


class Closable(httpx.MockTransport):
    """A transport that responds to every request and records whether it was closed."""

    closed = False

    def __init__(self) -> None:
        super().__init__(lambda _: httpx.Response(200, content=SESSION_STATE))

    async def aclose(self) -> None:
        """Record that it was closed."""
        self.closed = True


async def test_a_custom_client_is_left_open() -> None:
    """Calls use the custom client; closing ours leaves it open."""
    transport = Closable()
    async with httpx.AsyncClient(transport=transport) as http:
        async with TalonClient("https://shop.invalid", api_key=KEY, http_client=http) as talon:
            state = await talon.sessions.update("cart-1", SESSION)
            assert state.effects == []
        assert not http.is_closed
        assert not transport.closed
        assert (await http.get("https://shop.invalid/")).status_code == 200


async def test_a_custom_clients_defaults_are_not_sent() -> None:
    """What a custom client adds to its own requests, such as credentials, is not sent with ours."""
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=SESSION_STATE)

    http = httpx.AsyncClient(
        transport=httpx.MockTransport(note),
        auth=("user", "passw0rd"),
        cookies={"visit": "1"},
        headers={"X-Team": "web"},
        params={"page": "2"},
    )
    async with http, TalonClient("https://shop.invalid", api_key=KEY, http_client=http) as talon:
        await talon.sessions.get("cart-1")
    assert "x-team" not in seen[0].headers
    assert "cookie" not in seen[0].headers
    assert str(seen[0].url) == "https://shop.invalid/v2/customer_sessions/cart-1"
    assert seen[0].headers["authorization"] == f"ApiKey-v1 {KEY}"


async def test_a_custom_transport_is_closed_with_the_client() -> None:
    """The client closes the transport it was given."""
    transport = Closable()
    async with mocked(transport) as talon:
        await talon.sessions.update("cart-1", SESSION)
        assert not transport.closed
    assert transport.closed


async def test_a_custom_transport_is_closed_even_if_unused() -> None:
    """A transport is closed with a client that never made a call."""
    transport = Closable()
    async with mocked(transport):
        pass
    assert transport.closed


def test_client_and_transport_exclude_each_other() -> None:
    """A custom client together with a transport is refused."""
    transport = Closable()
    http = httpx.AsyncClient(transport=transport)
    with pytest.raises(ConfigurationError, match="http_client, transport"):
        TalonClient("https://shop.invalid", api_key=KEY, http_client=http, transport=transport)


async def test_httpx_transport_works() -> None:
    """`httpx.AsyncHTTPTransport` can replace the client's transport, and reuses connections."""
    async with (
        serving([read, OK, read, OK]) as server,
        client_of(server, transport=httpx.AsyncHTTPTransport()) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1


async def test_the_size_limit_applies_to_a_custom_transport() -> None:
    """The size limit of a response applies to a custom transport."""
    async with mocked(max_response_bytes=10) as talon:
        with pytest.raises(ResponseTooLargeError):
            await talon.sessions.update("cart-1", SESSION)


async def test_an_unsafe_write_is_not_retried_when_a_custom_transport_fails() -> None:
    """A broken connection of a custom transport may have sent the request, so `sent` is `True`."""
    async with (
        serving([read, reset], [read, OK]) as server,
        rewired(client_of(server, transport=httpx.AsyncHTTPTransport()), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert caught.value.sent is True
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("raised", "expected", "sent"),
    [
        (httpx.ConnectError("x"), ServiceConnectionError, False),
        (httpx.ConnectTimeout("x"), CallTimeoutError, False),
        (httpx.PoolTimeout("x"), CallTimeoutError, False),
        (httpx.ReadError("x"), ServiceConnectionError, True),
        (httpx.ReadTimeout("x"), CallTimeoutError, True),
        (httpx.WriteError("x"), ServiceConnectionError, True),
        (httpx.WriteTimeout("x"), CallTimeoutError, True),
        (httpx.CloseError("x"), ServiceConnectionError, True),
        (httpx.RemoteProtocolError("x"), ServiceConnectionError, True),
        (httpx.LocalProtocolError("x"), ServiceConnectionError, True),
        (httpx.DecodingError("x"), ServiceConnectionError, True),
        (httpx.UnsupportedProtocol("x"), ServiceConnectionError, False),
        (httpx.ProxyError("x"), ServiceConnectionError, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_transport_exceptions_are_mapped(
    raised: Exception, expected: type[TalonError], sent: bool
) -> None:
    """Each transport exception maps to a `TalonError` whose `sent` says if the request may have been sent."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise raised

    async with mocked(httpx.MockTransport(fail), retry=ONE_ATTEMPT) as talon:
        with pytest.raises(expected) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert vars(caught.value)["sent"] is sent


async def test_requests_go_through_the_proxy() -> None:
    """With `proxy`, requests go to the proxy with the absolute URL."""
    async with (
        serving([reply_always(http_response())]) as proxy,
        TalonClient("http://shop.invalid", api_key=KEY, proxy=proxy.url, allow_http=True) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        assert proxy.requests[0].target == "http://shop.invalid/v2/customer_sessions/cart-1"
        assert proxy.requests[0].all("host") == ["shop.invalid"]


async def test_a_proxy_that_refuses_a_tunnel_gets_no_request() -> None:
    """If the proxy refuses the tunnel for an ``https://`` request, nothing is sent."""
    refused = http_response(b"", status="407 Proxy Authentication Required")
    async with (
        serving(*[[read, send(refused)]] * 3) as proxy,
        rewired(
            TalonClient("https://shop.invalid", api_key=KEY, proxy=proxy.url), sleep=FakeSleep()
        ) as talon,
    ):
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is False
        assert {request.method for request in proxy.requests} == {"CONNECT"}
        assert [request.all("authorization") for request in proxy.requests] == [[]] * 3


async def test_an_unreachable_proxy_is_a_connection_error() -> None:
    """An unreachable proxy is a connection error with nothing sent and without the proxy's password."""
    with refusing() as held:
        proxy = url_of(held).replace("http://", "http://user:passw0rd@")
        talon = TalonClient("https://shop.invalid", api_key=KEY, proxy=proxy, retry=ONE_ATTEMPT)
        async with talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
    assert caught.value.sent is False
    assert "passw0rd" not in str(caught.value)


async def test_proxies_from_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests go through no proxy from environment variables."""
    async with serving([reply_always(http_response())]) as proxy, serving([read, OK]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        async with client_of(server) as talon:
            await talon.sessions.update("cart-1", SESSION)
        assert proxy.connections == 0
