"""The client: configuration, lifecycle, and one attribute for each resource."""

import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar

import attrs
import httpx

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import parse
from talon_async._transport.breaker import Circuit
from talon_async._transport.budget import RetryBudget
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.pipeline import Pipeline, last_answer
from talon_async.config import (
    Attempt,
    CallOptions,
    CircuitBreaker,
    RetryPolicy,
    Settings,
    Timeout,
    settings_from_environment,
)
from talon_async.errors import ConfigurationError, Drift

if TYPE_CHECKING:
    from talon_async.resources.audiences import Audiences
    from talon_async.resources.campaigns import Campaigns
    from talon_async.resources.catalogs import Catalogs
    from talon_async.resources.coupons import Coupons
    from talon_async.resources.events import Events
    from talon_async.resources.loyalty import Loyalty
    from talon_async.resources.profiles import Profiles
    from talon_async.resources.referrals import Referrals
    from talon_async.resources.sessions import Sessions

P = ParamSpec("P")
R = TypeVar("R")


@attrs.frozen
class RawResponse(Generic[R]):
    """The answer to a call, with what stands around the model.

    Attributes:
        model: What the method returned.
        status: The HTTP status.
        headers: The header fields, with names in lower case.
        body: The body as it came, decompressed.
        attempts: How many attempts the call took.
        elapsed: How long the call took in all, in seconds.
    """

    model: R
    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int
    elapsed: float

    @property
    def json(self) -> Any:
        """The body as JSON; `None` if it is empty."""
        return parse(self.body) if self.body else None


