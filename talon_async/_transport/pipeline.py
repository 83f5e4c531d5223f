"""Runs one API call: encode, queue per customer, send, retry if safe, decode.

Resources call it. Below it, `_operations` encodes requests and decodes responses, and `http_client` sends.
"""

import asyncio
import functools
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ParamSpec, TypeVar

import anyio
import attrs

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.unknown_members import UnknownMemberReporter
from talon_async._codec.value_checks import plain
from talon_async._operations.operation import Operation, WireRequest
from talon_async._transport.breaker import Circuit, Health, health_after
from talon_async._transport.budget import RetryBudget
from talon_async._transport.call_state import CallState
from talon_async._transport.content_coding import BodyTooLarge
from talon_async._transport.direct import HttpRequest
from talon_async._transport.error_mapping import error_for, never_sent
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.redaction import Redactor
from talon_async._transport.reporting import report_attempt, report_call
from talon_async._transport.retry import delay_before_retry, may_retry
from talon_async._transport.settings import Settings
from talon_async._version import __version__
from talon_async.config import CallOptions, check_idempotency_key
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    ResponseDecodeError,
    ResponseTooLargeError,
    TalonError,
)

P = ParamSpec("P")
R = TypeVar("R")


@attrs.define(eq=False)
class Response:
    """The response to a call.

    Attributes:
        status: The HTTP status.
        headers: The header fields; names are case-insensitive.
        body: The body, decompressed.
        attempts: How many attempts the call took.
        elapsed: How long the whole call took, in seconds.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int
    elapsed: float


def _random_uuid() -> str:
    """Create a UUID of version 4, in less than half of the time that `uuid` takes."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


