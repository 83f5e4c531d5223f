"""The way of one call: written, sent within its deadline, tried again where that is safe, and read.

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
from typing import Any, Final, TypeVar

import anyio
import attrs
import httpx

from talon_async._version import __version__
from talon_async.codec.watch import DriftWatch
from talon_async.config import CallOptions, Settings
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    DeadlineExceededError,
    ResponseTooLargeError,
    ServiceConnectionError,
    TimeoutPhase,
)
from talon_async.operation import Operation, WireRequest
from talon_async.transport.engine import SENDING, WHOLE_BODY, AnswerTooLarge
from talon_async.transport.retry import delay_before_retry
from talon_async.transport.shared import SharedHttp

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


@attrs.define
class Progress:
    """How far a call has come, for the error that may end it."""

    started: float
    attempts: int = 0
    sent: bool = False
    last_status: int | None = None

    def sending(self) -> None:
        """Note that a request begins to go out."""
        self.sent = True


last_answer: ContextVar[list[Answer] | None] = ContextVar("last_answer", default=None)
"""Where a caller that wants more than the model finds the answers of its calls."""


@attrs.frozen(kw_only=True)
class Pipeline:
    """Makes calls with one set of options, over the HTTP client that all of them share."""

    settings: Settings
    http: SharedHttp
    watch: DriftWatch
    options: CallOptions = attrs.field(factory=CallOptions)
    clock: Callable[[], float] = time.monotonic
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
        progress = Progress(self.clock())
        with anyio.move_on_after(deadline):
            return await self._attempts(operation, request, headers, progress)
        raise DeadlineExceededError(
            f"not done within {deadline} s",
            operation=operation.id,
            sent=progress.sent,
            attempts=progress.attempts,
            last_status=progress.last_status,
        )

    async def _attempts(
        self, operation: Operation[R], request: WireRequest, headers: httpx.Headers, progress: Progress
    ) -> R:
        policy = self.options.retry or self.settings.retry
        while True:
            progress.attempts += 1
            try:
                answer = await self._attempt(operation, request, headers, progress)
                return operation.decode(answer.status, answer.body, headers=answer.headers, watch=self.watch)
            except CallError as failure:
                failure.attempts = progress.attempts
                delay = delay_before_retry(policy, progress.attempts, failure, self.random)
                if delay is None:
                    raise
            await self.sleep(delay)

    async def _attempt(
        self, operation: Operation[R], request: WireRequest, headers: httpx.Headers, progress: Progress
    ) -> Answer:
        timeout = self.options.timeout or self.settings.timeout
        progress.sent = not self.http.tells_sending
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
            body = await self._read(response)
        except asyncio.CancelledError as cancelled:
            # The frames below hold the request, key and all; a traceback that shows variables would tell it.
            raise cancelled.with_traceback(None) from None
        except httpx.RequestError as error:
            # Raised below, outside of this block: what is raised here would hold the request as well.
            failure = self._failure(operation, error, progress)
        else:
            progress.last_status = response.status_code
            return self._answer(operation, response, body, progress)
        raise failure

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

    def _answer(
        self, operation: Operation[R], response: httpx.Response, body: bytes, progress: Progress
    ) -> Answer:
        elapsed = self.clock() - progress.started
        answer = Answer(response.status_code, response.headers, body, progress.attempts, elapsed)
        logger.debug(
            "%s: HTTP %d after %.3f s, attempt %d", operation.id, answer.status, elapsed, progress.attempts
        )
        answers = last_answer.get()
        if answers is not None:
            answers.append(answer)
        return answer

    def _failure(self, operation: Operation[R], error: httpx.RequestError, progress: Progress) -> CallError:
        if isinstance(error, AnswerTooLarge):
            return ResponseTooLargeError(operation=operation.id, limit=self.settings.max_response_bytes)
        sent = progress.sent and not isinstance(error, _NEVER_SENT)
        progress.sent = sent
        text = f"{type(error).__name__}: {error}"
        logger.debug("%s: %s, attempt %d", operation.id, type(error).__name__, progress.attempts)
        for kind, phase in _PHASES:
            if isinstance(error, kind):
                return CallTimeoutError(text, operation=operation.id, phase=phase, sent=sent)
        return ServiceConnectionError(text, operation=operation.id, sent=sent)

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


_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_PHASES: Final[tuple[tuple[type[httpx.RequestError], TimeoutPhase], ...]] = (
    (httpx.ConnectTimeout, "connect"),
    (httpx.ReadTimeout, "read"),
    (httpx.WriteTimeout, "write"),
    (httpx.PoolTimeout, "pool"),
)
