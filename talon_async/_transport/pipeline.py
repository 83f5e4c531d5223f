"""The way of one call: written, in line for its customer, sent, tried again where that is safe, and read.

All of it happens within the call's deadline.

Above it stand the resources, which shape the arguments; beside it `engine`, which holds the sockets;
below it `operation`, which writes the request and reads the answer.
"""

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

import anyio
import attrs
import httpx

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._operations.operation import Operation, WireRequest
from talon_async._transport.aiohttp_transport import SENDING, WHOLE_BODY, AnswerTooLarge
from talon_async._transport.breaker import Circuit
from talon_async._transport.budget import RetryBudget
from talon_async._transport.call_state import CallState
from talon_async._transport.error_mapping import failure_of, hide_key, never_sent
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.retry import delay_before_retry, may_repeat
from talon_async._version import __version__
from talon_async.config import Attempt, CallOptions, Settings
from talon_async.errors import (
    CallError,
    CircuitOpenError,
    ResponseTooLargeError,
)

logger = logging.getLogger("talon_async.calls")

R = TypeVar("R")


@attrs.frozen
class Answer:
    """What came back for a call.

    Attributes:
        status: The HTTP status.
        headers: The header fields; names are found in any case.
        body: The body, decompressed.
        attempts: How many attempts it took.
        elapsed: How long the call took in all, in seconds.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int
    elapsed: float


last_answer: ContextVar[list[Answer] | None] = ContextVar("last_answer", default=None)
"""Where a caller that wants more than the model finds the answers of its calls that succeeded."""


@attrs.frozen(kw_only=True)
class Pipeline:
    """Makes calls with one set of options, over what all calls of a client share."""

    settings: Settings
    http: HttpClientHolder
    watch: DriftReporter
    queue: KeyedQueue
    budget: RetryBudget
    circuit: Circuit
    options: CallOptions = attrs.field(factory=CallOptions)
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = anyio.sleep
    random: Callable[[], float] = random.random
    new_key: Callable[[], str] = lambda: str(uuid.uuid4())

    async def call(self, operation: Operation[R], body: Any = None, /, **arguments: Any) -> R:
        """Make one call.

        Args:
            operation: The operation.
            body: The request body, if it has one.
            **arguments: Its path and query parameters.

        Raises:
            InvalidRequestError: The API would refuse the request; nothing was sent.
            ClientStateError: The client is closed, or belongs to another event loop.
            CallError: The call did not succeed.
        """
        request = operation.encode(body, **arguments)
        headers = self._headers(operation, request)
        deadline = self.options.deadline or self.settings.deadline
        scope = anyio.move_on_after(deadline)
        progress = CallState(operation.id, self.clock(), deadline, scope)
        self.http.enter(scope)
        try:
            with scope:
                async with self.queue.ticket(operation.keys_for(body, arguments)):
                    return await self._attempts(operation, request, headers, progress)
        finally:
            self.http.leave(scope)
        raise progress.ended()

    async def _attempts(
        self, operation: Operation[R], request: WireRequest, headers: httpx.Headers, progress: CallState
    ) -> R:
        self.budget.deposit()
        while True:
            admission = self.circuit.try_acquire()
            if admission is None:
                raise CircuitOpenError(
                    "not tried: too many attempts failed just before",
                    operation=operation.id,
                    sent=progress.sent,
                    attempts=progress.attempts,
                )
            progress.attempts += 1
            progress.attempt_started = self.clock()
            try:
                answer = await self._attempt(operation, request, headers, progress)
                model = operation.decode(answer.status, answer.body, headers=answer.headers, watch=self.watch)
            except CallError as failure:
                hide_key(failure, self.settings.api_key)
                failure.attempts, failure.sent = progress.attempts, progress.sent
                self.circuit.record(admission, failure)
                delay = self._delay_before_retry(operation, failure, progress)
                self._tell(operation, progress, failure, delay)
                if delay is None:
                    raise
            except BaseException:
                if progress.is_out_of_time():
                    ended = progress.ended()
                    self.circuit.record(admission, ended)
                    self._tell(operation, progress, ended, None)
                self.circuit.release(admission)
                raise
            else:
                self.circuit.record(admission, None)
                self._tell(operation, progress, None, None)
                # Those of failures may quote the key, and would show in a traceback with variables.
                answers = last_answer.get()
                if answers is not None:
                    answers.append(answer)
                return model
            await self.sleep(delay)

    async def _attempt(
        self, operation: Operation[R], request: WireRequest, headers: httpx.Headers, progress: CallState
    ) -> Answer:
        timeout = self.options.timeout or self.settings.timeout
        sent_before = progress.sent
        progress.sent = sent_before or not self.http.tells_sending
        try:
            response = await self.http.send(
                httpx.Request(
                    request.method,
                    self.settings.base_url + request.target,
                    headers=headers,
                    # Given a stream and all headers, httpx has nothing left to work out.
                    stream=httpx.ByteStream(request.content or b""),
                    extensions={"timeout": timeout.by_phase, SENDING: progress.sending},
                )
            )
            progress.last_status, progress.sent = response.status_code, True
            content = await self._read(response)
        except asyncio.CancelledError as cancelled:
            # The frames below hold the request, key and all; a traceback that shows variables would tell it.
            raise cancelled.with_traceback(None) from None
        except AnswerTooLarge:
            failure: CallError = ResponseTooLargeError(
                operation=operation.id, limit=self.settings.max_response_bytes
            )
        except httpx.RequestError as error:
            # Raised below, outside of this block: what is raised here would hold the request as well.
            failure = failure_of(error, operation.id)
            if never_sent(error):
                progress.sent = sent_before
        else:
            return self._answer(response, content, progress)
        try:
            raise failure
        finally:
            del failure  # which would hold this frame, and this frame it

    async def _read(self, response: httpx.Response) -> bytes:
        """Read a body, as far as it is not too large."""
        whole: bytes | None = response.extensions.get(WHOLE_BODY)
        if whole is not None:
            return whole
        limit = self.settings.max_response_bytes
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > limit:
                    raise AnswerTooLarge("the answer is too large")
        finally:
            await response.aclose()
        return bytes(body)

    def _answer(self, response: httpx.Response, content: bytes, progress: CallState) -> Answer:
        return Answer(
            response.status_code,
            response.headers,
            content,
            progress.attempts,
            self.clock() - progress.started,
        )

    def _delay_before_retry(
        self, operation: Operation[R], failure: CallError, progress: CallState
    ) -> float | None:
        """Decide whether there is to be another attempt: the seconds to wait for it, `None` if not."""
        policy = self.options.retry or self.settings.retry
        if progress.attempts >= policy.attempts or not may_repeat(operation, failure):
            return None
        delay = delay_before_retry(policy, progress.attempts, failure, self.random, self.now())
        if delay >= progress.started + progress.deadline - self.clock() or not self.budget.try_withdraw():
            return None
        return delay

    def _tell(
        self, operation: Operation[R], progress: CallState, error: CallError | None, delay: float | None
    ) -> None:
        """Tell the log and the hook of an attempt that has ended."""
        hook = self.settings.on_attempt
        if hook is None and not logger.isEnabledFor(logging.DEBUG):
            return
        attempt = Attempt(
            operation=operation.id,
            number=progress.attempts,
            elapsed=self.clock() - progress.attempt_started,
            status=progress.last_status if error is None else getattr(error, "status", None),
            error=error,
            delay=delay,
        )
        logger.debug("%s", str(attempt))  # the error in it quotes the answer
        if hook is not None:
            try:
                hook(attempt)
            except Exception:
                # A checkout must not fail over a metric.
                logger.exception("the attempt hook failed")

    def _headers(self, operation: Operation[R], request: WireRequest) -> httpx.Headers:
        fields = {
            "accept": "application/json",
            "accept-encoding": "gzip, deflate",
            "user-agent": f"talon-async/{__version__}",
            **{name.lower(): value for name, value in self.options.headers.items()},
            # An `httpx.Headers` hides this one in its repr, and so from tracebacks that show variables.
            "authorization": f"ApiKey-v1 {self.settings.api_key}",
            "host": self.settings.host,
        }
        if request.content is not None or request.method in ("POST", "PUT"):
            fields["content-length"] = str(len(request.content or b""))
        if request.content is not None:
            fields["content-type"] = "application/json"
        if operation.idempotency_key:
            fields["idempotency-key"] = self.options.idempotency_key or self.new_key()
        return httpx.Headers(fields)
