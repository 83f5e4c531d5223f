"""The clients that are compared: each is opened, called and closed in its usual way."""

import contextlib
import functools
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any, Final, TypeAlias

from benchmarks.payloads import session_request

AsyncCall: TypeAlias = Callable[[str], Awaitable[object]]
"""Updates the session with this identifier, and decodes the response."""
SyncCall: TypeAlias = Callable[[str], object]

OpenAsync: TypeAlias = Callable[[str, int, int], contextlib.AbstractAsyncContextManager[AsyncCall]]
"""Opens a client, given a base URL, the number of calls in flight and the number of cart items to send."""

_KEY: Final = "benchmark-key"
_HEADERS: Final = {"Authorization": f"ApiKey-v1 {_KEY}", "Content-Type": "application/json"}


@contextlib.asynccontextmanager
async def ours(base_url: str, in_flight: int, items: int, **settings: Any) -> AsyncGenerator[AsyncCall, None]:
    """Use our client; the request's model is created in advance.

    Each session has its own customer, since calls for the same one are queued.
    """
    import attrs

    from talon_async import IntegrationRequest, NewCustomerSessionV2, TalonClient
    from talon_async._codec.converter import RESPONSES

    session = RESPONSES.structure(session_request(items), IntegrationRequest).customer_session
    given = {"max_connections": in_flight, "deadline": 30.0} | settings
    async with TalonClient(base_url, api_key=_KEY, **given) as talon:

        @functools.lru_cache(maxsize=1024)
        def of_customer(session_id: str) -> NewCustomerSessionV2:
            return attrs.evolve(session, profile_id=session_id)

        async def call(session_id: str) -> object:
            return await talon.sessions.update(session_id, of_customer(session_id))

        yield call


def ours_with_all(
    base_url: str, in_flight: int, items: int
) -> contextlib.AbstractAsyncContextManager[AsyncCall]:
    """Use our client with retries, queueing, a circuit breaker and a hook."""
    from talon_async import Attempt, CircuitBreaker

    attempts: deque[Attempt] = deque(maxlen=1)
    return ours(base_url, in_flight, items, circuit_breaker=CircuitBreaker(), on_attempt=attempts.append)


def ours_with_nothing(
    base_url: str, in_flight: int, items: int
) -> contextlib.AbstractAsyncContextManager[AsyncCall]:
    """Use our client without retries, queueing, breaker and hook."""
    from talon_async import RetryPolicy

    return ours(base_url, in_flight, items, retry=RetryPolicy(attempts=1), max_in_flight_per_key=None)


@contextlib.asynccontextmanager
async def httpx_alone(base_url: str, in_flight: int, items: int) -> AsyncGenerator[AsyncCall, None]:
    """Use httpx with its pool and JSON functions: plain values both ways."""
    import httpx

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    document = {"customerSession": session_request(items)["customerSession"]}
    async with httpx.AsyncClient(
        base_url=base_url, limits=limits, timeout=30.0, headers=_HEADERS, trust_env=False
    ) as http:

        async def call(session_id: str) -> object:
            response = await http.put(f"/v2/customer_sessions/{session_id}", json=document)
            response.raise_for_status()
            return response.json()

        yield call


@contextlib.asynccontextmanager
async def aiohttp_alone(base_url: str, in_flight: int, items: int) -> AsyncGenerator[AsyncCall, None]:
    """Use aiohttp and orjson: plain values both ways."""
    import aiohttp
    import orjson

    request = {"customerSession": session_request(items)["customerSession"]}
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(
        base_url, connector=connector, headers=_HEADERS, raise_for_status=True
    ) as session:

        async def call(session_id: str) -> object:
            body = orjson.dumps(request)
            async with session.put(f"/v2/customer_sessions/{session_id}", data=body) as response:
                document: Any = orjson.loads(await response.read())
                return document

        yield call


@contextlib.contextmanager
def provider(base_url: str, in_flight: int, items: int) -> Generator[SyncCall, None, None]:
    """Use the provider's client with threads; the request's model is created in advance."""
    import talon_one

    configuration = talon_one.Configuration(
        host=base_url, api_key={"api_key_v1": _KEY}, api_key_prefix={"api_key_v1": "ApiKey-v1"}
    )
    configuration.connection_pool_maxsize = in_flight
    document = {"customerSession": session_request(items)["customerSession"]}
    request = talon_one.IntegrationRequest.model_validate(document)
    with talon_one.ApiClient(configuration) as client:
        api = talon_one.IntegrationApi(client)

        def call(session_id: str) -> object:
            return api.update_customer_session_v2(session_id, request)

        yield call
