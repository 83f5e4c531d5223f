"""Runs of mutated responses: through `Operation.decode`, and over sockets through a client."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import attrs

from talon_async import TalonClient
from talon_async._codec.drift_reporter import DriftReporter
from tests.fuzz.check import InvariantError, check_message, check_response, smallest
from tests.fuzz.messages import mutated_message
from tests.fuzz.responses import mutated_response
from tests.transport.support import KEY, ONE_ATTEMPT


@attrs.define
class Run:
    """The outcome of a run.

    Attributes:
        outcomes: How often each outcome occurred.
        violations: The smallest responses that violate the invariant: the case's name, its bytes, the reason.
    """

    outcomes: Counter[str] = attrs.field(factory=Counter)
    violations: list[tuple[str, bytes, str]] = attrs.field(factory=list)

    def add(self, other: "Run") -> None:
        """Add the outcome of another run."""
        self.outcomes += other.outcomes
        self.violations += other.violations


def run_responses(seed: int, responses: int) -> Run:
    """Decode mutated responses, each with a default client's and a strict client's reporter."""
    chance = random.Random(seed)  # noqa: S311  no secret
    run = Run()
    lenient, strict = DriftReporter(), DriftReporter(strict=True)
    for _ in range(responses):
        operation_id, status, body = mutated_response(chance)
        for mode, reporter in (("default", lenient), ("strict", strict)):
            try:
                run.outcomes[f"{mode}: {check_response(operation_id, status, body, reporter)}"] += 1
            except InvariantError as violation:

                def is_violation(
                    shorter: bytes, reporter: DriftReporter = reporter, how: str = _kind(violation)
                ) -> bool:
                    try:
                        check_response(operation_id, status, shorter, reporter)  # noqa: B023  called immediately
                    except InvariantError as other:
                        return _kind(other) == how
                    return False

                run.violations.append(
                    (f"{operation_id}.{status}", smallest(body, is_violation), str(violation))
                )
    return run


def _kind(violation: InvariantError) -> str:
    return str(violation).partition(":")[0]


def run_messages(seed: int, messages: int, *, concurrency: int = 20) -> Run:
    """Make calls that get mutated HTTP messages."""
    return asyncio.run(_run_messages(seed, messages, concurrency))


async def _run_messages(seed: int, messages: int, concurrency: int) -> Run:
    chance = random.Random(seed)  # noqa: S311  no secret
    run = Run()
    indexes = iter(range(messages))
    waiting: dict[str, bytes] = {}

    def unhandled(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        run.violations.append(("loop", b"", str(context)))

    asyncio.get_running_loop().set_exception_handler(unhandled)
    async with (
        serving_messages(waiting) as url,
        TalonClient(url, api_key=KEY, timeout=2, retry=ONE_ATTEMPT) as talon,
    ):

        async def call() -> None:
            for index in indexes:
                operation_id, message = mutated_message(chance)
                waiting[str(index)] = message
                try:
                    outcome = await check_message(
                        operation_id, talon.with_options(headers={"X-Message": str(index)})
                    )
                    run.outcomes[f"socket: {outcome}"] += 1
                except InvariantError as violation:
                    run.violations.append((operation_id, message, str(violation)))

        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(call())
    return run


@contextlib.asynccontextmanager
async def serving_messages(messages: dict[str, bytes]) -> AsyncGenerator[str, None]:
    """Serve messages, each once and as the end of its connection, by the ``X-Message`` of the request."""

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
