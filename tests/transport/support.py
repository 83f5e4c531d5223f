"""What the tests of this room share: clients, requests, and ports where nobody answers."""

import contextlib
import socket
from collections.abc import Generator
from typing import Any

import attrs
import httpx

from talon_async import CartItem, NewCustomerSessionV2, RetryPolicy, TalonClient
from tests.transport.server import SESSION_STATE, Server

KEY = "k3y-that-nobody-may-see"
ONE_ATTEMPT = RetryPolicy(attempts=1)
SESSION = NewCustomerSessionV2(
    profile_id="customer-7", cart_items=[CartItem(name="Sneakers", sku="S-1", quantity=1, price=99.0)]
)


def client_of(server: Server, **settings: Any) -> TalonClient:
    """Make a client of a scripted server."""
    return TalonClient(server.url, api_key=KEY, **settings)


def mocked(transport: httpx.AsyncBaseTransport | None = None, **settings: Any) -> TalonClient:
    """Make a client of no server at all, over a transport; by default one that answers every request."""
    transport = transport or httpx.MockTransport(lambda _: httpx.Response(200, content=SESSION_STATE))
    return TalonClient("https://shop.invalid", api_key=KEY, transport=transport, **settings)


def rewired(talon: TalonClient, **fields: Any) -> TalonClient:
    """Give a client another clock, sleep, randomness or source of keys, so that no test waits or guesses."""
    # The client has no setting for these, as users have no use for one.
    pipeline = talon._pipeline  # pyright: ignore[reportPrivateUsage]
    talon._pipeline = attrs.evolve(pipeline, **fields)  # pyright: ignore[reportPrivateUsage]
    return talon


@attrs.define
class Naps:
    """A sleep that takes no time and remembers how long it was to be."""

    taken: list[float] = attrs.field(factory=list)

    async def __call__(self, seconds: float) -> None:
        """Sleep, in name only."""
        self.taken.append(seconds)


@contextlib.contextmanager
def refusing() -> Generator[socket.socket, None, None]:
    """Hold a port on which every connection is refused, for as long as nobody listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


def url_of(held: socket.socket) -> str:
    """The address of a port that is held."""
    return f"http://127.0.0.1:{held.getsockname()[1]}"
