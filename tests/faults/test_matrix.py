"""Each operation meets each fault: the outcome, what the service did, and what is left over."""

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
from tests.faults.loop import HurriedLoop
from tests.faults.server import Fault, FaultyServer, Repeats, client_side, failing_server
from tests.transport.server import Received
from tests.transport.support import client_of, rewired
from tests.transport.test_retry_rules import RETRYABLE, RETRYABLE_WRITES

KEYED: Final = RETRYABLE_WRITES["recognized by its Idempotency-Key"]
"""Writes that the service does not repeat under the same ``Idempotency-Key``."""
ONCE: Final = CALLS.keys() - RETRYABLE
"""Writes that may never be sent again."""
CONTENDED: Final = {"updateCustomerSessionV2", "updateCustomerProfileV2", "trackEventV2"}
"""Writes whose 409 always tells of contention; that of `trackEventV3` does so in its text."""
REPEATED: Final[Mapping[Repeats, set[str]]] = {
    "always": set(CALLS),
    "where safe": CALLS.keys() - ONCE,
    "on contention": CONTENDED | {"trackEventV3"},
    "on any conflict": CONTENDED,
    "never": set(),
    "unsent": set(),  # and nothing was sent
}
"""Which operations are to be tried again."""
SILENT: Final = {operation_id for operation_id in CALLS if response_of(operation_id) is None}
"""Operations in whose answers there is nothing to read."""
SAMPLE: Final = ["getCustomerSession", "updateCustomerSessionV2", "trackEventV3", "createReferral"]
"""One operation of each kind: a read, a write under a key, one that is idempotent, one that is not."""
ONCE_CONNECTED: Final = {name: fault for name, fault in FAULTS.items() if fault.reception == "ordinary"}
"""What can go wrong after the handshake as well."""
DEADLINE: Final = 10.0


@attrs.frozen(kw_only=True)
class Scene:
    """The circumstances of a fault.

    Attributes:
        fault: The fault.
        lasting: Whether it strikes each attempt, and not the first alone.
        applied: Whether the service has applied the request when it strikes.
        tls: Whether over TLS.
    """

    fault: Fault
    lasting: bool
    applied: bool = False
    tls: bool = False


def scenes(faults: Mapping[str, Fault], *, tls: bool = False) -> Iterator[Any]:
    """Every fault in all circumstances that make a difference."""
    for name, fault in faults.items():
        for applied in fault.moments:
            for lasting in (False, True) if fault.repeats != "never" else (True,):
                words = (name, "applied" * applied, "lasting" * lasting)
                yield pytest.param(
                    Scene(fault=fault, lasting=lasting, applied=applied, tls=tls),
                    id=", ".join(filter(None, words)),
                )


def expected(operation_id: str, scene: Scene) -> tuple[type[CallError] | None, int]:
    """How a call is to end, `None` for success, and after how many attempts."""
    fault = scene.fault
    if fault.error is ResponseDecodeError and operation_id in SILENT:
        return None, 1
    if operation_id not in REPEATED[fault.repeats]:
        return fault.error, 1
    if scene.lasting:
        return fault.error, 3
    if scene.applied and operation_id == "trackEventV3":
        return ConflictError, 2  # the event is there already
    return None, 2


async def meet(operation_id: str, scene: Scene) -> None:
    """Make a call of an operation in a scene, and hold all that comes of it against what was promised."""
    loop = asyncio.get_running_loop()
    attempts: list[Attempt] = []
    call = CALLS[operation_id].minimal.call

    async def nap(seconds: float) -> None:
        if not scene.lasting:
            server.heal()
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
        async with rewired(client, clock=loop.time, sleep=nap, random=lambda: 0.5) as talon:
            if scene.fault.reuses:
                server.faulty = False
                await call(talon)
                server.faulty = True
                server.forget()
                attempts.clear()
            started = loop.time()
            result, error = await outcome(call(talon))
            assert loop.time() <= started + DEADLINE
            check_outcome(operation_id, scene, error, attempts)
            check_server(operation_id, scene, error, server, len(attempts))
            assert len(talon._pipeline.queue) == 0  # pyright: ignore[reportPrivateUsage]

            server.heal()
            server.forget()
            right = await call(talon)  # the client is well, and its one connection free
            assert error or result == right


