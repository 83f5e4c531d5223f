"""Copies of clients."""

import copy
from collections.abc import Callable

import pytest

from talon_async import ClientStateError, TalonClient
from tests.transport.server import http_response, read, send, serving
from tests.transport.support import SESSION, client_of

OK = send(http_response())


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
async def test_a_copy_shares_the_connections(duplicate: Callable[[TalonClient], TalonClient]) -> None:
    """A copy, made before or after the first call, has the same connections: closing one closes all."""
    async with serving([read, OK, read, OK, read, OK]) as server, client_of(server) as talon:
        early = duplicate(talon)
        await talon.sessions.update("cart-1", SESSION)
        late = duplicate(talon)
        await early.sessions.update("cart-1", SESSION)
        await late.sessions.update("cart-1", SESSION)
        assert server.connections == 1
        await early.aclose()
        for client in (talon, late):
            with pytest.raises(ClientStateError, match="closed"):
                await client.sessions.update("cart-1", SESSION)
        await server.all_closed()
