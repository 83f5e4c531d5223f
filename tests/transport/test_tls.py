"""TLS: the service's certificate is always verified."""

import ssl

import pytest
import trustme

from talon_async import ServiceConnectionError, TalonClient
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, SESSION, FakeSleep, client_of, rewired

OK = send(http_response())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that is not trusted by default."""
    return trustme.CA()


def server_side(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """Make the server's TLS context, with a certificate for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.issue_cert(name).private_key_and_cert_chain_pem.tempfile() as path:
        context.load_cert_chain(path)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Make the client's TLS context, which trusts the authority."""
    return ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())


async def test_a_certificate_of_a_custom_authority_is_accepted(authority: trustme.CA) -> None:
    """With `ssl_context`, a certificate of a private authority is accepted and the connection reused."""
    async with serving([read, OK, read, OK], tls=server_side(authority, "127.0.0.1")) as server:
        async with client_of(server, ssl_context=trusting(authority)) as talon:
            await talon.sessions.update("cart-1", SESSION)
            await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1
        await server.all_closed()


async def test_an_unknown_authority_is_rejected(authority: trustme.CA) -> None:
    """By default, a certificate of an unknown authority ends the attempt before the key is sent."""
    async with (
        serving([read, OK], tls=server_side(authority, "127.0.0.1")) as server,
        rewired(client_of(server), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServiceConnectionError, match="certificate") as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is False
        assert server.requests == []


async def test_another_hosts_certificate_is_rejected(authority: trustme.CA) -> None:
    """A trusted certificate for another host ends the attempt before the key is sent."""
    async with (
        serving([read, OK], tls=server_side(authority, "shop.example")) as server,
        rewired(client_of(server, ssl_context=trusting(authority)), sleep=FakeSleep()) as talon,
    ):
        with pytest.raises(ServiceConnectionError, match="certificate") as caught:
            await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is False
        assert server.requests == []


async def test_a_server_without_tls_is_rejected() -> None:
    """Nothing is sent in clear text to an ``https://`` URL."""
    refusal = [send(http_response(b"", status="400 Bad Request"))]
    async with serving(refusal, refusal, refusal) as server:
        talon = TalonClient(server.url.replace("http:", "https:"), api_key=KEY)
        async with rewired(talon, sleep=FakeSleep()):
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.update("cart-1", SESSION)
        assert caught.value.sent is False
        assert server.requests == []
