"""Shared helpers: clients, request bodies, clocks, and ports that refuse connections."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any, Final

import attrs
import httpx
import httpx2
import pytest

from talon_async import CartItem, NewCustomerSessionV2, RetryPolicy, TalonClient
from talon_async._codec.shapes import ListOf
from talon_async._operations import OPERATIONS
from talon_async._transport.http_family import HttpTransport
from tests.transport.server import SESSION_STATE, Server, Step, http_response, send

KEY = "k3y-that-nobody-may-see"
ONE_ATTEMPT = RetryPolicy(attempts=1)
LIBRARIES: Final = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
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


def mocked(transport: HttpTransport | None = None, **settings: Any) -> TalonClient:
    """Make a client over a mock transport, by default one that responds 200 to every request."""
    transport = transport or httpx.MockTransport(lambda _: httpx.Response(200, content=SESSION_STATE))
    return TalonClient("https://shop.invalid", api_key=KEY, transport=transport, **settings)


def reply_to(operation: str) -> Step:
    """Make a step that sends the operation's smallest response."""
    return send(
        http_response(b"[]" if isinstance(OPERATIONS[operation].response_shape, ListOf) else SESSION_STATE)
    )


def rewired(talon: TalonClient, **fields: Any) -> TalonClient:
    """Replace a client's clock, sleep, randomness or key source, so that tests are deterministic."""
    # The client has no setting for these: users do not need one.
    pipeline = talon._pipeline  # pyright: ignore[reportPrivateUsage]
    talon._pipeline = attrs.evolve(pipeline, **fields)  # pyright: ignore[reportPrivateUsage]
    return talon


@attrs.define
class Clock:
    """A clock that only moves when a test moves it.

    Attributes:
        time: The current time, in seconds.
    """

    time: float = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Advance the time."""
        self.time += seconds

    async def sleep(self, seconds: float) -> None:
        """Advance the time instead of sleeping."""
        self.move(seconds)


@attrs.define
class FakeSleep:
    """A sleep that returns immediately and records the requested delays."""

    delays: list[float] = attrs.field(factory=list)

    async def __call__(self, seconds: float) -> None:
        """Record the delay."""
        self.delays.append(seconds)


@contextlib.contextmanager
def refusing() -> Generator[socket.socket, None, None]:
    """Bind a port that refuses connections until a server listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


def url_of(held: socket.socket) -> str:
    """The URL of a bound port."""
    return f"http://127.0.0.1:{held.getsockname()[1]}"


async def settled() -> None:
    """Let all tasks progress as far as they can without the network."""
    for _ in range(30):
        await asyncio.sleep(0)
