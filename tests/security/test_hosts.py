"""The key goes only to the host of the base URL, encrypted."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import trustme

from talon_async import ConfigurationError, ServiceConnectionError, TalonClient
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, client_of

OK = send(http_response())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhostevil.example",
        "http://0x7f.1",
        "http://0",
        "http://127.1",
        "http://2130706433",
        "http://[::ffff:10.0.0.1]",
        "http://[::1].evil.example",
        "http://[::1]evil.example",
        "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80@evil.example",
        "http://:@evil.example",
        "http://evil.example\\@127.0.0.1",
        "http://evil.example\\.localhost",
        "http://evil.example%2f.localhost",
        "http://evil.example%5c.localhost",
        "http://evil.example%00.localhost",
        "http://evil.example;.localhost",
        "http://evil.example|.localhost",
        "http://evil.example:80:.localhost",
        "http://evil.example?.localhost",
        "http://evil.example#.localhost",
        "http://evil.example/.localhost",
        "http:///127.0.0.1",
        "http:127.0.0.1",
    ],
)
def test_a_url_that_only_looks_like_loopback_is_refused(url: str) -> None:
    """A spelling that another parser may read differently never sends the key in clear text."""
    with pytest.raises(ConfigurationError, match=r"^base_url: "):
        TalonClient(url, api_key=KEY)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_would_see_the_key_is_refused(scheme: str) -> None:
    """An ``http://`` request to loopback needs `allow_http` to use a remote proxy."""
    url, proxy = "http://127.0.0.1:8765", f"{scheme}://proxy.example:3128"
    with pytest.raises(ConfigurationError, match=r"^proxy: .*allow_http"):
        TalonClient(url, api_key=KEY, proxy=proxy)
    TalonClient(url, api_key=KEY, proxy=proxy, allow_http=True)
    TalonClient(url, api_key=KEY, proxy="http://127.0.0.1:3128")
    TalonClient("https://yourbaseurl.talon.one", api_key=KEY, proxy=proxy)


@contextlib.asynccontextmanager
async def tunnelling(port: int, recorded: bytearray) -> AsyncGenerator[str, None]:
    """Run a proxy that connects every tunnel to a local port, and records the bytes that pass through."""
    pumps: list[asyncio.Task[None]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                recorded.extend(data)
                writer.write(data)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recorded.extend(await reader.readuntil(b"\r\n\r\n"))
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        pumps.extend([asyncio.ensure_future(pump(reader, back)), asyncio.ensure_future(pump(there, writer))])

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*pumps)


def certified(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Make a server's TLS context, with a certificate for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.issue_cert(name).private_key_and_cert_chain_pem.tempfile() as path:
        context.load_cert_chain(path)
    return context


async def test_a_proxy_sees_a_tunnel_and_not_the_key() -> None:
    """An ``https://`` request passes through a proxy encrypted."""
    authority = trustme.CA()
    trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    recorded = bytearray()
    async with (
        serving([read, OK], tls=certified(authority, "shop.invalid")) as server,
        tunnelling(int(server.url.rpartition(":")[2]), recorded) as proxy,
        TalonClient("https://shop.invalid", api_key=KEY, proxy=proxy, ssl_context=trusting) as talon,
    ):
        await talon.sessions.update("cart-1", SESSION)
        assert server.requests[0].all("authorization") == [f"ApiKey-v1 {KEY}"]
    assert recorded.startswith(b"CONNECT shop.invalid:443 HTTP/1.1\r\n")
    assert KEY.encode() not in recorded
    assert b"cart-1" not in recorded


def allow_old(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a TLS context accept TLS 1.1, which Python refuses by default."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_tls_is_at_least_1_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default, the key is not sent over TLS 1.1 or older."""
    authority = trustme.CA()
    old = allow_old(certified(authority, "127.0.0.1"))
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        async with serving([read, OK], [read, OK], tls=old) as server:
            async with client_of(server, ssl_context=allow_old(httpx.create_ssl_context())) as talon:
                await talon.sessions.get("cart-1")  # this context would send it
            async with client_of(server, retry=ONE_ATTEMPT) as talon:
                with pytest.raises(ServiceConnectionError) as caught:
                    await talon.sessions.get("cart-1")
    assert caught.value.sent is False
    assert len(server.requests) == 1


async def test_netrc_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``.netrc`` entry for the host does not replace the key, and is not sent."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login user password passw0rd\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with serving([read, OK]) as server, client_of(server) as talon:
        await talon.sessions.update("cart-1", SESSION)
    assert server.requests[0].all("authorization") == [f"ApiKey-v1 {KEY}"]
