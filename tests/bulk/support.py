"""Shared by the tests of jobs: clients of deployments in this process, and rows of one lane."""

import asyncio
import json
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Any
from zlib import crc32

import attrs
import httpx

from talon_async import TalonClient
from talon_async._transport.in_process import InProcessTransport
from talon_async.bulk import Job, Report
from talon_async.bulk._options import Options
from talon_async.bulk._run import execute
from talon_async.sandbox import Deployment, create_app
from tests.transport.support import Clock

FAST = 1e6
"""A rate that never makes a job wait."""


def in_process(deployment: Deployment, **settings: Any) -> TalonClient:
    """A client of a deployment in this process."""
    given: dict[str, Any] = {"api_key": deployment.api_key, **settings}
    return TalonClient("http://localhost", transport=InProcessTransport(create_app(deployment)), **given)


def responding(respond: Callable[[httpx.Request], httpx.Response]) -> TalonClient:
    """A client of a service that responds as a function says."""
    return TalonClient("https://shop.invalid", api_key="key", transport=httpx.MockTransport(respond))


def in_one_lane(number: int) -> list[str]:
    """Different customers of one lane, so that their rows go in one request."""
    names = (f"customer-{each}" for each in count())
    return list(islice((name for name in names if crc32(name.encode()) % 32 == 0), number))


def profile_rows(names: list[str], **attributes: Any) -> Iterator[dict[str, Any]]:
    """A row of a profile for each customer."""
    for name in names:
        yield {"integrationId": name, "attributes": {"Number": 1, **attributes}}


def ids_in(request: httpx.Request) -> list[str]:
    """The customers in a request of profiles."""
    return [profile["integrationId"] for profile in json.loads(request.content)["customerProfiles"]]


async def run_with_clock(talon: TalonClient, job: Job, clock: Clock, **options: Any) -> Report:
    """Run a job on a clock that moves only by its waiting."""

    async def sleep(seconds: float) -> None:
        for _ in range(5):  # what ends in the meantime, such as by a stop, does not move the clock
            await asyncio.sleep(0)
        clock.move(seconds)

    defaults: dict[str, Any] = {
        "rate": FAST,
        "in_flight": 32,
        "journal": None,
        "dead_letters": None,
        "on_progress": None,
        "patience": 300.0,
        "max_refused": 1000,
    }
    given = Options(**defaults | options)
    return await execute(talon, job, given, clock=clock, now=clock, sleep=sleep)


@attrs.define
class Slowly:
    """The sleep of a deployment's clock: it lets other tasks run instead of waiting."""

    async def __call__(self, seconds: float) -> None:
        """Let other tasks run, the longer the more often."""
        for _ in range(int(seconds * 1000)):
            await asyncio.sleep(0)
