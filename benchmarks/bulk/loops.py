"""What is compared: a job, and a bare loop of calls with a fixed number in flight. Each runs in a worker."""

import asyncio
import functools
import itertools
import json
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import attrs

from benchmarks.server import Server

Kind: TypeAlias = Literal["profiles", "events"]

FAST: Final = 1e6
"""A rate that never makes a job wait."""


@attrs.frozen
class Turn:
    """The figures of one turn.

    Attributes:
        rate: Rows per second.
        microseconds: The client's CPU time per row.
        server: The share of its core that the server needed, in percent.
    """

    rate: float
    microseconds: float
    server: float


def control(server: Server, path: str, **given: Any) -> dict[str, int]:
    """Send a command to a server that keeps books; return what they say."""
    request = urllib.request.Request(server.base_url + path, json.dumps(given).encode(), method="PUT")
    with urllib.request.urlopen(request) as response:
        totals: dict[str, int] = json.load(response)
    return totals


def rows_of(kind: Kind, count: int, customers: int) -> Iterator[Any]:
    """Create rows as models, when they are read; customers take turns."""
    from talon_async import IntegrationEventV2Request, MultipleCustomerProfileIntegrationRequestItem

    for number in range(count):
        name = f"customer-{number % customers}"
        if kind == "events":
            yield IntegrationEventV2Request(
                profile_id=name, type="viewed", attributes={"Number": number, "Page": "sneakers"}
            )
        else:
            yield MultipleCustomerProfileIntegrationRequestItem(
                integration_id=name,
                attributes={
                    "Number": number,
                    "Email": f"{name}@shop.example",
                    "City": "Berlin",
                    "Age": number % 70 + 18,
                    "Newsletter": True,
                },
            )


def job(
    server: Server, kind: Kind, rows: int, customers: int, in_flight: int, journal: Path | None = None
) -> Turn:
    """Run a job."""
    return asyncio.run(
        _timed(server, functools.partial(_job, kind, rows, customers, in_flight, journal), rows)
    )


def bare(server: Server, kind: Kind, rows: int, customers: int, in_flight: int) -> Turn:
    """Send the same rows by ordinary calls, from a fixed number of tasks."""
    return asyncio.run(_timed(server, functools.partial(_bare, kind, rows, customers, in_flight), rows))


async def _timed(server: Server, send: Callable[[Any], Awaitable[None]], rows: int) -> Turn:
    from talon_async import TalonClient

    async with TalonClient(
        server.base_url, api_key="benchmark-key", deadline=60.0, max_connections=256
    ) as talon:
        busy, started, used = server.seconds(), time.perf_counter(), time.process_time()
        await send(talon)
        used, seconds = time.process_time() - used, time.perf_counter() - started
        served = (server.seconds() or 0.0) - (busy or 0.0)
    return Turn(rows / seconds, used / rows * 1e6, served / seconds * 100)


async def _job(
    kind: Kind, rows: int, customers: int, in_flight: int, journal: Path | None, talon: Any
) -> None:
    from talon_async import bulk

    made = bulk.profiles if kind == "profiles" else bulk.events
    work = made(rows_of(kind, rows, customers), name="benchmark")
    report = await bulk.run(talon, work, rate=FAST, in_flight=in_flight, journal=journal)
    assert report.applied == rows, report


async def _bare(kind: Kind, rows: int, customers: int, in_flight: int, talon: Any) -> None:
    given = rows_of(kind, rows, customers)

    async def send() -> None:
        if kind == "events":
            for event in given:
                await talon.events.track(event)
        else:
            while chunk := list(itertools.islice(given, 1000)):
                await talon.profiles.update_many(chunk)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(in_flight):
            tasks.create_task(send())