class TalonClient:
    """An async client of one Application in Talon.One's Integration API.

    Open one for each event loop, use it for all calls, and close it, best with ``async with``. It may be
    shared by all tasks of the loop. Nothing is connected before the first call.

    Args:
        base_url: The deployment's address, such as ``https://yourbaseurl.talon.one``.
        api_key: An Integration API key of the Application.
        timeout: How long each phase of an attempt may take, in seconds: one number for all phases, or a
            `Timeout`.
        deadline: How long a call may take in all, its waits and attempts included, in seconds.
        max_connections: How many connections may be open at once.
        max_response_bytes: How large the body of an answer may be, decompressed.
        retry: How often, and after which waits, a failed attempt is repeated.
        circuit_breaker: When calls fail at once, since the service is down; without it, never.
        max_in_flight_per_key: How many calls that change the same session, or the same profile, may be under
            way at once; the others wait in line. The service refuses more than three with 409. `None`
            lets all go at once.
        strict: Whether an answer that drifts from the published contract is an error; for tests and
            canaries.
        on_drift: Is called with each `Drift`, once for each model, field and kind. Without it, and without
            `strict`, only drift that reading an answer meets anyway is found, and logged.
        on_attempt: Is called with an `Attempt` as each attempt ends; what it raises is logged.
        proxy: The address of a proxy that all requests go through.
        ssl_context: How the service's certificate is verified, for a CA of your own.
        allow_http: Whether ``http://`` is accepted for hosts other than loopback, though it sends the key
            in clear text.
        http_client: Your own client to send with; it is left open, and its connections, proxies and
            certificates are its own.
        transport: Your own httpx transport to send through, such as `httpx.MockTransport`.

    Raises:
        ConfigurationError: A setting cannot work; the message names it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str,
        timeout: Timeout | float | None = None,
        deadline: float = 10.0,
        max_connections: int = 100,
        max_response_bytes: int = 64 * 1024 * 1024,
        retry: RetryPolicy | None = None,
        circuit_breaker: CircuitBreaker | None = None,
        max_in_flight_per_key: int | None = 1,
        strict: bool = False,
        on_drift: Callable[[Drift], None] | None = None,
        on_attempt: Callable[[Attempt], None] | None = None,
        proxy: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        allow_http: bool = False,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if http_client is not None and transport is not None:
            raise ConfigurationError("http_client, transport: give one of them, not both")
        settings = Settings(
            base_url=base_url,
            api_key=api_key,
            timeout=timeout if timeout is not None else Timeout(),
            deadline=deadline,
            max_connections=max_connections,
            max_response_bytes=max_response_bytes,
            retry=retry or RetryPolicy(),
            circuit_breaker=circuit_breaker,
            max_in_flight_per_key=max_in_flight_per_key,
            strict=strict,
            on_drift=on_drift,
            on_attempt=on_attempt,
            proxy=proxy,
            ssl_context=ssl_context,
            allow_http=allow_http,
        )
        self._pipeline = Pipeline(
            settings=settings,
            http=HttpClientHolder(settings, http_client, transport),
            reporter=DriftReporter(strict=settings.strict, hook=settings.on_drift),
            queue=KeyedQueue(settings.max_in_flight_per_key),
            budget=RetryBudget(),
            circuit=Circuit(settings.circuit_breaker, time.monotonic),
        )

    @classmethod
    def from_env(cls, **settings: Any) -> Self:
        """Make a client for the deployment in ``TALON_BASE_URL`` with the key in ``TALON_API_KEY``.

        Args:
            **settings: Any other setting of `TalonClient`.

        Raises:
            ConfigurationError: One of the two is not set, or a setting cannot work.
        """
        base_url, api_key = settings_from_environment()
        return cls(base_url, api_key=api_key, **settings)

    @cached_property
    def sessions(self) -> "Sessions":
        """Customer sessions: carts, from the first item to the closed order and its returns."""
        from talon_async.resources.sessions import Sessions

        return Sessions(self._pipeline)

    @cached_property
    def profiles(self) -> "Profiles":
        """Customer profiles: the people behind the carts."""
        from talon_async.resources.profiles import Profiles

        return Profiles(self._pipeline)

    @cached_property
    def events(self) -> "Events":
        """Events: what customers do besides filling carts."""
        from talon_async.resources.events import Events

        return Events(self._pipeline)

    @cached_property
    def audiences(self) -> "Audiences":
        """Audiences: sets of customers that campaigns can be made for."""
        from talon_async.resources.audiences import Audiences

        return Audiences(self._pipeline)

    @cached_property
    def campaigns(self) -> "Campaigns":
        """Campaigns: the promotions that run."""
        from talon_async.resources.campaigns import Campaigns

        return Campaigns(self._pipeline)

    @cached_property
    def catalogs(self) -> "Catalogs":
        """Catalogs: the items that carts are filled from, and what they cost before."""
        from talon_async.resources.catalogs import Catalogs

        return Catalogs(self._pipeline)

    @cached_property
    def coupons(self) -> "Coupons":
        """Coupons: codes that customers hold, and who may use them."""
        from talon_async.resources.coupons import Coupons

        return Coupons(self._pipeline)

    @cached_property
    def loyalty(self) -> "Loyalty":
        """Loyalty programs: the points of customers and of cards."""
        from talon_async.resources.loyalty import Loyalty

        return Loyalty(self._pipeline)

    @cached_property
    def referrals(self) -> "Referrals":
        """Referrals: codes by which customers bring their friends."""
        from talon_async.resources.referrals import Referrals

        return Referrals(self._pipeline)

    def with_options(
        self,
        *,
        timeout: Timeout | float | None = None,
        deadline: float | None = None,
        retry: RetryPolicy | None = None,
        idempotency_key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Give the same client with other options for its calls; connections are shared, and so is closing.

        Args:
            timeout: How long each phase of an attempt may take, in seconds.
            deadline: How long a call may take in all, in seconds.
            retry: When a failed attempt is repeated.
            idempotency_key: Your own ``Idempotency-Key``, for the operations that document one; 1 to 255
                characters. It is for a single call: the service answers a second one like the first.
            headers: Header fields to send besides the client's own.

        Raises:
            InvalidRequestError: A key or header field cannot be sent.
        """
        given = {
            "timeout": timeout,
            "deadline": deadline,
            "retry": retry,
            "idempotency_key": idempotency_key,
            "headers": headers,
        }
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        options: CallOptions = attrs.evolve(self._pipeline.options, **changes)
        client = object.__new__(type(self))
        client._pipeline = attrs.evolve(self._pipeline, options=options)
        return client

    def with_raw_response(
        self, method: Callable[P, Coroutine[Any, Any, R]]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[R]]]:
        """Make a method give status, headers and body beside its model.

        ``raw = await talon.with_raw_response(talon.sessions.get)("cart-1")``

        Args:
            method: A method of a resource.
        """

        async def call(*args: P.args, **kwargs: P.kwargs) -> RawResponse[R]:
            answers: list[Any] = []
            token = last_answer.set(answers)
            try:
                model = await method(*args, **kwargs)
            finally:
                last_answer.reset(token)
            answer = answers[-1]
            return RawResponse(
                model, answer.status, answer.headers, answer.body, answer.attempts, answer.elapsed
            )

        return call

    async def aclose(self, *, drain: float = 0.0) -> None:
        """Close all connections; no call can be made after it.

        Calls that are under way, those in line or waiting for a retry included, fail with
        `ClientClosedError`, which says whether they were sent.

        Args:
            drain: How many seconds they are given to end by themselves before that.
        """
        await self._pipeline.http.aclose(drain)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._pipeline.settings.base_url}>"
