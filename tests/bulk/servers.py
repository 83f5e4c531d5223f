"""Simulated services of different kinds, and jobs that send them as much as a gate admits."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import attrs

from talon_async.bulk._gate import Gate

Response = Literal["ok", "throttled", "failed"]
Service = Callable[[], Awaitable[Response]]


def queueing(spread: random.Random) -> Service:
    """Twenty workers; further requests wait for one."""
    workers = asyncio.Semaphore(20)

    async def respond() -> Response:
        async with workers:
            await asyncio.sleep(0.1 * spread.uniform(0.7, 1.3))
        return "ok"

    return respond


def rate_limited(spread: random.Random, burst: float = 200) -> Service:
    """200 requests a second, from a token bucket; a 429 for the others."""
    now = asyncio.get_running_loop().time
    tokens, updated = burst, now()

    async def respond() -> Response:
        nonlocal tokens, updated
        tokens, updated = min(burst, tokens + (now() - updated) * 200), now()
        if tokens < 1:
            await asyncio.sleep(0.005)
            return "throttled"
        tokens -= 1
        await asyncio.sleep(0.05 * spread.uniform(0.5, 1.5))
        return "ok"

    return respond


def strictly_paced(spread: random.Random) -> Service:
    """A 429 for each request within 5 ms of the one before."""
    return rate_limited(spread, burst=1)


def _crowded(spread: random.Random, refusal: Response) -> Service:
    in_flight = 0

    async def respond() -> Response:
        nonlocal in_flight
        if in_flight >= 24:
            await asyncio.sleep(0.005)
            return refusal
        in_flight += 1
        try:
            await asyncio.sleep(0.1 * spread.uniform(0.5, 1.5))
        finally:
            in_flight -= 1
        return "ok"

    return respond


def throttles_beyond_24(spread: random.Random) -> Service:
    """A 429 for each request beyond 24 in flight."""
    return _crowded(spread, "throttled")


def fails_beyond_24(spread: random.Random) -> Service:
    """A 503 for each request beyond 24 in flight."""
    return _crowded(spread, "failed")


def slowing(spread: random.Random, best: Callable[[float], int] = lambda _: 30) -> Service:
    """Slower with each request in flight: the throughput is highest at 30 and falls beyond."""
    now = asyncio.get_running_loop().time
    began, in_flight = now(), 0

    async def respond() -> Response:
        nonlocal in_flight
        in_flight += 1
        try:
            await asyncio.sleep(
                0.05 * (1 + (in_flight / best(now() - began)) ** 2) * spread.uniform(0.7, 1.3)
            )
        finally:
            in_flight -= 1
        return "ok"

    return respond


def slowing_later(spread: random.Random) -> Service:
    """As before, but from second 20 the throughput is highest at 12."""
    return slowing(spread, lambda seconds: 60 if seconds < 20 else 12)


def down_for_20_s(spread: random.Random) -> Service:
    """Fails everything from second 20 to second 40."""
    now = asyncio.get_running_loop().time
    began = now()

    async def respond() -> Response:
        if 20 <= now() - began < 40:
            await asyncio.sleep(0.02)
            return "failed"
        await asyncio.sleep(0.1 * spread.uniform(0.7, 1.3))
        return "ok"

    return respond


def faulty(spread: random.Random) -> Service:
    """One request in twenty fails."""

    async def respond() -> Response:
        await asyncio.sleep(0.1 * spread.uniform(0.7, 1.3))
        return "failed" if spread.random() < 0.05 else "ok"

    return respond


class Admission(Protocol):
    """What admits requests."""

    async def admit(self) -> None:
        """Wait until a request may be sent."""

    def release(self, result: Response, seconds: float, /) -> None:
        """End a request."""


class FixedLimit:
    """A fixed number of requests in flight, without a pace."""

    def __init__(self, in_flight: int) -> None:
        self._slots = asyncio.Semaphore(in_flight)

    async def admit(self) -> None:
        """Wait for a slot."""
        await self._slots.acquire()

    def release(self, _result: Response, _seconds: float, /) -> None:
        """Free the slot."""
        self._slots.release()


def adaptive(rate: float = 1000, in_flight: int = 64) -> Gate:
    """Make a gate in the time of the running event loop."""
    return Gate(rate=rate, in_flight=in_flight, clock=asyncio.get_running_loop().time)


@attrs.define
class Tally:
    """What a job reached.

    Attributes:
        succeeded: The number of successes.
        ended: The requests that ended after the first 10 s.
        throttled: Those of them with a 429.
    """

    succeeded: int = 0
    ended: int = 0
    throttled: int = 0


async def job(
    admission: Callable[[], Admission],
    kind: Callable[[random.Random], Service],
    seed: int,
    seconds: float = 60,
) -> Tally:
    """Send requests for some seconds, from 128 tasks."""
    now = asyncio.get_running_loop().time
    began, tally = now(), Tally()
    gate, service = admission(), kind(random.Random(seed))  # noqa: S311

    async def send() -> None:
        while True:
            await gate.admit()
            admitted = now()
            response = await service()
            gate.release(response, now() - admitted)
            tally.succeeded += response == "ok"
            if now() - began > 10:
                tally.ended += 1
                tally.throttled += response == "throttled"

    tasks = [asyncio.create_task(send()) for _ in range(128)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return tally
