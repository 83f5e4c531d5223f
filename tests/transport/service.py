"""A mock service that responds to each request when a test calls `end`."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import attrs
import httpx

from talon_async import TalonClient
from talon_async._transport.keyed_queue import KeyedQueue
from tests.transport.server import SESSION_STATE
from tests.transport.support import FakeSleep, mocked, rewired, settled

Call = Callable[[TalonClient], Coroutine[Any, Any, object]]


@attrs.define
class Service:
    """A mock service that responds to each request when a test calls `end`.

    Attributes:
        received: The names of the calls whose requests arrived, in order.
        queue: The client's queue.
        statuses: The statuses of the responses, by name; 200 by default.
    """

    received: list[str] = attrs.field(factory=list)
    queue: KeyedQueue = attrs.field(factory=KeyedQueue)
    statuses: dict[str, list[int]] = attrs.field(factory=dict)
    _released: dict[str, asyncio.Event] = attrs.field(factory=lambda: defaultdict(asyncio.Event))
    _calls: dict[str, "asyncio.Task[object]"] = attrs.field(factory=dict)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Handle a request."""
        name = request.headers["x-name"]
        self.received.append(name)
        await self._released[name].wait()
        statuses = self.statuses.get(name)
        return httpx.Response(statuses.pop(0) if statuses else 200, content=SESSION_STATE)

    async def begin(self, talon: TalonClient, **calls: Call) -> None:
        """Start calls one by one, and let each progress as far as it can."""
        for name, call in calls.items():
            named = talon.with_options(headers={"X-Name": name})
            self._calls[name] = asyncio.create_task(call(named))
            await settled()

    async def end(self, name: str) -> object:
        """Respond to a call and return its result, after all other calls progressed as far as they can."""
        self._released[name].set()
        await settled()
        return await self._calls[name]

    async def cancel(self, name: str) -> None:
        """Cancel a call."""
        self._calls[name].cancel()
        await settled()
        assert self._calls[name].cancelled()

    async def clear(self) -> None:
        """Cancel the calls that a failed test has left."""
        for call in self._calls.values():
            call.cancel()
        await asyncio.gather(*self._calls.values(), return_exceptions=True)


@asynccontextmanager
async def open_service(width: int | None = 1) -> AsyncGenerator[tuple[Service, TalonClient], None]:
    """Open a service and a client of it; at the end, the queue must be empty."""
    service = Service(queue=KeyedQueue(width))
    async with mocked(httpx.MockTransport(service.handle)) as talon:
        try:
            yield service, rewired(talon, queue=service.queue, sleep=FakeSleep())
        finally:
            await service.clear()
    assert len(service.queue) == 0
