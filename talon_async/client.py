"""The client: settings, lifecycle, and one attribute per resource."""

import copy
import functools
import inspect
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

import attrs

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.unknown_members import UnknownMemberReporter
from talon_async._raw_response import RawResponse
from talon_async._transport.breaker import Circuit
from talon_async._transport.budget import RetryBudget
from talon_async._transport.caller import Caller, Resource, is_of, with_response_hook
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.pipeline import Pipeline, Response
from talon_async._transport.redaction import Redactor
from talon_async._transport.settings import ClientOptions, Settings, read_environment
from talon_async.config import CallOptions, CircuitState
from talon_async.errors import ConfigurationError, TalonError

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

__all__ = ["RawResponse", "TalonClient"]

P = ParamSpec("P")
R = TypeVar("R")
Owner = TypeVar("Owner")
Options = TypeVar("Options")


def _accepts(
    options: Callable[P, Options],
) -> Callable[[Callable[[Owner, Options], R]], Callable[Concatenate[Owner, P], R]]:
    """Give a method the parameters of an options class and pass it one value of that class.

    The class alone states names, types and defaults, for callers and type checkers.
    """

    def decorate(method: Callable[[Owner, Options], R]) -> Callable[Concatenate[Owner, P], R]:
        @functools.wraps(method)
        def accepting(owner: Owner, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                value = options(*args, **kwargs)
            except TalonError as error:
                # Raised below: the frames of its traceback hold the API key, and so do the arguments.
                failure = error.with_traceback(None)
            else:
                return method(owner, value)
            del owner, args, kwargs  # an owner whose construction failed has no `repr`
            try:
                raise failure
            finally:
                del failure

        own, *_ = inspect.signature(method).parameters.values()
        accepted = inspect.signature(options).parameters.values()
        accepting.__signature__ = inspect.Signature([own, *accepted])  # type: ignore[attr-defined]
        return accepting

    return decorate


class TalonClient:
    """An async client for one Application of Talon.One's Integration API.

    Create one client per event loop, share it between all tasks of the loop, and close it, preferably with
    ``async with``. It opens connections on demand.

    Args:
        base_url: The URL of the deployment, such as ``https://yourbaseurl.talon.one``.
        api_key: An Integration API key of the Application.
        timeout: How long each phase of an attempt may take, in seconds: one number for all phases, or a
            `Timeout` (default: `Timeout()`).
        deadline: How long a whole call may take, with queueing, backoff and all attempts, in seconds
            (default: 10).
        max_connections: How many connections may be open (default: 100).
        max_response_bytes: The largest response body to read, decompressed, in bytes (default: 64 MiB).
        retry: How often failed attempts are retried, and after which backoff (default: `RetryPolicy()`).
        circuit_breaker: When calls fail immediately because the service is down (default: never).
        max_in_flight_per_key: How many calls that change the same session, profile, coupon, audience, card or
            catalog may be in flight together (default: 1); the others are queued. The service refuses more
            than three per session or profile with 409. `None` disables the queue.
        strict: Whether a response that does not match the published schema is an error (default: `False`).
            For tests and canaries.
        on_drift: Called with each `Drift`, once per model, field and kind. Without this hook and without
            `strict`, the client detects only drift that decoding meets anyway, and logs it.
        on_attempt: Called with an `Attempt` when each attempt ends. Exceptions that it raises are logged.
        on_call: Called with a `CallSummary` when each call ends, however it ends. Exceptions that it raises
            are logged.
        proxy: The URL of a proxy for all requests.
        ssl_context: How the service's certificate is verified, such as with your own CA.
        allow_http: Whether ``http://`` is accepted for hosts other than loopback (default: `False`). It sends
            the API key in clear text.
        http_client: Your own `httpx.AsyncClient` or `httpx2.AsyncClient`. Its connections, proxies and
            certificates apply, and it stays open when this client is closed.
        transport: Your own async transport of httpx or httpx2, such as `httpx.MockTransport`. It is closed
            with this client.

    Raises:
        ConfigurationError: A setting is not valid; the message names it.
    """

    @_accepts(Settings)
    def __init__(self, settings: Settings) -> None:
        redactor = Redactor(settings.api_key)
        self._pipeline = Pipeline(
            settings=settings,
            http=HttpClientHolder(settings),
            reporter=DriftReporter(strict=settings.strict, hook=settings.on_drift),
            unknown_members=UnknownMemberReporter(redactor.text),
            queue=KeyedQueue(settings.max_in_flight_per_key),
            budget=RetryBudget(),
            circuit=Circuit(settings.circuit_breaker, time.monotonic),
            redactor=redactor,
        )

    @classmethod
    @_accepts(ClientOptions)
    def from_env(cls, options: ClientOptions) -> Self:
        """Create a client from the environment variables ``TALON_BASE_URL`` and ``TALON_API_KEY``.

        It accepts all other settings of `TalonClient`.

        Raises:
            ConfigurationError: A variable is missing, or a setting is not valid.
        """
        return cls(**read_environment(), **attrs.asdict(options, recurse=False))

    @Resource
    def sessions(self) -> "type[Sessions]":
        """Customer sessions: carts, from the first item to the closed order and its returns."""
        from talon_async.resources.sessions import Sessions

        return Sessions

    @Resource
    def profiles(self) -> "type[Profiles]":
        """Customer profiles."""
        from talon_async.resources.profiles import Profiles

        return Profiles

    @Resource
    def events(self) -> "type[Events]":
        """Custom events: actions of customers outside the cart."""
        from talon_async.resources.events import Events

        return Events

    @Resource
    def audiences(self) -> "type[Audiences]":
        """Audiences: groups of customers that campaigns can target."""
        from talon_async.resources.audiences import Audiences

        return Audiences

    @Resource
    def campaigns(self) -> "type[Campaigns]":
        """Running campaigns."""
        from talon_async.resources.campaigns import Campaigns

        return Campaigns

    @Resource
    def catalogs(self) -> "type[Catalogs]":
        """Cart item catalogs and best prior prices."""
        from talon_async.resources.catalogs import Catalogs

        return Catalogs

    @Resource
    def coupons(self) -> "type[Coupons]":
        """Coupon reservations."""
        from talon_async.resources.coupons import Coupons

        return Coupons

    @Resource
    def loyalty(self) -> "type[Loyalty]":
        """Loyalty programs: points of profiles and cards."""
        from talon_async.resources.loyalty import Loyalty

        return Loyalty

    @Resource
    def referrals(self) -> "type[Referrals]":
        """Referral codes."""
        from talon_async.resources.referrals import Referrals

        return Referrals

    @property
    def circuit_state(self) -> CircuitState:
        """The state of the circuit breaker; always ``closed`` without one.

        ``open``: calls fail immediately. ``half-open``: a probe is in flight, or the next call is the probe.
        """
        return self._pipeline.circuit.state

    @_accepts(CallOptions)
    def with_options(self, options: CallOptions) -> Self:  # noqa: D417  it accepts those of `CallOptions`
        """Copy the client with other options for its calls.

        Options that are not given stay the same. The copy shares the connections: closing one client closes
        both.

        Args:
            timeout: How long each phase of an attempt may take, in seconds.
            deadline: How long a whole call may take, in seconds.
            retry: How often failed attempts are retried, and after which backoff.
            headers: Header fields to send in addition to the client's own.

        Raises:
            ConfigurationError: `timeout` or `deadline` is not valid.
            InvalidRequestError: `headers` is not valid.
        """
        given = {name: value for name, value in attrs.asdict(options, recurse=False).items() if value}
        client = copy.copy(self)
        client._pipeline = attrs.evolve(self._pipeline, options=attrs.evolve(self._pipeline.options, **given))
        for name in _RESOURCES:  # which hold the pipeline of this client
            client.__dict__.pop(name, None)
        return client

    def with_raw_response(
        self, method: Callable[P, Coroutine[Any, Any, R]]
    ) -> Callable[P, Coroutine[Any, Any, RawResponse[R]]]:
        """Make a method return a `RawResponse`: status, headers and body with the model.

        ``raw = await talon.with_raw_response(talon.sessions.get)("cart-1")``

        Args:
            method: An async method of one of this client's resources or listings.

        Returns:
            A function with the parameters of the method.

        Raises:
            ConfigurationError: The method is not an async method of this client's resources.
        """
        caller: object = getattr(method, "__self__", None)
        if not isinstance(caller, Caller) or not is_of(caller, self._pipeline):
            raise ConfigurationError(
                f"method: expected an async method of this client's resources, found {method!r}"
            )
        function: Callable[..., Coroutine[Any, Any, R]] = getattr(type(caller), method.__name__)

        async def call(*args: P.args, **kwargs: P.kwargs) -> RawResponse[R]:
            responses: list[Response] = []
            model = await function(with_response_hook(caller, responses.append), *args, **kwargs)
            return RawResponse(model, **attrs.asdict(responses[-1], recurse=False))

        return call

    def __deepcopy__(self, _memo: object) -> Self:
        return copy.copy(self)  # connections cannot be duplicated

    async def aclose(self, *, drain: float = 0.0) -> None:
        """Close the client and its connections; later calls raise `ClientStateError`.

        Calls in flight, queued, or waiting to be retried fail with `ClientClosedError`, whose `sent` says
        whether a request may have reached the service.

        Args:
            drain: How many seconds these calls have to complete first (default: 0).

        Raises:
            ClientStateError: The client belongs to another event loop; nothing was closed.
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


_RESOURCES = [name for name, value in vars(TalonClient).items() if isinstance(value, Resource)]
