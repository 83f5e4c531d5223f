"""Concurrent callers that sometimes cancel their calls, and record the outcome of each call."""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final, Literal

import anyio
import attrs

from talon_async import (
    Attempt,
    CallError,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    NewCustomerSessionV2,
    ResponseDecodeError,
    TalonClient,
    Timeout,
)
from talon_async._transport.keyed_queue import KeyedQueue
from tests.transport.support import KEY, rewired

Outcome = Literal["in flight", "done", "unsent", "unknown", "cancelled"]
"""Whether a call was applied, as far as its caller knows."""

# All of them lock the customer's profile; the last one has no Idempotency-Key.
_CALLS: Final[tuple[Callable[[TalonClient, str], Awaitable[object]], ...]] = (
    lambda talon, customer: talon.sessions.update(
        f"cart-of-{customer}", NewCustomerSessionV2(profile_id=customer)
    ),
    lambda talon, customer: talon.profiles.update(customer, CustomerProfileIntegrationRequestV2()),
    lambda talon, customer: talon.events.track(
        IntegrationEventV2Request(type="Seen", profile_id=customer), silent=False
    ),
    lambda talon, customer: talon.loyalty.profiles(7, customer).join(),
)


@attrs.frozen(kw_only=True)
class Plan:
    """The parameters of a soak.

    Attributes:
        calls: The number of calls.
        workers: The number of concurrent callers.
        customers: The number of customers; every tenth call is for one of ten.
        seed: The seed of all randomness.
        faults: The share of requests that meet a fault.
        cancelled: The share of calls that are cancelled, and the share with a short deadline.
        patience: The longest time before a cancellation or deadline, in seconds.
        timeout: The read timeout, in seconds; late requests take longer than that.
        sleep: How to wait before a retry.
    """

    calls: int = 100_000
    workers: int = 200
    customers: int = 1000
    seed: int = 7
    faults: float = 0.05
    cancelled: float = 0.02
    patience: float = 0.2
    timeout: float = 1.0
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep


@attrs.define
class Callers:
    """The records of the callers.

    Attributes:
        outcomes: The outcomes of each customer's calls, by call number.
        errors: How often each class of error was raised.
        retries: The number of attempts followed by another.
        seconds: The duration of each call.
        started: When the first call started.
        duration: The total duration, in seconds.
        resident: The memory in use after a tenth of the calls and at the end, in bytes.
        queues: The number of keys left in the queue.
        tasks: The number of tasks left.
        sockets: The number of additional files and sockets open at the end.
        records: The service's records.
    """

    outcomes: dict[str, list[Outcome]] = attrs.field(factory=lambda: defaultdict(list))
    errors: Counter[str] = attrs.field(factory=Counter)
    retries: int = 0
    seconds: "array[float]" = attrs.field(factory=lambda: array("d"))
    started_at: float = attrs.field(factory=time.perf_counter)
    duration: float = 0.0
    resident: list[int] = attrs.field(factory=list)
    queues: int = 0
    tasks: int = 0
    sockets: int = 0
    records: dict[str, Any] = attrs.field(factory=dict)

    def applied(self, customer: str) -> list[int]:
        """Return the numbers of a customer's calls in the order the service applied them."""
        applied: dict[str, list[int]] = self.records["applied"]
        return applied.get(customer, [])

    def count_retry(self, attempt: Attempt) -> None:
        """Count the attempts followed by a retry."""
        self.retries += attempt.delay is not None

    async def call(self, talon: TalonClient, plan: Plan, index: int) -> None:
        """Make one call and record its outcome."""
        chance = random.Random(f"{plan.seed}/{index}")  # noqa: S311  no secret
        customer = f"customer-{chance.randrange(10 if chance.random() < 0.1 else plan.customers)}"
        operation = chance.choice(_CALLS)
        outcomes = self.outcomes[customer]
        number = len(outcomes)
        outcomes.append("in flight")
        options = talon.with_options(headers={"X-Call": f"{customer}/{number}"})
        if chance.random() < plan.cancelled:
            options = options.with_options(deadline=chance.uniform(0.001, plan.patience))
        started = time.perf_counter()
        # No other task runs since the number was assigned, so numbers have the order of the calls.
        call = asyncio.ensure_future(operation(options, customer))
        if chance.random() < plan.cancelled:
            asyncio.get_running_loop().call_later(chance.uniform(0, plan.patience), call.cancel)
        await asyncio.wait({call})
        self.seconds.append(time.perf_counter() - started)
        outcomes[number] = self._outcome(call)

    def _outcome(self, call: "asyncio.Future[Any]") -> Outcome:
        if call.cancelled():
            self.errors["cancelled by the caller"] += 1
            return "cancelled"
        error = call.exception()
        if error is None:
            return "done"
        if not isinstance(error, CallError):
            raise error
        self.errors[f"{type(error).__name__}, {'sent' if error.sent else 'not sent'}"] += 1
        if isinstance(error, ResponseDecodeError):
            return "done"  # its status was a success
        return "unknown" if error.sent else "unsent"


async def soak(plan: Plan) -> Callers:
    """Make all calls of a plan."""
    before = _open_files()
    callers = Callers()
    async with _service(plan) as (port, records):
        talon = TalonClient(
            f"http://127.0.0.1:{port}",
            api_key=KEY,
            timeout=Timeout(read=plan.timeout),
            on_attempt=callers.count_retry,
        )
        queue = KeyedQueue()
        async with rewired(talon, sleep=plan.sleep, queue=queue) as talon:
            indexes = iter(range(plan.calls))

            async def work() -> None:
                for index in indexes:
                    await callers.call(talon, plan, index)
                    if index == plan.calls // 10:
                        callers.resident.append(_resident())

            async with asyncio.TaskGroup() as group:
                for _ in range(plan.workers):
                    group.create_task(work())
            callers.duration = time.perf_counter() - callers.started_at
            callers.queues = len(queue)
        callers.tasks = len(asyncio.all_tasks() - {asyncio.current_task()})
        callers.records = await records()
    callers.resident.append(_resident())
    callers.sockets = _open_files() - before
    return callers


@contextlib.asynccontextmanager
async def _service(plan: Plan) -> AsyncGenerator[tuple[int, Callable[[], Awaitable[dict[str, Any]]]], None]:
    """Run the service in another process; yield its port and a function that reads its records."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.soak.service"),
        *(str(plan.seed), str(plan.faults), str(plan.timeout * 1.2)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    output, input_ = process.stdout, process.stdin

    async def records() -> dict[str, Any]:
        input_.write(b"\n")
        found: dict[str, Any] = json.loads(await output.readline())
        return found

    try:
        yield int(await output.readline()), records
    finally:
        input_.close()
        await process.wait()


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))


def _resident() -> int:
    """The memory in use, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
