"""Loading the default certificates: once, in a thread, and without holding up the event loop."""

import asyncio
import gc
import ssl
import threading
from collections.abc import Iterator

import attrs
import httpx
import pytest
import trustme

from talon_async import ConfigurationError, DeadlineExceededError, TalonClient
from tests.security.leaks import leakable_text
from tests.transport.server import http_response, reply_always, serving
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, client_of, settled
from tests.transport.test_tls import server_side, trusting

OK = http_response()


@attrs.define
class Loader:
    """Stands in for `httpx.create_ssl_context`, and holds each load until it is released.

    Attributes:
        context: What it loads.
        error: What it raises instead.
        started: The number of loads.
        released: Ends the loads when set; a load on the event loop would wait for it in vain.
    """

    context: ssl.SSLContext
    error: Exception | None = None
    started: int = 0
    released: threading.Event = attrs.field(factory=threading.Event)

    def __call__(self) -> ssl.SSLContext:
        """Load the context."""
        self.started += 1
        assert self.released.wait(timeout=5), "the event loop is held up"
        if self.error is not None:
            raise self.error
        return self.context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that only the loader trusts."""
    return trustme.CA()


@pytest.fixture
def loader(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loader]:
    """The loader, in place of httpx's."""
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    loader = Loader(trusting(authority))
    monkeypatch.setattr(httpx, "create_ssl_context", loader)
    yield loader
    loader.released.set()


async def test_a_deadline_ends_a_call_that_waits_for_certificates(loader: Loader) -> None:
    """While certificates are loaded, a call ends by its deadline, with nothing sent."""
    async with TalonClient("https://shop.invalid", api_key=KEY, deadline=0.05) as talon:
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.update("cart-1", SESSION)
    assert loader.started == 1
    assert not loader.released.is_set()
    assert caught.value.sent is False


async def test_first_calls_share_one_load(loader: Loader, authority: trustme.CA) -> None:
    """Concurrent first calls load certificates once; cancelling the first call does not harm the others."""
    async with (
        serving(*[[reply_always(OK)]] * 3, tls=server_side(authority, "127.0.0.1")) as server,
        client_of(server, retry=ONE_ATTEMPT) as talon,
    ):
        first, *others = [asyncio.create_task(talon.sessions.get(f"cart-{n}")) for n in range(3)]
        await settled()
        first.cancel()
        await settled()
        assert first.cancelled()
        assert not any(call.done() for call in others)
        loader.released.set()
        await asyncio.gather(*others)
        await talon.sessions.get("cart-7")
    assert loader.started == 1
    assert {request.target for request in server.requests} == {
        f"/v2/customer_sessions/cart-{number}" for number in (1, 2, 7)
    }


async def test_a_load_outlives_the_calls_that_wait_for_it(loader: Loader, authority: trustme.CA) -> None:
    """Calls with a deadline shorter than the load fail, but the next one does not load again."""
    async with (
        serving([reply_always(OK)], tls=server_side(authority, "127.0.0.1")) as server,
        client_of(server) as talon,
    ):
        with pytest.raises(DeadlineExceededError):
            await talon.with_options(deadline=0.02).sessions.get("cart-1")
        loader.released.set()
        await talon.sessions.get("cart-2")
    assert loader.started == 1


async def test_a_failed_load_fails_all_calls_that_wait_for_it(
    loader: Loader, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call gets an error of its own that names the variable; the next call loads again."""
    monkeypatch.setenv("SSL_CERT_FILE", "/gone.pem")
    loader.error = FileNotFoundError(2, "No such file or directory")
    async with (
        serving([reply_always(OK)], tls=server_side(authority, "127.0.0.1")) as server,
        client_of(server) as talon,
    ):
        calls = [asyncio.create_task(talon.sessions.get(f"cart-{n}")) for n in range(2)]
        await settled()
        loader.released.set()
        errors = await asyncio.gather(*calls, return_exceptions=True)
        for error in errors:
            assert isinstance(error, ConfigurationError)
            assert str(error).startswith("SSL_CERT_FILE: expected a file of certificates in PEM format at ")
            assert KEY not in leakable_text(error)
        assert errors[0] is not errors[1]
        loader.error = None
        await talon.sessions.get("cart-7")
    assert loader.started == 2


async def test_closing_does_not_wait_for_certificates(
    loader: Loader, caplog: pytest.LogCaptureFixture
) -> None:
    """Closing while certificates are loaded ends the call; a load that fails later is not logged."""
    loader.error = OSError("too late")
    talon = TalonClient("https://shop.invalid", api_key=KEY)
    call = asyncio.create_task(talon.sessions.get("cart-1"))
    await settled()
    await talon.aclose()
    assert not loader.released.is_set()
    assert call.done()
    assert "the client was closed" in str(call.exception())
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    assert tasks == set()
    loader.released.set()
    await asyncio.get_running_loop().shutdown_default_executor()
    await settled()
    gc.collect()  # a future whose exception nobody has seen logs it now
    assert not caplog.records
