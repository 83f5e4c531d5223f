"""Custom HTTP: a client or transport of httpx or httpx2, a proxy."""

import asyncio
from typing import Any

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
from tests.security.leaks import leakable_text
from tests.transport.server import SESSION_STATE, http_response, read, reply_always, reset, send, serving
from tests.transport.support import (
    KEY,
    LIBRARIES,
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


def closable(library: Any) -> Any:
    """Make a transport of a library that responds to every request and counts how often it was closed."""

    class Closable(library.MockTransport):  # type: ignore[misc]
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    def respond(_: object) -> Any:
        return library.Response(200, content=SESSION_STATE)

    return Closable(respond)


@LIBRARIES
async def test_a_custom_client_is_left_open(library: Any) -> None:
    """Calls use the custom client; closing ours leaves it open."""
    transport = closable(library)
    async with library.AsyncClient(transport=transport) as http:
        async with TalonClient("https://shop.invalid", api_key=KEY, http_client=http) as talon:
            state = await talon.sessions.update("cart-1", SESSION)
            assert state.effects == []
        assert not http.is_closed
        assert not transport.closed
        assert (await http.get("https://shop.invalid/")).status_code == 200


@LIBRARIES
async def test_a_custom_clients_defaults_are_not_sent(library: Any) -> None:
    """What a custom client adds to its own requests, such as credentials, is not sent with ours."""
    seen: list[Any] = []

    def note(request: Any) -> Any:
        seen.append(request)
        return library.Response(200, content=SESSION_STATE)

    http = library.AsyncClient(
        transport=library.MockTransport(note),
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


@LIBRARIES
@pytest.mark.parametrize("used", [True, False])
async def test_a_custom_transport_is_closed_once(library: Any, used: bool) -> None:
    """The client closes the transport it was given once, used or not, however often it is closed itself."""
    transport = closable(library)
    async with mocked(transport) as talon:
        if used:
            await talon.sessions.update("cart-1", SESSION)
        assert transport.closed == 0
        await asyncio.gather(talon.aclose(), talon.aclose())
    assert transport.closed == 1


def test_client_and_transport_exclude_each_other() -> None:
    """A custom client together with a transport is refused."""
    transport = closable(httpx)
    http = httpx.AsyncClient(transport=transport)
    with pytest.raises(ConfigurationError, match="http_client, transport"):
        TalonClient("https://shop.invalid", api_key=KEY, http_client=http, transport=transport)


@LIBRARIES
async def test_an_http_transport_works(library: Any) -> None:
    """`AsyncHTTPTransport` can replace the client's transport, and reuses connections."""
    async with (
        serving([read, OK, read, OK]) as server,
        client_of(server, transport=library.AsyncHTTPTransport()) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1


@LIBRARIES
async def test_the_size_limit_applies_to_a_custom_transport(library: Any) -> None:
    """The size limit of a response applies to a custom transport."""
    async with mocked(closable(library), max_response_bytes=10) as talon:
        with pytest.raises(ResponseTooLargeError):
            await talon.sessions.update("cart-1", SESSION)


@LIBRARIES
async def test_an_unsafe_write_is_not_retried_when_a_custom_transport_fails(library: Any) -> None:
    """A broken connection of a custom transport may have sent the request, so `sent` is `True`."""
    async with (
        serving([read, reset], [read, OK]) as server,
        rewired(client_of(server, transport=library.AsyncHTTPTransport()), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServiceConnectionError) as caught:
            await talon.audiences.delete(7)
        assert caught.value.sent is True
        assert len(server.requests) == 1


@LIBRARIES
@pytest.mark.parametrize(
    ("raised", "expected", "sent"),
    [
        ("ConnectError", ServiceConnectionError, False),
        ("ConnectTimeout", CallTimeoutError, False),
        ("PoolTimeout", CallTimeoutError, False),
        ("ReadError", ServiceConnectionError, True),
        ("ReadTimeout", CallTimeoutError, True),
        ("WriteError", ServiceConnectionError, True),
        ("WriteTimeout", CallTimeoutError, True),
        ("TimeoutException", CallTimeoutError, True),
        ("CloseError", ServiceConnectionError, True),
        ("RemoteProtocolError", ServiceConnectionError, True),
        ("LocalProtocolError", ServiceConnectionError, True),
        ("DecodingError", ServiceConnectionError, True),
        ("UnsupportedProtocol", ServiceConnectionError, False),
        ("ProxyError", ServiceConnectionError, False),
        ("InvalidURL", ServiceConnectionError, False),
        ("CookieConflict", ServiceConnectionError, True),
    ],
)
async def test_transport_exceptions_are_mapped(
    library: Any, raised: str, expected: type[TalonError], sent: bool
) -> None:
    """Each transport exception maps to a `TalonError` whose `sent` says if the request may have been sent."""

    def fail(_: object) -> Any:
        raise getattr(library, raised)(f"with {KEY}")

    async with mocked(library.MockTransport(fail), retry=ONE_ATTEMPT) as talon:
        with pytest.raises(expected, match=rf" {raised}: with \[API key\]$") as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert vars(caught.value)["sent"] is sent
    assert KEY not in leakable_text(caught.value)


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
