"""What the tests of this room share: clients, requests, and ports where nobody answers."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any

import attrs
import httpx

from talon_async import CartItem, NewCustomerSessionV2, RetryPolicy, TalonClient
from talon_async._codec.shapes import ListOf
from talon_async._operations import OPERATIONS
from tests.transport.server import SESSION_STATE, Server, Step, answer, send

KEY = "k3y-that-nobody-may-see"
ONE_ATTEMPT = RetryPolicy(attempts=1)
SESSION = NewCustomerSessionV2(
    profile_id="customer-7", cart_items=[CartItem(name="Sneakers", sku="S-1", quantity=1, price=99.0)]
)
# Far more than the sockets' buffers hold on both sides.
LARGE = NewCustomerSessionV2(
    cart_items=[CartItem(sku="S-1", quantity=1, attributes={"Note": "x" * 16_000}) for _ in range(1000)]
)


def client_of(server: Server, **settings: Any) -> TalonClient:
    """Make a client of a scripted server."""
    return TalonClient(server.url, api_key=KEY, **settings)


def mocked(transport: httpx.AsyncBaseTransport | None = None, **settings: Any) -> TalonClient:
    """Make a client of no server at all, over a transport; by default one that answers every request."""
    transport = transport or httpx.MockTransport(lambda _: httpx.Response(200, content=SESSION_STATE))
    return TalonClient("https://shop.invalid", api_key=KEY, transport=transport, **settings)


def reply_to(operation: str) -> Step:
    """Make a step that answers as barely as the operation can be."""
    return send(answer(b"[]" if isinstance(OPERATIONS[operation].response_shape, ListOf) else SESSION_STATE))


def rewired(talon: TalonClient, **fields: Any) -> TalonClient:
    """Give a client another clock, sleep, randomness or source of keys, so that no test waits or guesses."""
    # The client has no setting for these, as users have no use for one.
    pipeline = talon._pipeline  # pyright: ignore[reportPrivateUsage]
    talon._pipeline = attrs.evolve(pipeline, **fields)  # pyright: ignore[reportPrivateUsage]
    return talon


@attrs.define
class Clock:
    """A clock that stands still until it is moved on.

    Attributes:
        time: What it tells, in seconds.
    """

    time: float = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Move on."""
        self.time += seconds

    async def sleep(self, seconds: float) -> None:
        """Sleep, in name only."""
        self.move(seconds)


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


async def settled() -> None:
    """Let all tasks come as far as they can without the network."""
    for _ in range(30):
        await asyncio.sleep(0)
