"""Runs one API call: encode, queue per customer, send, retry if safe, decode.

Resources call it. Below it, `_operations` encodes requests and decodes responses, and `http_client` sends.
"""

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import ParamSpec, TypeVar

import anyio
import attrs
import httpx

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.value_checks import plain
from talon_async._operations.operation import Operation, WireRequest
from talon_async._transport.aiohttp_transport import PHASE, RESENDABLE, WHOLE_BODY
from talon_async._transport.breaker import Circuit, Health, health_after
from talon_async._transport.budget import RetryBudget
from talon_async._transport.call_state import CallState
from talon_async._transport.content_coding import BodyTooLarge
from talon_async._transport.error_mapping import error_for, never_sent
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.http_family import HttpResponse
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.redaction import Redactor
from talon_async._transport.retry import delay_before_retry, may_retry
from talon_async._transport.settings import Settings
from talon_async._version import __version__
from talon_async.config import Attempt, CallOptions, check_idempotency_key
from talon_async.errors import (
    CallError,
    CircuitOpenError,
    ResponseDecodeError,
    ResponseTooLargeError,
    TalonError,
)

logger = logging.getLogger("talon_async.calls")

P = ParamSpec("P")
R = TypeVar("R")


@attrs.frozen
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


@attrs.frozen(kw_only=True)
class Pipeline:
    """Makes calls with one set of options, on the state that all calls of a client share.

    Attributes:
        on_response: Called with the response of each successful call, before its model is returned.
    """

    settings: Settings
    http: HttpClientHolder
    reporter: DriftReporter
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
    new_key: Callable[[], str] = lambda: str(uuid.uuid4())

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
        self.http.check_usable()
        headers = self._headers(operation, request)
        deadline = self.options.deadline or self.settings.deadline
        scope = anyio.move_on_after(deadline)
        state = CallState(operation.id, operation.retryable, self.clock(), deadline, scope)
        self.http.enter(scope)
        try:
            with scope:
                async with self.queue.ticket(operation.keys_for(args[0] if args else None, kwargs)):
                    return await self._attempts(operation, request, headers, state)
        finally:
            self.http.leave(scope)
        raise state.error()

    async def _attempts(
        self, operation: Operation[..., R], request: WireRequest, headers: httpx.Headers, state: CallState
    ) -> R:
        self.budget.deposit()
        while True:
            admission = self.circuit.try_acquire()
            if admission is None:
                raise CircuitOpenError(
                    "not attempted: the circuit breaker is open after too many failed attempts",
                    operation=operation.id,
                    sent=state.sent,
                    attempts=state.attempts,
                )
            state.begin_attempt(self.clock())
            try:
                model = await self._attempt(operation, request, headers, state)
            except CallError as failure:
                failure.attempts, failure.sent = state.attempts, state.sent
                self.circuit.record(admission, self._health_after(failure, state))
                delay = self._delay_before_retry(operation, failure, state)
                self._report(operation, state, failure, delay)
                if delay is None:
                    raise
            except BaseException:
                health: Health = "unknown"
                if state.is_out_of_time():
                    error = state.error()
                    health = self._health_after(error, state)
                    self._report(operation, state, error, None)
                self.circuit.record(admission, health)
                raise
            else:
                self.circuit.record(admission, "up")
                self._report(operation, state, None, None)
                return model
            await self.sleep(delay)

    async def _attempt(
        self, operation: Operation[..., R], request: WireRequest, headers: httpx.Headers, state: CallState
    ) -> R:
        response = await self._exchange(request, headers, state)
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
                expects_body=request.expects_body,
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

    async def _exchange(self, request: WireRequest, headers: httpx.Headers, state: CallState) -> Response:
        """Send a request once and read its response."""
        family = self.http.family
        timeout = self.options.timeout or self.settings.timeout
        extensions = {"timeout": timeout.by_phase, PHASE: state.begin_phase, RESENDABLE: state.resendable}
        state.begin_phase("write")  # until our own transport, or an error, says otherwise
        try:
            response = await self.http.send(
                family.Request(
                    request.method,
                    self.settings.base_url + request.target,
                    headers=headers,
                    # Given a stream and all headers, httpx has nothing left to work out.
                    stream=family.ByteStream(request.content or b""),
                    extensions=extensions,
                )
            )
            state.last_status = response.status_code
            content = await self._read(response)
        except asyncio.CancelledError as cancelled:
            # The frames below hold the request with its key; a traceback with variables would show it.
            raise cancelled.with_traceback(None) from None
        except BodyTooLarge:
            failure: Exception = ResponseTooLargeError(
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
            elapsed = self.clock() - state.started
            return Response(response.status_code, response.headers, content, state.attempts, elapsed)
        try:
            raise failure
        finally:
            del failure

    async def _read(self, response: HttpResponse) -> bytes:
        """Read a body, up to the accepted size."""
        whole: bytes | None = response.extensions.get(WHOLE_BODY)
        if whole is not None:
            return whole
        limit = self.settings.max_response_bytes
        body = bytearray()
        if response.is_closed and not response.is_stream_consumed:
            return b""  # a hook raised before the body was read
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise BodyTooLarge(limit)
        finally:
            await response.aclose()
        return bytes(body)

    def _delay_before_retry(
        self, operation: Operation[..., R], failure: CallError, state: CallState
    ) -> float | None:
        """Decide whether to retry: the seconds to wait before it, `None` for no retry."""
        policy = self.options.retry or self.settings.retry
        if state.attempts >= policy.attempts or not may_retry(operation, failure):
            return None
        delay = delay_before_retry(policy, state.attempts, failure, self.random, self.now())
        if delay >= state.started + state.deadline - self.clock() or not self.budget.try_withdraw():
            return None
        return delay

    def _health_after(self, failure: CallError, state: CallState) -> Health:
        timeout = self.options.timeout or self.settings.timeout
        elapsed = self.clock() - state.attempt_started
        return health_after(failure, self.settings, timeout, state.phase, elapsed)

    def _report(
        self, operation: Operation[..., R], state: CallState, error: CallError | None, delay: float | None
    ) -> None:
        """Log an attempt that has ended, and call the hook."""
        hook = self.settings.on_attempt
        if hook is None and not logger.isEnabledFor(logging.DEBUG):
            return
        attempt = Attempt(
            operation=operation.id,
            number=state.attempts,
            elapsed=self.clock() - state.attempt_started,
            status=state.last_status if error is None else getattr(error, "status", None),
            error=error,
            delay=delay,
        )
        logger.debug("%s", str(attempt))  # not the attempt itself, whose error holds the response
        if hook is not None:
            try:
                hook(attempt)
            except Exception:
                # A checkout must not fail because of a metric.
                logger.exception("the on_attempt hook failed")

    def _headers(self, operation: Operation[..., R], request: WireRequest) -> httpx.Headers:
        fields = {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            "user-agent": f"talon-async/{__version__}",
            **{name.lower(): value for name, value in self.options.headers.items()},
            # `httpx.Headers` hides this one in its repr, and so in tracebacks that show variables.
            "authorization": f"ApiKey-v1 {self.settings.api_key}",
            "host": self.settings.host,
        }
        if request.content is not None or request.method in ("POST", "PUT"):
            fields["content-length"] = str(len(request.content or b""))
        if request.content is not None:
            fields["content-type"] = "application/json"
        if operation.idempotency_key:
            fields["idempotency-key"] = self.new_key()
        return httpx.Headers(fields)
