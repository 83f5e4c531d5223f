"""Each operation meets each fault: the outcome, the requests the service applied, and what is left open."""

import asyncio
from collections.abc import Awaitable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import anyio
import attrs
import pytest

from talon_async import (
    Attempt,
    CallError,
    ConflictError,
    ResponseDecodeError,
    ResponseTooLargeError,
    StatusError,
)
from tests.calls import CALLS
from tests.contract import response_of
from tests.faults.faults import FAULTS, HANDSHAKES
from tests.faults.loop import SimulatedClockLoop
from tests.faults.server import Fault, FaultyServer, Retries, client_side, failing_server
from tests.transport.server import Received
from tests.transport.support import client_of, rewired
from tests.transport.test_retry_rules import RETRYABLE, RETRYABLE_WRITES

KEYED: Final = RETRYABLE_WRITES["identified by its Idempotency-Key"]
"""Writes that the service applies once per ``Idempotency-Key``."""
UNSAFE: Final = CALLS.keys() - RETRYABLE
"""Writes that must not be retried once sent."""
CONCURRENCY_LIMITED: Final = {"updateCustomerSessionV2", "updateCustomerProfileV2", "trackEventV2"}
"""Writes whose 409 always means concurrent requests; for `trackEventV3` the text decides."""
RETRIED: Final[Mapping[Retries, set[str]]] = {
    "always": set(CALLS),
    "where safe": CALLS.keys() - UNSAFE,
    "if concurrent": CONCURRENCY_LIMITED | {"trackEventV3"},
    "on any conflict": CONCURRENCY_LIMITED,
    "never": set(),
    "unsent": set(),  # and nothing was sent
}
"""The operations to retry."""
SILENT: Final = {operation_id for operation_id in CALLS if response_of(operation_id) is None}
"""The operations whose responses have no body."""
SAMPLE: Final = ["getCustomerSession", "updateCustomerSessionV2", "trackEventV3", "createReferral"]
"""One operation of each kind: a read, a write with a key, an idempotent write, another write."""
AFTER_HANDSHAKE: Final = {name: fault for name, fault in FAULTS.items() if fault.reception == "ordinary"}
"""The faults that can also occur after a TLS handshake."""
DEADLINE: Final = 10.0


@attrs.frozen(kw_only=True)
class Scene:
    """The circumstances of a fault.

    Attributes:
        fault: The fault.
        lasting: Whether it affects each attempt, or only the first one.
        applied: Whether the service has applied the request when the fault occurs.
        tls: Whether the connection uses TLS.
    """

    fault: Fault
    lasting: bool
    applied: bool = False
    tls: bool = False


def scenes(faults: Mapping[str, Fault], *, tls: bool = False) -> Iterator[Any]:
    """Yield every fault in all circumstances that matter."""
    for name, fault in faults.items():
        for applied in fault.applied:
            for lasting in (False, True) if fault.retried != "never" else (True,):
                parts = (name, "applied" * applied, "lasting" * lasting)
                yield pytest.param(
                    Scene(fault=fault, lasting=lasting, applied=applied, tls=tls),
                    id=", ".join(filter(None, parts)),
                )


def expected(operation_id: str, scene: Scene) -> tuple[type[CallError] | None, int]:
    """The expected error of a call, `None` for success, and the number of attempts."""
    fault = scene.fault
    if fault.error is ResponseDecodeError and operation_id in SILENT:
        return None, 1
    if operation_id not in RETRIED[fault.retried]:
        return fault.error, 1
    if scene.lasting:
        return fault.error, 3
    if scene.applied and operation_id == "trackEventV3":
        return ConflictError, 2  # the first attempt created the event
    return None, 2


async def meet(operation_id: str, scene: Scene) -> None:
    """Make a call of an operation with a fault, and check its outcome, the server and what is left."""
    loop = asyncio.get_running_loop()
    attempts: list[Attempt] = []
    call = CALLS[operation_id].minimal.call

    async def on_sleep(seconds: float) -> None:
        if not scene.lasting:
            server.recover()
        await anyio.sleep(seconds)

    async with failing_server(operation_id, scene.fault, applies=scene.applied, tls=scene.tls) as server:
        client = client_of(
            server,
            timeout=2.0,
            deadline=DEADLINE,
            max_connections=1,
            max_response_bytes=1_000_000,
            ssl_context=client_side() if scene.tls else None,
            on_attempt=attempts.append,
        )
        async with rewired(client, clock=loop.time, sleep=on_sleep, random=lambda: 0.5) as talon:
            if scene.fault.reuses:
                server.faulty = False
                await call(talon)
                server.faulty = True
                server.reset()
                attempts.clear()
            started = loop.time()
            result, error = await outcome(call(talon))
            assert loop.time() <= started + DEADLINE
            check_outcome(operation_id, scene, error, attempts)
            check_server(operation_id, scene, error, server, len(attempts))
            assert len(talon._pipeline.queue) == 0  # pyright: ignore[reportPrivateUsage]

            server.recover()
            server.reset()
            expected_result = await call(talon)  # the client still works and its one connection is free
            assert error or result == expected_result


