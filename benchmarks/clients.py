"""The clients that are compared: each is opened, called and closed in its usual way."""

import contextlib
import functools
import importlib
import ssl
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.payloads import session_request
from benchmarks.server import Server

AsyncCall: TypeAlias = Callable[[str], Awaitable[object]]
"""Updates the session with this identifier, and decodes the response."""
SyncCall: TypeAlias = Callable[[str], object]

OpenAsync: TypeAlias = Callable[[Server, int, int], contextlib.AbstractAsyncContextManager[AsyncCall]]
"""Opens a client, given the server, the number of calls in flight and the number of cart items to send."""

_KEY: Final = "benchmark-key"
_HEADERS: Final = {"Authorization": f"ApiKey-v1 {_KEY}", "Content-Type": "application/json"}


@contextlib.asynccontextmanager
async def ours(
    server: Server, in_flight: int, items: int, **settings: Any
) -> AsyncGenerator[AsyncCall, None]:
    """Use our client; the request's model is created in advance.

    Each session has its own customer, since calls for the same one are queued.
    """
    import attrs

    from talon_async import IntegrationRequest, NewCustomerSessionV2, TalonClient
    from talon_async._codec.converter import RESPONSES

    session = RESPONSES.structure(session_request(items), IntegrationRequest).customer_session
    given = {
        "max_connections": in_flight,
        "timeout": 30.0,
        "deadline": 30.0,
        "ssl_context": _trust(server),
    } | settings
    async with TalonClient(server.base_url, api_key=_KEY, **given) as talon:

        @functools.lru_cache(maxsize=1024)
        def of_customer(session_id: str) -> NewCustomerSessionV2:
            return attrs.evolve(session, profile_id=session_id)

        async def call(session_id: str) -> object:
            return await talon.sessions.update(session_id, of_customer(session_id))

        yield call


def ours_with_all(
    server: Server, in_flight: int, items: int
) -> contextlib.AbstractAsyncContextManager[AsyncCall]:
    """Use our client with retries, queueing, a circuit breaker and a hook."""
    from talon_async import Attempt, CircuitBreaker

    attempts: deque[Attempt] = deque(maxlen=1)
    return ours(server, in_flight, items, circuit_breaker=CircuitBreaker(), on_attempt=attempts.append)


def ours_with_nothing(
    server: Server, in_flight: int, items: int
) -> contextlib.AbstractAsyncContextManager[AsyncCall]:
    """Use our client without retries, queueing, breaker and hook."""
    from talon_async import RetryPolicy

    return ours(server, in_flight, items, retry=RetryPolicy(attempts=1), max_in_flight_per_key=None)


@contextlib.asynccontextmanager
async def httpx_alone(
    server: Server, in_flight: int, items: int, *, family: str = "httpx"
) -> AsyncGenerator[AsyncCall, None]:
    """Use httpx, or its successor, with its pool and JSON functions: plain values both ways."""
    httpx = importlib.import_module(family)
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    document = {"customerSession": session_request(items)["customerSession"]}
    async with httpx.AsyncClient(
        base_url=server.base_url,
        limits=limits,
        timeout=30.0,
        headers=_HEADERS,
        trust_env=False,
        verify=_trust(server) or True,
    ) as http:

        async def call(session_id: str) -> object:
            response = await http.put(f"/v2/customer_sessions/{session_id}", json=document)
            response.raise_for_status()
            return response.json()

        yield call


httpx2_alone: Final[OpenAsync] = functools.partial(httpx_alone, family="httpx2")


@contextlib.asynccontextmanager
async def aiohttp_alone(server: Server, in_flight: int, items: int) -> AsyncGenerator[AsyncCall, None]:
    """Use aiohttp and orjson: plain values both ways."""
    import aiohttp
    import orjson

    request = {"customerSession": session_request(items)["customerSession"]}
    connector = aiohttp.TCPConnector(limit=in_flight, ssl=_trust(server) or True)
    async with aiohttp.ClientSession(
        server.base_url, connector=connector, headers=_HEADERS, raise_for_status=True
    ) as session:

        async def call(session_id: str) -> object:
            body = orjson.dumps(request)
            async with session.put(f"/v2/customer_sessions/{session_id}", data=body) as response:
                document: Any = orjson.loads(await response.read())
                return document

        yield call


@contextlib.asynccontextmanager
async def pyreqwest_alone(server: Server, in_flight: int, items: int) -> AsyncGenerator[AsyncCall, None]:
    """Use pyreqwest, a binding of a client in Rust, and orjson: plain values both ways."""
    import orjson
    from pyreqwest.client import ClientBuilder

    request = {"customerSession": session_request(items)["customerSession"]}
    builder = ClientBuilder().default_headers(_HEADERS).error_for_status().no_proxy().http1_only()
    if server.ca_file is not None:
        builder = builder.add_root_certificate_pem(_pem(server.ca_file))
    async with builder.max_connections(in_flight).build() as client:

        async def call(session_id: str) -> object:
            url = f"{server.base_url}/v2/customer_sessions/{session_id}"
            response = await client.put(url).body_bytes(orjson.dumps(request)).build().send()
            document: Any = orjson.loads(memoryview(await response.bytes()))
            return document

        yield call


def _pem(path: str) -> bytes:
    return Path(path).read_bytes()


def _trust(server: Server) -> ssl.SSLContext | None:
    return ssl.create_default_context(cafile=server.ca_file) if server.ca_file is not None else None


@contextlib.contextmanager
def provider(server: Server, in_flight: int, items: int) -> Generator[SyncCall, None, None]:
    """Use the provider's client with threads; the request's model is created in advance."""
    import talon_one

    configuration = talon_one.Configuration(
        host=server.base_url,
        api_key={"api_key_v1": _KEY},
        api_key_prefix={"api_key_v1": "ApiKey-v1"},
        ssl_ca_cert=server.ca_file,
    )
    configuration.connection_pool_maxsize = in_flight
    document = {"customerSession": session_request(items)["customerSession"]}
    request = talon_one.IntegrationRequest.model_validate(document)
    with talon_one.ApiClient(configuration) as client:
        api = talon_one.IntegrationApi(client)

        def call(session_id: str) -> object:
            return api.update_customer_session_v2(session_id, request)

        yield call
