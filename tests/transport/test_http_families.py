"""httpx and httpx2 side by side: what a client takes, logs and imports."""

import logging
import subprocess
import sys
from http.cookiejar import Cookie, CookieJar
from typing import Any

import aiohttp
import httpx
import httpx2
import pytest

from talon_async import ConfigurationError, TalonClient
from tests.transport.server import http_response, read, reply_always, send, serving
from tests.transport.support import KEY, LIBRARIES, SESSION, client_of

URL = "https://shop.invalid"


@pytest.mark.parametrize(
    "found",
    [
        httpx.Client,
        httpx2.AsyncClient,
        httpx2.AsyncHTTPTransport,
        httpx2.Client(),
        httpx2.HTTPTransport(),
        aiohttp.BaseConnector,
        7,
    ],
    ids=["sync class", "class", "transport class", "sync client", "sync transport", "aiohttp", "number"],
)
@pytest.mark.parametrize("setting", ["http_client", "transport"])
def test_an_object_of_another_kind_is_refused(setting: str, found: Any) -> None:
    """A class, an object that is not async, or one of another library is refused at construction."""
    settings: dict[str, Any] = {setting: found}
    with pytest.raises(
        ConfigurationError, match=r"expected an Async.* of httpx or httpx2, or None"
    ) as caught:
        TalonClient(URL, api_key=KEY, **settings)
    assert str(caught.value).startswith(f"{setting}: ")
    assert str(caught.value).endswith(f"found {found!r}")


@LIBRARIES
async def test_a_client_and_a_transport_do_not_replace_each_other(library: Any) -> None:
    """A transport as `http_client`, or a client as `transport`, is refused."""
    with pytest.raises(ConfigurationError, match=r"^http_client: expected an AsyncClient "):
        TalonClient(URL, api_key=KEY, http_client=library.AsyncHTTPTransport())
    async with library.AsyncClient() as http:
        with pytest.raises(ConfigurationError, match=r"^transport: expected an AsyncBaseTransport "):
            TalonClient(URL, api_key=KEY, transport=http)


@LIBRARIES
async def test_a_client_sends_over_http(library: Any) -> None:
    """A custom client sends complete requests and reuses its connection."""
    async with (
        serving([reply_always(http_response())]) as server,
        library.AsyncClient() as http,
        client_of(server, http_client=http) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        raw = await talon.with_raw_response(talon.sessions.get)("cart-1")
        assert server.connections == 1
    assert [request.method for request in server.requests] == ["PUT", "GET"]
    assert server.requests[0].all("authorization") == [f"ApiKey-v1 {KEY}"]
    assert server.requests[0].all("content-length") == [str(len(server.requests[0].body))]
    assert raw.headers["CONTENT-TYPE"] == "application/json"


@LIBRARIES
async def test_cookies_are_neither_stored_nor_sent(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie that a response to one customer sets is not kept, nor sent with the calls of another."""
    stored: list[Cookie] = []

    def store(_jar: CookieJar, cookie: Cookie) -> None:
        stored.append(cookie)

    monkeypatch.setattr(CookieJar, "set_cookie", store)
    cookie = http_response(fields={"Set-Cookie": "customer=7; Path=/"})
    async with (
        serving([reply_always(cookie)]) as server,
        client_of(server, transport=library.AsyncHTTPTransport()) as talon,
    ):
        await talon.sessions.get("cart-1")
        await talon.sessions.get("cart-2")
    assert [request.all("cookie") for request in server.requests] == [[], []]
    assert stored == []


@LIBRARIES
@pytest.mark.parametrize("setting", ["http_client", "transport"])
async def test_no_library_logs_a_url(library: Any, setting: str, caplog: pytest.LogCaptureFixture) -> None:
    """The library's log of requests, whose URLs name customers, has none of the client's."""
    caplog.set_level(logging.INFO)
    custom = library.AsyncClient() if setting == "http_client" else library.AsyncHTTPTransport()
    async with (
        custom,
        serving([read, send(http_response())]) as server,
        client_of(server, **{setting: custom}) as talon,
    ):
        await talon.sessions.get("cart-1")
    assert not caplog.records


def _run(program: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


CALLS = """
import asyncio, httpx, logging, sys
from talon_async import CallTimeoutError, ConfigurationError, NewCustomerSessionV2, RetryPolicy, TalonClient
from talon_async.sandbox import Deployment, create_app
from talon_async.testing import InProcessTransport

def respond(request):
    if request.url.path.endswith("slow"):
        raise httpx.PoolTimeout("slow")
    return httpx.Response(200, content=b'{"effects":[],"createdCoupons":[],"createdReferrals":[]}')

def client(**settings):
    once = RetryPolicy(attempts=1)
    return TalonClient("https://localhost:1", api_key="sandbox-key", retry=once, **settings)

async def call(**settings):
    async with client(**settings) as talon:
        await talon.sessions.update("cart-1", NewCustomerSessionV2())

async def main():
    transport = httpx.MockTransport(respond)
    async with httpx.AsyncClient(transport=transport) as http:
        await call(http_client=http)
    await call(transport=InProcessTransport(create_app(Deployment())))
    async with client(transport=transport) as talon:
        await talon.sessions.get("cart-1")
        try:
            await talon.sessions.get("slow")
        except CallTimeoutError as error:
            print(error.sent, error.phase)
    try:
        await call()
    except Exception as error:
        print(type(error).__name__, error.sent)
    try:
        await call(transport=7)
    except ConfigurationError:
        print("httpx2" in sys.modules, httpx.__name__)

logging.basicConfig(stream=sys.stdout, level=logging.INFO)
asyncio.run(main())
"""


def test_httpx2_is_never_imported() -> None:
    """Neither calls nor their errors nor a refused setting import httpx2, which may not be installed."""
    assert _run(CALLS) == "False pool\nServiceConnectionError False\nFalse httpx\n"


@pytest.mark.skipif(not hasattr(httpx2, "alias_httpx"), reason="this version of httpx2 has no alias")
def test_the_client_works_on_httpx2_in_place_of_httpx() -> None:
    """Where a program makes ``import httpx`` give httpx2, all of the client's paths work, and log no URL."""
    alias = "import httpx2; httpx2.alias_httpx()"
    assert _run(f"{alias}\n{CALLS}") == "False pool\nServiceConnectionError False\nTrue httpx2\n"
