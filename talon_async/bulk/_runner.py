"""Runs a job: reads rows, sends chunks through the gate, isolates refused rows, and keeps the journal."""

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Literal

from talon_async._operations.operation import WireRequest
from talon_async._transport.caller import pipeline_of
from talon_async._transport.pipeline import Pipeline
from talon_async.bulk._chunks import Chunk, Chunker
from talon_async.bulk._context import Run
from talon_async.bulk._jobs import ROWS_PER_TURN
from talon_async.bulk._kinds import RESERVATIONS
from talon_async.bulk._patience import asked_wait
from talon_async.bulk._rows import Row
from talon_async.bulk._values import MAX_EXAMPLES, JobStoppedError, Outcome, Progress, Report, first_error
from talon_async.bulk._verdicts import Verdict, concerns_all, field_and_reason, rows_named, verdict_on
from talon_async.config import RetryPolicy
from talon_async.errors import CallError, StatusError


class Runner:
    """One run of a job.

    Args:
        run: What it stands on.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._kind = run.kind
        self._pipeline: Pipeline = pipeline_of(run.talon.with_options(retry=RetryPolicy(attempts=1)).profiles)
        self._lanes: dict[int, deque[Chunk]] = {}
        self._window = asyncio.Semaphore(run.kind.window)
        self._in_flight: dict[int, asyncio.Event] = {}
        self._started = run.clock()
        self._read = self._applied = self._refused = self._unknown = self._resumed = self._requests = 0
        self._examples: list[Outcome] = []

    @property
    def report(self) -> Report:
        """The figures so far."""
        return Report(
            rows=self._read,
            applied=self._applied,
            refused=self._refused,
            unknown=self._unknown,
            resumed=self._resumed,
            requests=self._requests,
            seconds=self._run.clock() - self._started,
            dead_letters=len(self._run.dead_letters or ()),
            examples=tuple(self._examples),
        )

    async def run(self, rows: AsyncIterator[Sequence[Row]]) -> Report:
        """Run the job to its end.

        Args:
            rows: Its rows, some at a time.

        Raises:
            JobStoppedError: It stopped before its end.
        """
        chunker = Chunker(self._kind)
        if self._run.keys_expired:
            self._expect_no_replays()
        try:
            async with asyncio.TaskGroup() as tasks:
                async for some in rows:
                    for row in some:
                        self._read += 1
                        for chunk in chunker.add(row):
                            await self._enqueue(chunk, tasks)
                    if self._read % ROWS_PER_TURN < len(some):
                        await asyncio.sleep(0)
                for chunk in chunker.rest():
                    await self._enqueue(chunk, tasks)
        except BaseExceptionGroup as group:
            failure = first_error(group)
        else:
            self._report_progress()
            return self.report
        if isinstance(failure, JobStoppedError):
            failure.report = self.report
        raise failure

    def _expect_no_replays(self) -> None:
        """Record what an earlier run may have sent under keys that the service has forgotten."""
        journal = self._run.journal
        if journal is not None and self._kind.replay == "key":
            for lane in range(self._kind.lanes):
                journal.intend(lane, journal.completed(lane))

    async def _enqueue(self, chunk: Chunk, tasks: asyncio.TaskGroup) -> None:
        journal = self._run.journal
        if journal is not None and chunk.number < journal.completed(chunk.lane):
            self._resumed += len(chunk.rows)
            return
        await self._window.acquire()
        waiting = self._lanes.get(chunk.lane)
        if waiting is None:
            waiting = self._lanes[chunk.lane] = deque()
            tasks.create_task(self._work(chunk.lane, waiting))
        waiting.append(chunk)

    async def _work(self, lane: int, waiting: deque[Chunk]) -> None:
        """Send the chunks of a lane one after another."""
        while waiting:
            await self._finish(waiting.popleft())
            self._window.release()
        del self._lanes[lane]

    async def _finish(self, chunk: Chunk) -> None:
        """Process a chunk; a request that must not be sent twice gets its end even if the job ends before."""
        if self._kind.replay != "never":
            return await self._process(chunk)
        processing = asyncio.ensure_future(self._process(chunk))
        try:
            await asyncio.shield(processing)
        except asyncio.CancelledError:
            if (ended := self._in_flight.get(chunk.lane)) is not None:
                await ended.wait()
            processing.cancel()
            await asyncio.wait([processing])
            if not processing.cancelled():
                processing.exception()  # the job has ended for another reason
            raise

    async def _process(self, chunk: Chunk) -> None:
        outcomes: list[Outcome] = []
        for row in chunk.rows:
            if row.problem is not None:
                self._fail(row, "refused", row.problem, outcomes)
        valid = [row for row in chunk.rows if row.problem is None]
        if self._is_unclear(chunk):
            await self._look_up(valid, "an earlier run ended while it was in flight", outcomes)
        else:
            await self._apply(chunk, valid, outcomes)
        if self._run.emit is not None:
            await self._run.emit(sorted(outcomes, key=lambda outcome: outcome.number))
        if self._run.journal is not None:
            self._run.journal.complete(chunk.lane, chunk.number)
        self._report_progress()

    def _is_unclear(self, chunk: Chunk) -> bool:
        """Whether an earlier run may have sent a chunk that must not be sent twice."""
        journal = self._run.journal
        return (
            journal is not None
            and self._kind.replay != "same"
            and journal.intended(chunk.lane) == chunk.number
        )

    async def _apply(self, chunk: Chunk, rows: list[Row], outcomes: list[Outcome]) -> None:
        """Send rows; where the service refuses some, send the others without them."""
        parts = [rows] if rows else []
        while parts:
            part = parts.pop()
            refusal = await self._send(chunk, part, outcomes)
            if refusal is None:
                continue
            named = rows_named(refusal, self._kind.list_name, len(part))
            if named:
                for index, detail in named.items():
                    self._fail(part[index], "refused", field_and_reason(refusal, detail), outcomes)
                rest = [row for index, row in enumerate(part) if index not in named]
                parts += [rest] if rest else []
            elif len(part) == 1 or concerns_all(self._kind.operation, refusal):
                for row in part:
                    self._fail(row, "refused", field_and_reason(refusal), outcomes)
            else:
                half = len(part) // 2
                parts += [part[half:], part[:half]]

    async def _send(self, chunk: Chunk, rows: list[Row], outcomes: list[Outcome]) -> StatusError | None:
        """Send rows until it is clear what became of them; return the refusal, if they are refused."""
        request = self._kind.request(rows)
        key = self._key(rows, request.content or b"")
        lock_keys = self._kind.lock_keys(rows)
        attempt = 0
        while True:
            attempt += 1
            failure, verdict = await self._attempt(chunk, request, lock_keys, key)
            if failure is None or verdict.meaning == "applied":
                self._succeed(rows, outcomes)
                return None
            if isinstance(failure, StatusError) and verdict.meaning == "refused":
                self._run.patience.renew()
                return failure
            if verdict.meaning == "stop":
                raise JobStoppedError(f"the job stopped: {failure}") from failure
            if verdict.meaning == "unclear" and self._kind.replay == "never":
                self._run.patience.check(failure)
                await self._look_up(rows, str(failure), outcomes)
                return None
            await self._run.patience.back_off(failure, attempt)

    async def _attempt(
        self, chunk: Chunk, request: WireRequest, lock_keys: tuple[str, ...], key: str
    ) -> tuple[CallError | None, Verdict]:
        """Send a request once, when the gate admits it; return how it failed, and what that means."""
        gate, clock = self._run.gate, self._run.clock
        await gate.admit()
        intended = self._intend(chunk)
        ended = asyncio.Event()
        if self._kind.replay == "never":
            self._in_flight[chunk.lane] = ended
        self._requests += 1
        started, failure, verdict = clock(), None, Verdict("unclear", "unknown")
        try:
            await self._pipeline.send(self._kind.operation, request, lock_keys, idempotency_key=key)
            verdict = verdict_on(self._kind, None)
        except CallError as error:
            failure, verdict = error, verdict_on(self._kind, error)
        finally:
            gate.release(verdict.load, clock() - started, asked_wait(failure))
            if intended and verdict.meaning not in ("applied", "unclear"):
                self._withdraw(chunk)
            self._in_flight.pop(chunk.lane, None)
            ended.set()
        return failure, verdict

    def _intend(self, chunk: Chunk) -> bool:
        """Record that a chunk is about to be sent that must not be sent twice; whether that is new."""
        journal = self._run.journal
        if journal is None or self._kind.replay != "never" or journal.intended(chunk.lane) == chunk.number:
            return False
        journal.intend(chunk.lane, chunk.number)
        return True

    def _withdraw(self, chunk: Chunk) -> None:
        """Record that nothing of the chunk was applied."""
        if self._run.journal is not None:
            self._run.journal.withdraw(chunk.lane)

    async def _look_up(self, rows: list[Row], reason: str, outcomes: list[Outcome]) -> None:
        """Find out which rows an unclear request applied, where the service can tell."""
        applied: set[str] = set()
        if rows and self._kind.operation is RESERVATIONS.operation:
            with contextlib.suppress(CallError):
                customers = await self._run.talon.coupons.reserved_customers(rows[0].group)
                applied = {customer.integration_id for customer in customers}
        self._succeed([row for row in rows if row.key in applied], outcomes)
        for row in rows:
            if row.key not in applied:
                self._fail(row, "unknown", ("", reason), outcomes)

    def _succeed(self, rows: Sequence[Row], outcomes: list[Outcome]) -> None:
        self._run.patience.renew()
        self._applied += len(rows)
        if self._run.emit is not None:
            outcomes += [Outcome(row.number, row.key, "applied") for row in rows]

    def _key(self, rows: Sequence[Row], body: bytes) -> str:
        """The idempotency key of a request: the same in each run of the job."""
        first = rows[0].number if rows[0].id is None else rows[0].id
        begin = f"{self._kind.name}\0{self._run.name}\0{first}\0{len(rows)}\0{rows[0].group}\0"
        return hashlib.sha256(begin.encode("utf-8", "replace") + body).hexdigest()

    def _fail(
        self, row: Row, status: Literal["refused", "unknown"], why: tuple[str, str], outcomes: list[Outcome]
    ) -> None:
        outcome = Outcome(row.number, row.key, status, *why)
        outcomes.append(outcome)
        if len(self._examples) < MAX_EXAMPLES:
            self._examples.append(outcome)
        if self._run.dead_letters is not None:
            self._run.dead_letters.add(outcome, row.source)
        if status == "unknown":
            self._unknown += 1
            return
        self._refused += 1
        if self._refused > (most := self._run.options.max_refused):
            raise JobStoppedError(f"the job stopped: more than {most} rows are refused; {outcome}")

    def _report_progress(self) -> None:
        if self._run.options.on_progress is None:
            return
        gate, fraction = self._run.gate, self._run.fraction()
        if fraction is not None and self._read:  # what is read is not yet complete
            complete = self._applied + self._refused + self._unknown + self._resumed
            fraction *= complete / self._read
        self._run.options.on_progress(
            Progress(report=self.report, rate=gate.rate, in_flight=gate.limit, fraction=fraction)
        )
