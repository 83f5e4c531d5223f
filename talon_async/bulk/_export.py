"""Exports: what the service knows of many customers, as a file."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from talon_async.bulk._export_kinds import Export
from talon_async.bulk._gate import Gate
from talon_async.bulk._options import Options, StrPath
from talon_async.bulk._patience import Patience, asked_wait
from talon_async.bulk._targets import open_target
from talon_async.bulk._values import MAX_EXAMPLES, JobStoppedError, Outcome, Progress, Report, first_error
from talon_async.bulk._verdicts import GateResult
from talon_async.client import TalonClient
from talon_async.config import RetryPolicy
from talon_async.errors import (
    BadRequestError,
    CallError,
    CircuitOpenError,
    InvalidRequestError,
    NotFoundError,
    RateLimitError,
    ServiceUnavailableError,
)

Customers: TypeAlias = "Iterable[str] | AsyncIterable[str] | StrPath"
"""Integration IDs of profiles, or the path of a file with one a line."""


async def export(
    talon: TalonClient,
    customers: Customers,
    what: Export,
    out: StrPath,
    *,
    rate: float = 40.0,
    in_flight: int = 32,
    on_progress: Callable[[Progress], None] | None = None,
    patience: float = 300.0,
) -> Report:
    """Write what the service knows of customers to a file, readable by its owner only.

    Customers may come in any order. A file that exists is replaced when the export is complete.

    Args:
        talon: The client.
        customers: Integration IDs of profiles, or the path of a file with one a line.
        what: What to export, such as `balances(1)`.
        out: The file: ``.csv`` or ``.jsonl``, also with ``.gz``, or ``.parquet``. Objects and arrays are JSON
            text in CSV and Parquet.
        rate: The most requests per second, evenly spaced.
        in_flight: The most requests in flight; fewer while the service does not handle more.
        on_progress: Called when a customer is complete.
        patience: How many seconds may pass without a success, before the export stops.

    Returns:
        The customers read, written as `applied`, and `refused`: those that do not exist.

    Raises:
        ConfigurationError: An argument is not valid.
        JobStoppedError: The export stopped before its end; no file was written.
        ClientStateError: The client is closed, or belongs to another event loop.
        OSError: A file cannot be read or written.
    """
    options = Options(
        rate=rate,
        in_flight=in_flight,
        journal=None,
        dead_letters=None,
        on_progress=on_progress,
        patience=patience,
        max_refused=1,
    )
    path = Path(out)
    part = path.with_name(f"{path.name}.part")
    target = open_target(path, part, what.columns, what.model)
    try:
        with contextlib.closing(target):
            exporter = _Exporter(talon, what, options, target.write)
            report = await exporter.run(_each(customers))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return report


async def _each(customers: Customers) -> AsyncIterator[str]:
    if isinstance(customers, AsyncIterable):
        async for customer in customers:
            yield customer
    elif isinstance(customers, (str, os.PathLike)):
        with open(customers, encoding="utf-8-sig") as lines:  # noqa: ASYNC230  lines are short
            for line in lines:
                if line.strip():
                    yield line.strip()
    else:
        for customer in customers:
            yield customer


class _Exporter:
    """Reads customers by several tasks, through one gate."""

    def __init__(
        self,
        talon: TalonClient,
        what: Export,
        options: Options,
        write: Callable[[Sequence[dict[str, Any]]], None],
    ) -> None:
        self._talon = talon.with_options(retry=RetryPolicy(attempts=1))
        self._what, self._options, self._write = what, options, write
        self._gate = Gate(rate=options.rate, in_flight=options.in_flight)
        self._patience = Patience(seconds=options.patience)
        self._turn = asyncio.Lock()
        self._started = time.monotonic()
        self._read = self._written = self._requests = self._refused = 0
        self._examples: list[Outcome] = []

    @property
    def report(self) -> Report:
        """The figures so far."""
        return Report(
            rows=self._read,
            applied=self._written,
            refused=self._refused,
            requests=self._requests,
            seconds=time.monotonic() - self._started,
            examples=tuple(self._examples),
        )

    async def run(self, customers: AsyncIterator[str]) -> Report:
        """Export all customers."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._options.in_flight):
                    tasks.create_task(self._work(customers))
        except BaseExceptionGroup as group:
            failure = first_error(group)
        else:
            return self.report
        if isinstance(failure, JobStoppedError):
            failure.report = self.report
        raise failure

    async def _work(self, customers: AsyncIterator[str]) -> None:
        while True:
            async with self._turn:
                customer = await anext(customers, None)
                if customer is None:
                    return
                self._read += 1
                number = self._read
            try:
                self._write(await self._rows_of(customer))
                self._written += 1
            except (BadRequestError, NotFoundError, InvalidRequestError) as error:
                self._refused += 1
                if len(self._examples) < MAX_EXAMPLES:
                    self._examples.append(Outcome(number, customer, "refused", "", str(error)))
            except CallError as error:
                raise JobStoppedError(f"the export stopped: {error}") from error
            self._report_progress()

    async def _rows_of(self, customer: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        more = True
        while more:
            page, more = await self._fetch(customer, len(rows))
            rows += page
            more = more and bool(page)
        return rows

    async def _fetch(self, customer: str, skip: int) -> tuple[list[dict[str, Any]], bool]:
        attempt = 0
        while True:
            attempt += 1
            result = await self._attempt(customer, skip)
            if not isinstance(result, ServiceUnavailableError):
                return result
            await self._patience.back_off(result, attempt)

    async def _attempt(
        self, customer: str, skip: int
    ) -> tuple[list[dict[str, Any]], bool] | ServiceUnavailableError:
        """Fetch a page when the gate admits it; return a failure after which to try again."""
        await self._gate.admit()
        self._requests += 1
        started, asked = time.monotonic(), None
        load: GateResult = "unknown"
        try:
            page = await self._what.fetch(self._talon, customer, skip)
        except ServiceUnavailableError as error:
            asked = asked_wait(error)
            if not isinstance(error, CircuitOpenError):
                load = "throttled" if isinstance(error, RateLimitError) else "failed"
            return error
        else:
            load = "ok"
            self._patience.renew()
            return page
        finally:
            self._gate.release(load, time.monotonic() - started, asked)

    def _report_progress(self) -> None:
        if self._options.on_progress is not None:
            gate = self._gate
            self._options.on_progress(
                Progress(report=self.report, rate=gate.rate, in_flight=gate.limit, fraction=None)
            )
