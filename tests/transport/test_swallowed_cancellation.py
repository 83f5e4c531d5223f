"""Transports that turn a cancellation into an error or a response of their own."""

import asyncio
import contextlib
from collections.abc import Callable

import httpx
import pytest

from talon_async import ClientClosedError, DeadlineExceededError, ServerError
from tests.transport.support import FakeSleep, mocked, rewired


def _read_error() -> httpx.Response:
    raise httpx.ReadError("interrupted")


class Swallowing(httpx.AsyncBaseTransport):
    """Waits until it is cancelled, and makes something of its own of a cancellation."""

    def __init__(self, outcome: Callable[[], httpx.Response]) -> None:
        self.outcome = outcome
        self.requests = 0
        self.began = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        """Wait for the cancellation; later requests are not expected and end immediately."""
        self.requests += 1
        if self.requests == 1:
            self.began.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
        return self.outcome()


async def test_an_error_made_of_the_deadline_is_the_deadline() -> None:
    """A call ends with `DeadlineExceededError` whatever error a transport makes of the cancellation."""
    transport = Swallowing(_read_error)
    async with mocked(transport, deadline=0.05) as talon:
        with pytest.raises(DeadlineExceededError) as caught:
            await talon.sessions.get("cart-1")
    assert (caught.value.sent, caught.value.attempts, transport.requests) == (True, 1, 1)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [(_read_error, ClientClosedError), (lambda: httpx.Response(503), ServerError)],
    ids=["error", "response"],
)
async def test_nothing_is_retried_after_closing(
    outcome: Callable[[], httpx.Response], expected: type[Exception]
) -> None:
    """A closed client sends nothing more, whatever a transport makes of the cancellation."""
    transport = Swallowing(outcome)
    talon = rewired(mocked(transport), sleep=(sleep := FakeSleep()))
    call = asyncio.ensure_future(talon.sessions.get("cart-1"))
    await transport.began.wait()
    await talon.aclose()
    with pytest.raises(expected):
        await call
    assert (transport.requests, sleep.delays) == (1, [])
