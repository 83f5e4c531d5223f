"""A service that takes requests in and answers each when a test tells it to."""

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
from tests.transport.support import Naps, mocked, rewired, settled

Call = Callable[[TalonClient], Coroutine[Any, Any, object]]


@attrs.define
class Service:
    """A service that takes each request in, and answers it when it is told to.

    Attributes:
        taken: The names of the calls whose requests came, in order.
        queue: The client's queue.
        statuses: What it answers, by name; 200 to all others.
    """

    taken: list[str] = attrs.field(factory=list)
    queue: KeyedQueue = attrs.field(factory=KeyedQueue)
    statuses: dict[str, list[int]] = attrs.field(factory=dict)
    _told: dict[str, asyncio.Event] = attrs.field(factory=lambda: defaultdict(asyncio.Event))
    _calls: dict[str, "asyncio.Task[object]"] = attrs.field(factory=dict)

    async def take(self, request: httpx.Request) -> httpx.Response:
        """Take a request in."""
        name = request.headers["x-name"]
        self.taken.append(name)
        await self._told[name].wait()
        statuses = self.statuses.get(name)
        return httpx.Response(statuses.pop(0) if statuses else 200, content=SESSION_STATE)

    async def begin(self, talon: TalonClient, **calls: Call) -> None:
        """Begin calls, one by one, and let each come as far as it can."""
        for name, call in calls.items():
            named = talon.with_options(headers={"X-Name": name})
            self._calls[name] = asyncio.create_task(call(named))
            await settled()

    async def end(self, name: str) -> object:
        """Answer a call, and give back what comes of it once all others came as far as they can."""
        self._told[name].set()
        await settled()
        return await self._calls[name]

    async def cancel(self, name: str) -> None:
        """Give up a call."""
        self._calls[name].cancel()
        await settled()
        assert self._calls[name].cancelled()

    async def clear(self) -> None:
        """Give up the calls that a test which failed has left."""
        for call in self._calls.values():
            call.cancel()
        await asyncio.gather(*self._calls.values(), return_exceptions=True)


@asynccontextmanager
async def open_service(width: int | None = 1) -> AsyncGenerator[tuple[Service, TalonClient], None]:
    """Open a service and a client of it; in the end nobody may stand in line."""
    service = Service(queue=KeyedQueue(width))
    async with mocked(httpx.MockTransport(service.take)) as talon:
        try:
            yield service, rewired(talon, queue=service.queue, sleep=Naps())
        finally:
            await service.clear()
    assert len(service.queue) == 0