async def outcome(call: Awaitable[object]) -> tuple[object, CallError | None]:
    """Wait for a call, and give its result or its error."""
    try:
        return await call, None
    except CallError as error:
        return None, error


def check_outcome(
    operation_id: str, scene: Scene, error: CallError | None, attempts: Sequence[Attempt]
) -> None:
    """The call succeeds, or fails with the right error, after as many attempts as are due."""
    kind, count = expected(operation_id, scene)
    assert (type(error) if error else None, len(attempts)) == (kind, count)
    assert all(attempt.delay >= scene.fault.delay for attempt in attempts if attempt.delay is not None)
    if error is None:
        return
    assert error.operation == operation_id
    assert error.attempts == count
    assert error.sent == (scene.fault.repeats not in ("always", "unsent"))
    if type(error) is scene.fault.error and isinstance(error, StatusError):
        assert error.status == scene.fault.status


def check_server(
    operation_id: str, scene: Scene, error: CallError | None, server: FaultyServer, attempts: int
) -> None:
    """The service saw each attempt that came through, and did no write twice that must not be."""
    struck = attempts if scene.lasting else 1
    through = attempts if scene.fault.reception == "ordinary" else attempts - struck
    resent = scene.fault.reuses and operation_id not in ONCE  # at once, on a new connection
    assert len(server.requests) == through + resent
    if operation_id in KEYED:
        assert len({*map(idempotency_key, server.requests)}) == min(1, through)
    if operation_id in KEYED | ONCE | {"trackEventV3"}:
        assert server.ledger.total() == (error is None or scene.applied)
    assert not server.released.is_set(), "the client took 100 MB"


def idempotency_key(request: Received) -> str:
    """The key of a request."""
    (key,) = request.all("idempotency-key")
    return key


def meet_all(operations: Collection[str], scene: Scene) -> None:
    """Let each of the operations meet a fault, all at once; in the end no task may be left."""

    async def meetings() -> None:
        results = await asyncio.gather(*(meet(each, scene) for each in operations), return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        for operation_id, result in zip(operations, results, strict=True):
            if isinstance(result, BaseException):
                result.add_note(f"It was {operation_id}.")
        if failures:
            raise BaseExceptionGroup("not as promised", failures)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(meetings())


@pytest.mark.parametrize("scene", [*scenes(FAULTS)])
def test_every_operation_meets_every_fault(scene: Scene) -> None:
    """Whatever goes wrong, a call ends in time with the right model or error, and no write happens twice."""
    meet_all(CALLS, scene)


@pytest.mark.parametrize("scene", [*scenes(ONCE_CONNECTED, tls=True)])
def test_every_kind_of_operation_meets_every_fault_over_tls(scene: Scene) -> None:
    """TLS changes nothing of that."""
    meet_all(SAMPLE, scene)


@pytest.mark.parametrize("scene", [*scenes(HANDSHAKES, tls=True)])
def test_every_operation_meets_every_failed_handshake(scene: Scene) -> None:
    """Nothing is sent to a server that is not certainly the service: any call may be tried again."""
    meet_all(CALLS, scene)


def test_by_default_100_megabytes_are_too_many() -> None:
    """Without a limit of the user's, an answer is given up after 64 MiB."""

    async def meeting() -> None:
        fault = FAULTS["100 MB, in chunks"]
        async with failing_server("getCustomerSession", fault, applies=True, tls=False) as server:
            async with client_of(server) as talon:
                _, error = await outcome(talon.sessions.get("cart-1"))
            assert isinstance(error, ResponseTooLargeError)
            assert error.limit == 64 * 1024 * 1024
            assert not server.released.is_set()

    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        runner.run(meeting())
