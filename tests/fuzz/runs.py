"""Runs of spoilt answers: through `Operation.decode`, and over sockets through a client."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import attrs

from talon_async import TalonClient
from talon_async._codec.drift_reporter import DriftReporter
from tests.fuzz.check import BrokenPromiseError, check_answer, check_message, smallest
from tests.fuzz.messages import spoilt_message
from tests.fuzz.responses import spoilt_answer
from tests.transport.support import KEY, ONE_ATTEMPT


@attrs.define
class Run:
    """What came of a run.

    Attributes:
        outcomes: How often each came.
        breaches: The smallest answers that broke a promise: the name of the case, its bytes, and how.
    """

    outcomes: Counter[str] = attrs.field(factory=Counter)
    breaches: list[tuple[str, bytes, str]] = attrs.field(factory=list)

    def add(self, other: "Run") -> None:
        """Add what came of another run."""
        self.outcomes += other.outcomes
        self.breaches += other.breaches


def run_answers(seed: int, answers: int) -> Run:
    """Read spoilt answers, each as a client does by default and as a strict one does."""
    chance = random.Random(seed)  # noqa: S311  no secret
    run = Run()
    lenient, strict = DriftReporter(), DriftReporter(strict=True)
    for _ in range(answers):
        operation_id, status, body = spoilt_answer(chance)
        for mode, watch in (("default", lenient), ("strict", strict)):
            try:
                run.outcomes[f"{mode}: {check_answer(operation_id, status, body, watch)}"] += 1
            except BrokenPromiseError as breach:

                def is_broken(shorter: bytes, watch: DriftReporter = watch, how: str = _kind(breach)) -> bool:
                    try:
                        check_answer(operation_id, status, shorter, watch)  # noqa: B023  called at once
                    except BrokenPromiseError as other:
                        return _kind(other) == how
                    return False

                run.breaches.append((f"{operation_id}.{status}", smallest(body, is_broken), str(breach)))
    return run


def _kind(breach: BrokenPromiseError) -> str:
    return str(breach).partition(":")[0]


def run_messages(seed: int, messages: int, *, at_once: int = 20) -> Run:
    """Make calls that spoilt HTTP messages answer."""
    return asyncio.run(_run_messages(seed, messages, at_once))


async def _run_messages(seed: int, messages: int, at_once: int) -> Run:
    chance = random.Random(seed)  # noqa: S311  no secret
    run = Run()
    indexes = iter(range(messages))
    waiting: dict[str, bytes] = {}

    def forgotten(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        run.breaches.append(("loop", b"", str(context)))

    asyncio.get_running_loop().set_exception_handler(forgotten)
    async with (
        answering(waiting) as url,
        TalonClient(url, api_key=KEY, timeout=2, retry=ONE_ATTEMPT) as talon,
    ):

        async def call() -> None:
            for index in indexes:
                operation_id, message = spoilt_message(chance)
                waiting[str(index)] = message
                try:
                    outcome = await check_message(
                        operation_id, talon.with_options(headers={"X-Message": str(index)})
                    )
                    run.outcomes[f"socket: {outcome}"] += 1
                except BrokenPromiseError as breach:
                    run.breaches.append((operation_id, message, str(breach)))

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(call())
    return run


@contextlib.asynccontextmanager
async def answering(messages: dict[str, bytes]) -> AsyncGenerator[str, None]:
    """Serve messages, each once and as the end of its connection, by the ``X-Message`` that asks for them."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        fields = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:-1])
        await reader.readexactly(int(fields.get("content-length", "0")))
        with contextlib.suppress(OSError):
            writer.write(messages.pop(fields["x-message"]))
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
