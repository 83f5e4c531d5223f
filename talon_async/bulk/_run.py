"""Runs jobs: `run`, `outcomes` and `check`."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Final

from talon_async.bulk._chunks import Chunker
from talon_async.bulk._context import Run
from talon_async.bulk._dead_letters import DeadLetters
from talon_async.bulk._gate import Gate
from talon_async.bulk._jobs import Job
from talon_async.bulk._journal import Journal
from talon_async.bulk._options import Options, StrPath
from talon_async.bulk._patience import Patience
from talon_async.bulk._runner import Runner
from talon_async.bulk._sources import opened
from talon_async.bulk._values import MAX_EXAMPLES, Outcome, Progress, Report
from talon_async.client import TalonClient

_KEYS_EXPIRE: Final = 24 * 3600.0
_OUTCOMES_AHEAD: Final = 64
"""How many chunks may complete before their outcomes are read."""


async def run(
    talon: TalonClient,
    job: Job,
    *,
    rate: float = 40.0,
    in_flight: int = 32,
    journal: StrPath | None = None,
    dead_letters: StrPath | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    patience: float = 300.0,
    max_refused: int = 1000,
) -> Report:
    """Run a job to its end.

    Args:
        talon: The client. Its hooks, timeouts and deadline apply to each request; the job retries by itself.
        job: The job.
        rate: The most requests per second, evenly spaced.
        in_flight: The most requests in flight; fewer while the service does not handle more.
        journal: A file that records what is complete. With it, running the same job again resumes it, also
            after the process was killed.
        dead_letters: A new file for the rows that are refused or unknown, readable by its owner only: CSV by
            the suffix ``.csv`` if the rows come with columns, else JSON lines.
        on_progress: Called when requests complete. An exception that it raises ends the job.
        patience: How many seconds may pass without a success, before the job stops.
        max_refused: How many rows may be refused, before the job stops.

    Raises:
        ConfigurationError: An argument is not valid, or the journal is of another job.
        JobStoppedError: The job stopped before its end; it can be resumed.
        ClientStateError: The client is closed, or belongs to another event loop.
        OSError: A file cannot be read or written.
    """
    options = Options(
        rate=rate,
        in_flight=in_flight,
        journal=journal,
        dead_letters=dead_letters,
        on_progress=on_progress,
        patience=patience,
        max_refused=max_refused,
    )
    return await execute(talon, job, options)


async def execute(
    talon: TalonClient,
    job: Job,
    options: Options,
    *,
    emit: Callable[[list[Outcome]], Awaitable[None]] | None = None,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Report:
    """Run a job.

    Args:
        talon: The client.
        job: The job.
        options: The options.
        emit: Called with the outcomes of each chunk; `None` if nobody reads them.
        clock: Returns the time, in seconds.
        now: Returns the time, in seconds since 1970.
        sleep: Waits for some seconds.
    """
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(opened(job.rows))
        job.plan(source)
        journal = letters = last_run = None
        if options.journal is not None:
            last_run = _last_change(options.journal)
        if options.dead_letters is not None:  # first, so that a refusal leaves no journal behind
            letters = DeadLetters(options.dead_letters, source.columns, resumed=last_run is not None)
            stack.callback(letters.close)
        if options.journal is not None:
            journal = Journal.open(options.journal, job.identity(source))
            stack.callback(journal.close)
        runner = Runner(
            Run(
                talon=talon,
                kind=job.kind,
                name=job.name,
                options=options,
                gate=Gate(rate=options.rate, in_flight=options.in_flight, clock=clock, sleep=sleep),
                patience=Patience(seconds=options.patience, clock=clock, now=now, sleep=sleep),
                journal=journal,
                keys_expired=last_run is not None and now() - last_run > _KEYS_EXPIRE,
                dead_letters=letters,
                fraction=source.fraction,
                emit=emit,
                clock=clock,
            )
        )
        async with contextlib.aclosing(job.read(source, keep=letters is not None)) as rows:
            return await runner.run(rows)


def _last_change(journal: Path) -> float | None:
    """When an earlier run last wrote to its journal, in seconds since 1970."""
    try:
        return journal.stat().st_mtime
    except FileNotFoundError:
        return None


async def outcomes(
    talon: TalonClient,
    job: Job,
    *,
    rate: float = 40.0,
    in_flight: int = 32,
    journal: StrPath | None = None,
    dead_letters: StrPath | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    patience: float = 300.0,
    max_refused: int = 1000,
) -> AsyncGenerator[Outcome, None]:
    """Run a job and yield what becomes of each row, as it becomes known.

    The job waits while outcomes are not read. Ending the iteration ends the job, which can be resumed; rows
    that an earlier run completed are not yielded again. The arguments and errors are those of `run`.

    Yields:
        The outcome of each row.
    """
    ready: asyncio.Queue[list[Outcome] | None] = asyncio.Queue()
    room = asyncio.Semaphore(_OUTCOMES_AHEAD)

    async def emit(completed: list[Outcome]) -> None:
        await room.acquire()
        ready.put_nowait(completed)

    options = Options(
        rate=rate,
        in_flight=in_flight,
        journal=journal,
        dead_letters=dead_letters,
        on_progress=on_progress,
        patience=patience,
        max_refused=max_refused,
    )
    running = asyncio.ensure_future(execute(talon, job, options, emit=emit))
    running.add_done_callback(lambda _: ready.put_nowait(None))
    try:
        while (completed := await ready.get()) is not None:
            room.release()
            for outcome in completed:
                yield outcome
        await running
    finally:
        running.cancel()
        with contextlib.suppress(BaseException):
            await running


def describe(job: Job) -> list[str]:
    """Describe where the columns of a job's rows go, a line for each column.

    Args:
        job: The job; of its rows only a file's header is read.

    Raises:
        ConfigurationError: A column has no place, or the file is not supported.
        OSError: The file cannot be read.
    """
    with opened(job.rows) as source:
        plan = job.plan(source)
    return [] if plan is None else plan.describe()


async def check(job: Job) -> Report:
    """Read and encode all rows, and send nothing.

    Args:
        job: The job. Its rows are used up, unless they are a file or a collection.

    Returns:
        The rows that are not valid as `refused`, the first ten as `examples`; the requests that the others
        take.

    Raises:
        ConfigurationError: A column of the rows has no place, or the file is not supported.
        OSError: The file cannot be read.
    """
    started = time.monotonic()
    rows = refused = requests = 0
    examples: list[Outcome] = []
    chunker = Chunker(job.kind)
    with opened(job.rows) as source:
        async with contextlib.aclosing(job.read(source, keep=False)) as read:
            async for some in read:
                for row in some:
                    rows += 1
                    if row.problem is not None:
                        refused += 1
                        if len(examples) < MAX_EXAMPLES:
                            examples.append(Outcome(row.number, row.key, "refused", *row.problem))
                    for chunk in chunker.add(row):
                        requests += chunk.is_sent
    requests += sum(chunk.is_sent for chunk in chunker.rest())
    return Report(
        rows=rows,
        refused=refused,
        requests=requests,
        seconds=time.monotonic() - started,
        examples=tuple(examples),
    )