@attrs.frozen(kw_only=True)
class Pipeline:
    """Makes calls with one set of options, on the state that all calls of a client share.

    Attributes:
        on_response: Called with the response of each successful call, before its model is returned.
    """

    settings: Settings
    http: HttpClientHolder
    reporter: DriftReporter
    unknown_members: UnknownMemberReporter
    queue: KeyedQueue
    budget: RetryBudget
    circuit: Circuit
    redactor: Redactor
    options: CallOptions = attrs.field(factory=CallOptions)
    on_response: Callable[[Response], None] | None = None
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    random: Callable[[], float] = random.random
    new_key: Callable[[], str] = _random_uuid

    def with_idempotency_key(self, key: str | None) -> "Pipeline":
        """Copy the pipeline for one call with a key of the user's own; without a key it stays as it is.

        Raises:
            InvalidRequestError: The key cannot be sent.
        """
        if key is None:
            return self
        check_idempotency_key(key)
        return attrs.evolve(self, new_key=lambda: str(plain(key)))

    async def call(self, operation: Operation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Make one call.

        Args:
            operation: The operation.
            *args: The request body, if it has one.
            **kwargs: Its path and query parameters.

        Raises:
            InvalidRequestError: The request is not valid; nothing was sent.
            ClientStateError: The client is closed, or belongs to another event loop, or there is none.
            CallError: The call failed.
        """
        request = operation.encode(*args, **kwargs)
        return await self.send(operation, request, operation.keys_for(args[0] if args else None, kwargs))

    async def send(
        self,
        operation: Operation[..., R],
        request: WireRequest,
        lock_keys: Sequence[str],
        *,
        idempotency_key: str | None = None,
    ) -> R:
        """Make one call with a request that is already encoded.

        Args:
            operation: The operation.
            request: Its request.
            lock_keys: What the call is queued for.
            idempotency_key: The key to send, where the operation has one (default: a new one).

        Raises:
            ClientStateError: The client is closed, or belongs to another event loop, or there is none.
            CallError: The call failed.
        """
        self.http.check_usable()
        if request.unknown_members:
            self.unknown_members.report(operation.id, request.unknown_members)
        deadline = self.options.deadline or self.settings.deadline
        timer = asyncio.timeout(deadline)
        state = CallState(operation.id, operation.retryable, self.clock(), deadline, timer)
        http_request = self._http_request(operation, request, state, idempotency_key)
        try:
            model = await self._run(operation, http_request, request.expects_body, lock_keys, state)
        except BaseException as error:
            report_call(self.settings.on_call, state, self.clock, error)
            raise
        report_call(self.settings.on_call, state, self.clock, None)
        return model

    async def _run(
        self,
        operation: Operation[..., R],
        request: HttpRequest,
        expects_body: bool,
        keys: Sequence[str],
        state: CallState,
    ) -> R:
        """Queue a call and attempt it, until its deadline or until the client is closed."""
        self.http.enter(state)
        try:
            async with state.timer, self.queue.ticket(keys):
                return await self._attempts(operation, request, expects_body, state)
        except CallTimeoutError:
            raise
        except TimeoutError:
            failure = state.error()
        finally:
            self.http.leave(state)
        try:
            raise failure
        finally:
            del failure  # which would hold this frame, and this frame it

    async def _attempts(
        self, operation: Operation[..., R], request: HttpRequest, expects_body: bool, state: CallState
    ) -> R:
        self.budget.deposit()
        while True:
            admission = self.circuit.try_acquire()
            if admission is None:
                raise state.circuit_open_error(self.circuit.retry_after)
            state.begin_attempt(self.clock())
            try:
                model = await self._attempt(operation, request, expects_body, state)
            except CallError as failure:
                failure.attempts, failure.sent = state.attempts, state.sent
                self.circuit.record(admission, self._health_after(failure, state))
                delay = self._delay_before_retry(operation, failure, state)
                report_attempt(self.settings.on_attempt, state, self.clock, failure, delay)
                if delay is None:
                    raise
            except BaseException:
                health: Health = "unknown"
                if state.is_out_of_time():
                    error = state.error()
                    health = self._health_after(error, state)
                    report_attempt(self.settings.on_attempt, state, self.clock, error, None)
                self.circuit.record(admission, health)
                raise
            else:
                self.circuit.record(admission, "up")
                report_attempt(self.settings.on_attempt, state, self.clock, None, None)
                return model
            await self.sleep(delay)

    async def _attempt(
        self, operation: Operation[..., R], request: HttpRequest, expects_body: bool, state: CallState
    ) -> R:
        response = await self._exchange(request, state)
        if not 200 <= response.status < 300:
            # Before it is decoded, so that neither the error nor a frame of its traceback holds the key.
            response = attrs.evolve(
                response,
                headers=self.redactor.headers(response.headers),
                body=self.redactor.body(response.body),
            )
        try:
            model = operation.decode(
                response.status,
                response.body,
                headers=response.headers,
                reporter=self.reporter,
                expects_body=expects_body,
            )
        except ResponseDecodeError as error:
            failure = self.redactor.decode_error(error)
        else:
            if self.on_response is not None:
                self.on_response(response)
            return model
        del response  # which may quote the key, and would show in a traceback with variables
        try:
            raise failure
        finally:
            del failure  # which would hold this frame, and this frame it

    async def _exchange(self, request: HttpRequest, state: CallState) -> Response:
        """Send a request once and read its response."""
        try:
            response = await self.http.exchange(request)
        except asyncio.CancelledError as cancelled:
            # The frames below hold the request with its key; a traceback with variables would show it.
            raise cancelled.with_traceback(None) from None
        except BodyTooLarge:
            failure: BaseException = ResponseTooLargeError(
                operation=state.operation, limit=self.settings.max_response_bytes
            )
        except (TalonError, AssertionError) as error:  # the latter is a mock's, for the test
            failure = error.with_traceback(None)
        except Exception as error:
            # Raised below, outside of this block: what is raised here would hold the request as well.
            failure = error_for(error, self.redactor.text(str(error)), state.operation)
            if never_sent(error):
                state.begin_phase("connect")
        else:
            state.last_status = response.status
            elapsed = self.clock() - state.started
            return Response(response.status, response.headers, response.body, state.attempts, elapsed)
        if state.timer.expired():
            failure = asyncio.CancelledError()  # of which the transport made an error of its own
        try:
            raise failure
        finally:
            del failure

    def _delay_before_retry(
        self, operation: Operation[..., R], failure: CallError, state: CallState
    ) -> float | None:
        """Decide whether to retry: the seconds to wait before it, `None` for no retry."""
        policy = self.options.retry or self.settings.retry
        if state.timer.expired() or not may_retry(operation, failure):
            return None
        if state.attempts >= policy.attempts:
            state.retry_limit = "attempts"
            return None
        delay = delay_before_retry(policy, state.attempts, failure, self.random, self.now())
        if delay >= state.started + state.deadline - self.clock():
            state.retry_limit = "deadline"
            return None
        if not self.budget.try_withdraw():
            state.retry_limit = "budget"
            return None
        return delay

    def _health_after(self, failure: CallError, state: CallState) -> Health:
        timeout = self.options.timeout or self.settings.timeout
        elapsed = self.clock() - state.attempt_started
        return health_after(failure, self.settings, timeout, state.phase, elapsed)

    def _http_request(
        self, operation: Operation[..., R], request: WireRequest, state: CallState, key: str | None
    ) -> HttpRequest:
        headers = self._fields.copy()
        if request.content is not None:
            headers["content-type"] = "application/json"
        if operation.idempotency_key:
            headers["idempotency-key"] = self.new_key() if key is None else key
        return HttpRequest(
            method=request.method,
            url=self.settings.base_url + request.target,
            headers=headers,
            content=request.content,
            timeout=(self.options.timeout or self.settings.timeout).by_phase,
            begin_phase=state.begin_phase,
            resendable=state.resendable,
            max_response_bytes=self.settings.max_response_bytes,
        )

    @functools.cached_property
    def _fields(self) -> dict[str, str]:
        """The header fields of every request."""
        return {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            "user-agent": f"talon-async/{__version__}",
            **{name.lower(): value for name, value in self.options.headers.items()},
            "authorization": f"ApiKey-v1 {self.settings.api_key}",
        }
