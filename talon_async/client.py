"""The client: settings, lifecycle, and one attribute for each resource."""

import copy
import functools
import inspect
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar

import attrs

from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.json import parse
from talon_async._transport.breaker import Circuit
from talon_async._transport.budget import RetryBudget
from talon_async._transport.caller import Caller, is_of, with_response_hook
from talon_async._transport.http_client import HttpClientHolder
from talon_async._transport.keyed_queue import KeyedQueue
from talon_async._transport.pipeline import Pipeline, Response
from talon_async._transport.redaction import Redactor
from talon_async._transport.settings import ClientOptions, Settings, read_environment
from talon_async.config import CallOptions
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
    """Give a method the arguments of an options class, which it then takes as one value.

    So names, types and defaults are stated once, in the class, for callers and type checkers alike.
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


@attrs.frozen
class RawResponse(Generic[R]):
    """The response to a call beside its model.

    Attributes:
        model: The value that the method returns.
        status: The HTTP status.
        headers: The header fields, with names in lower case.
        body: The body as sent, decompressed.
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

    Open one client per event loop, share it among all tasks of the loop, and close it, preferably with
    ``async with``. It connects with the first call.

    Args:
        base_url: The address of the deployment, such as ``https://yourbaseurl.talon.one``.
        api_key: An Integration API key of the Application.
        timeout: How long each phase of an attempt may take, in seconds: one number for all phases, or a
            `Timeout`.
        deadline: How long a call may take in all, with queueing, backoff and all attempts, in seconds.
        max_connections: How many connections may be open at once.
        max_response_bytes: The largest body of a response that is read, decompressed.
        retry: How often failed attempts are retried, and after which backoff.
        circuit_breaker: When calls fail at once because the service is down (default: never).
        max_in_flight_per_key: How many calls that change the same session, or the same profile, may be in
            flight at once; the others are queued. The service refuses more than three with 409. `None`
            switches the queue off.
        strict: Whether a response that does not match the published schema is an error; for tests and
            canaries.
        on_drift: Called with each `Drift`, once per model, field and kind. Without it, and without `strict`,
            only drift that decoding meets anyway is detected, and logged.
        on_attempt: Called with an `Attempt` as each attempt ends; what it raises is logged.
        proxy: The URL of a proxy for all requests.
        ssl_context: How the service's certificate is verified, for a CA of your own.
        allow_http: Whether ``http://`` is accepted for hosts other than loopback, although it sends the key
            in clear text.
        http_client: Your own `httpx.AsyncClient` to send with; it is left open, and its connections, proxies
            and certificates apply.
        transport: Your own httpx transport to send through, such as `httpx.MockTransport`.

    Raises:
        ConfigurationError: A setting is not valid; the message names it.
    """

    @_accepts(Settings)
    def __init__(self, settings: Settings) -> None:
        self._pipeline = Pipeline(
            settings=settings,
            http=HttpClientHolder(settings),
            reporter=DriftReporter(strict=settings.strict, hook=settings.on_drift),
            queue=KeyedQueue(settings.max_in_flight_per_key),
            budget=RetryBudget(),
            circuit=Circuit(settings.circuit_breaker, time.monotonic),
            redactor=Redactor(settings.api_key),
        )

    @classmethod
    @_accepts(ClientOptions)
    def from_env(cls, options: ClientOptions) -> Self:
        """Create a client for ``TALON_BASE_URL`` with the API key in ``TALON_API_KEY``.

        It accepts all other settings of `TalonClient`.

        Raises:
            ConfigurationError: One of the two variables is not set, or a setting is not valid.
        """
        return cls(**read_environment(), **attrs.asdict(options, recurse=False))

    @cached_property
    def sessions(self) -> "Sessions":
        """Customer sessions: carts, from the first item to the closed order and its returns."""
        from talon_async.resources.sessions import Sessions

        return Sessions(self._pipeline)

    @cached_property
    def profiles(self) -> "Profiles":
        """Customer profiles."""
        from talon_async.resources.profiles import Profiles

        return Profiles(self._pipeline)

    @cached_property
    def events(self) -> "Events":
        """Custom events: what customers do besides filling carts."""
        from talon_async.resources.events import Events

        return Events(self._pipeline)

    @cached_property
    def audiences(self) -> "Audiences":
        """Audiences: groups of customers that campaigns can target."""
        from talon_async.resources.audiences import Audiences

        return Audiences(self._pipeline)

    @cached_property
    def campaigns(self) -> "Campaigns":
        """Running campaigns."""
        from talon_async.resources.campaigns import Campaigns

        return Campaigns(self._pipeline)

    @cached_property
    def catalogs(self) -> "Catalogs":
        """Cart item catalogs and prior prices."""
        from talon_async.resources.catalogs import Catalogs

        return Catalogs(self._pipeline)

    @cached_property
    def coupons(self) -> "Coupons":
        """Coupon reservations."""
        from talon_async.resources.coupons import Coupons

        return Coupons(self._pipeline)

    @cached_property
    def loyalty(self) -> "Loyalty":
        """Loyalty programs: the points of profiles and cards."""
        from talon_async.resources.loyalty import Loyalty

        return Loyalty(self._pipeline)

    @cached_property
    def referrals(self) -> "Referrals":
        """Referral codes."""
        from talon_async.resources.referrals import Referrals

        return Referrals(self._pipeline)

    @_accepts(CallOptions)
    def with_options(self, options: CallOptions) -> Self:  # noqa: D417  it accepts those of `CallOptions`
        """Copy the client with other options for its calls; the copy shares connections and closing.

        An option that is not given stays as it is.

        Args:
            timeout: How long each phase of an attempt may take, in seconds.
            deadline: How long a call may take in all, in seconds.
            retry: How often failed attempts are retried, and after which backoff.
            idempotency_key: Your own ``Idempotency-Key``, for the operations that document one; 1 to 255
                printable ASCII characters. Use it for one call: the service answers a second one with the
                response to the first.
            headers: Header fields to send in addition to the client's own.

        Raises:
            ConfigurationError: `timeout`, `deadline` or `retry` is not valid.
            InvalidRequestError: `idempotency_key` or `headers` cannot be sent.
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
        """Make a method return status, headers and body beside its model.

        ``raw = await talon.with_raw_response(talon.sessions.get)("cart-1")``

        Args:
            method: An async method of one of this client's resources or listings.

        Raises:
            ConfigurationError: It is not.
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

    async def aclose(self, *, drain: float = 0.0) -> None:
        """Close all connections; after it no call can be made.

        Calls in flight, queued ones and those waiting for a retry included, fail with `ClientClosedError`,
        which says whether they were sent.

        Args:
            drain: How many seconds they have to end by themselves.

        Raises:
            ClientStateError: The client was opened on another event loop; nothing was closed.
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


_RESOURCES = [name for name, value in vars(TalonClient).items() if isinstance(value, cached_property)]
