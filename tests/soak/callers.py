"""Workers that call without end, give up now and then, and remember what came of each call."""

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

Outcome = Literal["under way", "done", "unsent", "unknown", "cancelled"]
"""What a caller knows: that its call was applied, that it was not, or neither."""

# All of them touch the customer's profile; the last one has no Idempotency-Key.
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
    """What a soak is made of.

    Attributes:
        calls: How many calls are made.
        workers: How many are under way at once.
        customers: How many customers they are for; every tenth call is for one of ten.
        seed: What all chance is drawn from.
        faults: The share of requests that meet a fault.
        given_up: The share of calls that are cancelled, and also of those with a short deadline.
        patience: The longest time before a caller gives up, in seconds.
        timeout: The read timeout, in seconds; late requests take longer than that.
        sleep: How to wait before a retry.
    """

    calls: int = 100_000
    workers: int = 200
    customers: int = 1000
    seed: int = 7
    faults: float = 0.05
    given_up: float = 0.02
    patience: float = 0.2
    timeout: float = 1.0
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep


@attrs.define
class Callers:
    """What the callers remember.

    Attributes:
        outcomes: What came of each customer's calls, by their numbers.
        errors: How often each class of error came.
        retries: How many attempts were followed by another.
        seconds: How long each call took.
        began: When the first call began.
        took: How long all of it took, in seconds.
        resident: The memory in use after a tenth of the calls and in the end, in bytes.
        queues: How many keys were left in the queue.
        tasks: How many tasks were left.
        sockets: How many files and sockets more were open in the end than in the beginning.
        books: The service's books.
    """

    outcomes: dict[str, list[Outcome]] = attrs.field(factory=lambda: defaultdict(list))
    errors: Counter[str] = attrs.field(factory=Counter)
    retries: int = 0
    seconds: "array[float]" = attrs.field(factory=lambda: array("d"))
    began: float = attrs.field(factory=time.perf_counter)
    took: float = 0.0
    resident: list[int] = attrs.field(factory=list)
    queues: int = 0
    tasks: int = 0
    sockets: int = 0
    books: dict[str, Any] = attrs.field(factory=dict)

    def applied(self, customer: str) -> list[int]:
        """The numbers of a customer's calls in the order in which the service applied them."""
        applied: dict[str, list[int]] = self.books["applied"]
        return applied.get(customer, [])

    def note_attempt(self, attempt: Attempt) -> None:
        """Count what is followed by a retry."""
        self.retries += attempt.delay is not None

    async def call(self, talon: TalonClient, plan: Plan, index: int) -> None:
        """Make one call and remember what came of it."""
        chance = random.Random(f"{plan.seed}/{index}")  # noqa: S311  no secret
        customer = f"customer-{chance.randrange(10 if chance.random() < 0.1 else plan.customers)}"
        operation = chance.choice(_CALLS)
        outcomes = self.outcomes[customer]
        number = len(outcomes)
        outcomes.append("under way")
        options = talon.with_options(headers={"X-Call": f"{customer}/{number}"})
        if chance.random() < plan.given_up:
            options = options.with_options(deadline=chance.uniform(0.001, plan.patience))
        started = time.perf_counter()
        # From the number to here nothing else runs, so that numbers have the order of the calls.
        call = asyncio.ensure_future(operation(options, customer))
        if chance.random() < plan.given_up:
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
            return "done"  # its status said so
        return "unknown" if error.sent else "unsent"


async def soak(plan: Plan) -> Callers:
    """Make all calls of a plan."""
    before = _open_files()
    callers = Callers()
    async with _service(plan) as (port, books):
        talon = TalonClient(
            f"http://127.0.0.1:{port}",
            api_key=KEY,
            timeout=Timeout(read=plan.timeout),
            on_attempt=callers.note_attempt,
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
            callers.took = time.perf_counter() - callers.began
            callers.queues = len(queue)
        callers.tasks = len(asyncio.all_tasks() - {asyncio.current_task()})
        callers.books = await books()
    callers.resident.append(_resident())
    callers.sockets = _open_files() - before
    return callers


@contextlib.asynccontextmanager
async def _service(plan: Plan) -> AsyncGenerator[tuple[int, Callable[[], Awaitable[dict[str, Any]]]], None]:
    """Run the service in a process of its own: its port, and what asks for its books."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.soak.service"),
        *(str(plan.seed), str(plan.faults), str(plan.timeout * 1.2)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told, asks = process.stdout, process.stdin

    async def books() -> dict[str, Any]:
        asks.write(b"\n")
        found: dict[str, Any] = json.loads(await told.readline())
        return found

    try:
        yield int(await told.readline()), books
    finally:
        asks.close()
        await process.wait()


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))


def _resident() -> int:
    """The memory in use, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
