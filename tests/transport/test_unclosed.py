"""A client that was never closed, and what errors of connecting say."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Iterator

import pytest

from talon_async import ServiceConnectionError, TalonClient
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import KEY, ONE_ATTEMPT, SESSION, client_of, refusing, settled, url_of

OK = send(http_response())


@pytest.fixture(autouse=True)
def _only_the_garbage_of_the_test() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def _drop(clients: list[TalonClient]) -> None:
    clients.clear()
    gc.collect()


async def test_a_client_that_was_not_closed_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """The one warning and the one line in the log name `TalonClient`, and the connection is closed."""
    async with serving([read, OK]) as server:
        clients = [client_of(server)]
        await clients[0].sessions.update("cart-1", SESSION)
        with pytest.warns(ResourceWarning) as caught:
            _drop(clients)
        await server.all_closed()
    assert [str(warning.message) for warning in caught] == [
        "unclosed TalonClient: use 'async with', or 'await client.aclose()'"
    ]
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert lines == ["unclosed TalonClient: use 'async with', or 'await client.aclose()'"]


async def test_a_client_that_made_no_call_needs_no_closing() -> None:
    """Without a call there is nothing to close, and no warning, which would be an error here."""
    talon = TalonClient("https://shop.invalid", api_key=KEY)
    del talon
    gc.collect()
    await settled()


async def test_a_client_that_was_closed_is_not_named() -> None:
    """A closed client ends without a warning."""
    async with serving([read, OK]) as server:
        async with client_of(server) as talon:
            await talon.sessions.update("cart-1", SESSION)
        del talon
        gc.collect()
        await asyncio.sleep(0)


async def test_a_call_and_a_resource_keep_a_temporary_client_alive() -> None:
    """A client that nothing else refers to is collected, and named, only when both are gone."""
    named: list[int] = []

    async def collect(_connection: object) -> None:
        gc.collect()
        named.append(len(caught))

    scripts = [read, collect, OK], [read, collect, OK, read, collect, OK]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with serving(*scripts) as server:
            await client_of(server).sessions.update("cart-1", SESSION)
            gc.collect()
            sessions = [client_of(server).sessions]
            for _ in range(2):
                await sessions[0].update("cart-1", SESSION)
            sessions.clear()
            gc.collect()
            await server.all_closed()
    assert named == [0, 1, 1]
    assert [str(warning.message) for warning in caught] == [
        "unclosed TalonClient: use 'async with', or 'await client.aclose()'"
    ] * 2
    assert (len(server.requests), server.connections) == (3, 2)


async def test_an_error_of_plain_http_does_not_speak_of_tls() -> None:
    """The text says where the client could not connect to and why, and no more."""
    with refusing() as held:
        url = url_of(held)
        async with TalonClient(url, api_key=KEY, retry=ONE_ATTEMPT) as talon:
            with pytest.raises(ServiceConnectionError) as caught:
                await talon.sessions.get("cart-1")
    place = url.removeprefix("http://")
    assert str(caught.value).startswith(f"getCustomerSession: ConnectError: cannot connect to {place}: ")
    assert "ssl" not in str(caught.value)