async def outcome(call: Awaitable[object]) -> tuple[object, CallError | None]:
    """Wait for a call and return its result or its error."""
    try:
        return await call, None
    except CallError as error:
        return None, error


def check_outcome(
    operation_id: str, scene: Scene, error: CallError | None, attempts: Sequence[Attempt]
) -> None:
    """Check that the call has the expected error and number of attempts."""
    kind, count = expected(operation_id, scene)
    assert (type(error) if error else None, len(attempts)) == (kind, count)
    assert all(attempt.delay >= scene.fault.delay for attempt in attempts if attempt.delay is not None)
    if error is None:
        return
    assert error.operation == operation_id
    assert error.attempts == count
    assert error.sent == (scene.fault.retried not in ("always", "unsent"))
    if type(error) is scene.fault.error and isinstance(error, StatusError):
        assert error.status == scene.fault.status


def check_server(
    operation_id: str, scene: Scene, error: CallError | None, server: FaultyServer, attempts: int
) -> None:
    """Check that the service got each attempt that reached it and applied no unsafe write twice."""
    failed = attempts if scene.lasting else 1
    arrived = attempts if scene.fault.reception == "ordinary" else attempts - failed
    resent = scene.fault.reuses and operation_id not in UNSAFE  # immediately, on a new connection
    assert len(server.requests) == arrived + resent
    if operation_id in KEYED:
        assert len({*map(idempotency_key, server.requests)}) == min(1, arrived)
    if operation_id in KEYED | UNSAFE | {"trackEventV3"}:
        assert server.ledger.total() == (error is None or scene.applied)
    assert not server.released.is_set(), "the client took 100 MB"


def idempotency_key(request: Received) -> str:
    """The idempotency key of a request."""
    (key,) = request.all("idempotency-key")
    return key


def meet_all(operations: Collection[str], scene: Scene) -> None:
    """Let all operations meet a fault concurrently; at the end, no task may be left."""

    async def meetings() -> None:
        results = await asyncio.gather(*(meet(each, scene) for each in operations), return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        for operation_id, result in zip(operations, results, strict=True):
            if isinstance(result, BaseException):
                result.add_note(f"operation: {operation_id}")
        if failures:
            raise BaseExceptionGroup("unexpected outcomes", failures)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with asyncio.Runner(loop_factory=SimulatedClockLoop) as runner:
        runner.run(meetings())


@pytest.mark.parametrize("scene", [*scenes(FAULTS)])
def test_every_operation_meets_every_fault(scene: Scene) -> None:
    """Under any fault, a call ends in time with the right model or error, and no write is applied twice."""
    meet_all(CALLS, scene)


@pytest.mark.parametrize("scene", [*scenes(AFTER_HANDSHAKE, tls=True)])
def test_every_kind_of_operation_meets_every_fault_over_tls(scene: Scene) -> None:
    """Over TLS, every fault has the same outcome."""
    meet_all(SAMPLE, scene)


@pytest.mark.parametrize("scene", [*scenes(HANDSHAKES, tls=True)])
def test_every_operation_meets_every_failed_handshake(scene: Scene) -> None:
    """Nothing is sent to an unverified server, so any call may be retried."""
    meet_all(CALLS, scene)


def test_responses_are_limited_to_64_mib_by_default() -> None:
    """By default, a response of more than 64 MiB is rejected."""

    async def meeting() -> None:
        fault = FAULTS["100 MB, in chunks"]
        async with failing_server("getCustomerSession", fault, applies=True, tls=False) as server:
            async with client_of(server) as talon:
                _, error = await outcome(talon.sessions.get("cart-1"))
            assert isinstance(error, ResponseTooLargeError)
            assert error.limit == 64 * 1024 * 1024
            assert not server.released.is_set()

    with asyncio.Runner(loop_factory=SimulatedClockLoop) as runner:
        runner.run(meeting())
