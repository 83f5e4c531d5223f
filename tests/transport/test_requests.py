"""Requests as they go over the wire: header fields, keys, options, paths."""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

import talon_async
from talon_async import (
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    InvalidRequestError,
    NewCustomerSessionV2,
    RetryPolicy,
    TalonClient,
)
from talon_async._operations import OPERATIONS
from tests.calls import CALLS
from tests.transport.server import answer, read, reply_always, send, serving
from tests.transport.support import KEY, SESSION, Naps, client_of, mocked, reply_to, rewired

OK = send(answer())

# The operations for which the service documents the header, told here a second time on purpose.
KEYED = {
    "updateCustomerSessionV2",
    "returnCartItems",
    "reopenCustomerSession",
    "updateCustomerProfileV2",
    "updateCustomerProfilesV2",
    "trackEventV2",
}


def test_every_operation_is_called_here() -> None:
    """What this file promises is shown for each operation of the table."""
    assert set(CALLS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", CALLS)
async def test_a_request_bears_the_header_fields_it_needs(operation: str) -> None:
    """Key, user agent and accepted kinds are on every request; kind and length on those with a body."""
    async with serving([read, reply_to(operation)]) as server, client_of(server) as talon:
        await CALLS[operation].full[0].call(talon)
    (request,) = server.requests
    has_body = OPERATIONS[operation].body is not None
    assert request.all("authorization") == [f"ApiKey-v1 {KEY}"]
    assert request.all("user-agent") == [f"talon-async/{talon_async.__version__}"]
    assert request.all("accept") == ["application/json"]
    assert request.all("accept-encoding") == ["gzip, deflate"]
    assert request.all("host") == [server.url.removeprefix("http://")]
    assert request.all("content-type") == (["application/json"] if has_body else [])
    assert bool(request.body) == has_body
    assert request.all("cookie") == []


@pytest.mark.parametrize("operation", CALLS)
async def test_idempotency_keys_go_where_they_are_documented(operation: str) -> None:
    """Each call of a documented operation has a new key, a random UUID; no other operation has any."""
    ok = reply_to(operation)
    async with serving([read, ok, read, ok]) as server, client_of(server) as talon:
        await CALLS[operation].minimal.call(talon)
        await CALLS[operation].minimal.call(talon)
    keys = [key for request in server.requests for key in request.all("idempotency-key")]
    if operation in KEYED:
        assert len(set(keys)) == 2
        assert all(uuid.UUID(key).version == 4 for key in keys)
    else:
        assert keys == []


OWN_KEY: dict[str, Callable[[TalonClient], Awaitable[object]]] = {
    "updateCustomerSessionV2": lambda talon: talon.sessions.update(
        "cart-1", SESSION, idempotency_key="order-17"
    ),
    "returnCartItems": lambda talon: talon.sessions.return_items("cart-1", [], idempotency_key="order-17"),
    "reopenCustomerSession": lambda talon: talon.sessions.reopen("cart-1", idempotency_key="order-17"),
    "updateCustomerProfileV2": lambda talon: talon.profiles.update(
        "customer-7", CustomerProfileIntegrationRequestV2(), idempotency_key="order-17"
    ),
    "updateCustomerProfilesV2": lambda talon: talon.profiles.update_many([], idempotency_key="order-17"),
    "trackEventV2": lambda talon: talon.events.track(
        IntegrationEventV2Request(type="Seen", profile_id="customer-7"), idempotency_key="order-17"
    ),
}


@pytest.mark.parametrize("operation", sorted(KEYED))
async def test_a_key_of_your_own_is_for_one_call(operation: str) -> None:
    """A method sends the key that it is given; the next call has a new one, so both calls happen."""
    async with (
        serving([read, reply_to(operation), read, reply_to(operation)]) as server,
        client_of(server) as talon,
    ):
        await OWN_KEY[operation](talon)
        await CALLS[operation].minimal.call(talon)
    first, second = (request.all("idempotency-key") for request in server.requests)
    assert first == ["order-17"]
    assert len(second) == 1
    assert second != first


def test_a_key_is_no_option_of_a_client() -> None:
    """A client that would send one key with every call cannot be made."""
    options: dict[str, Any] = {"idempotency_key": "order-17"}
    with pytest.raises(TypeError, match="idempotency_key"):
        TalonClient("https://shop.invalid", api_key="key").with_options(**options)


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
@pytest.mark.parametrize(
    "name", ["X-Trace", "user-agent", "User-Agent", "ACCEPT-ENCODING", "Accept-Language"]
)
async def test_header_fields_of_your_own_are_sent_once(name: str, own: bool) -> None:
    """Extra header fields go out as given; one that the client has too takes its place, in any case."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        await talon.with_options(headers={name: "gzip"}).sessions.get("cart-1")
    assert server.requests[0].all(name.lower()) == ["gzip"]


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
async def test_the_kind_of_the_body_stays_the_clients(own: bool) -> None:
    """The body is JSON whatever kind the extra header fields tell, and one kind is sent."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        options = talon.with_options(headers={"Content-Type": "text/plain"})
        await options.sessions.update("cart-1", SESSION)
    assert server.requests[0].all("content-type") == ["application/json"]


async def test_options_share_the_pool_and_its_end() -> None:
    """Clients made by `with_options` use the same connections, and are closed with the one they stem from."""
    async with serving([reply_always(answer())]) as server:
        async with client_of(server) as talon:
            await talon.sessions.update("cart-1", SESSION)
            other = talon.with_options(deadline=1).with_options(headers={"X-Trace": "t-1"})
            await other.sessions.update("cart-1", SESSION)
            await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1
        assert [request.all("x-trace") for request in server.requests] == [[], ["t-1"], []]
        with pytest.raises(talon_async.ClientStateError):
            await other.sessions.get("cart-1")


async def test_options_add_up() -> None:
    """Options not named keep what the client they are asked of has."""
    naps = Naps()

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    talon = rewired(mocked(httpx.MockTransport(refuse)), sleep=naps)
    async with talon:
        other = talon.with_options(retry=RetryPolicy(attempts=2)).with_options(deadline=1)
        with pytest.raises(talon_async.ServiceConnectionError) as caught:
            await other.sessions.get("cart-1")
    assert caught.value.attempts == 2


async def test_a_refused_request_never_leaves() -> None:
    """A request that the API would refuse raises before any connection is made."""
    async with serving() as server, client_of(server) as talon:
        with pytest.raises(InvalidRequestError, match="customer_session_id"):
            await talon.sessions.get("")
        assert server.connections == 0


async def test_absent_null_and_empty_go_out_as_three_things() -> None:
    """What is left alone is not sent, `None` is sent as null, an empty list as an empty list."""
    sessions = [
        NewCustomerSessionV2(),
        NewCustomerSessionV2(coupon_codes=None),
        NewCustomerSessionV2(coupon_codes=[]),
    ]
    async with serving([reply_always(answer())]) as server, client_of(server) as talon:
        for session in sessions:
            await talon.sessions.update("cart-1", session)
    assert [json.loads(request.body)["customerSession"] for request in server.requests] == [
        {},
        {"couponCodes": None},
        {"couponCodes": []},
    ]


@pytest.mark.parametrize(
    ("identifier", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("a?dry=true#x", "a%3Fdry%3Dtrue%23x"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("J\u00f3n \u2603", "J%C3%B3n%20%E2%98%83"),
        ("\\..\\", "%5C..%5C"),
    ],
)
@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
async def test_identifiers_stay_one_segment_on_the_wire(identifier: str, segment: str, own: bool) -> None:
    """No HTTP library on the way resolves, decodes or splits an identifier in the path."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        await talon.sessions.get(identifier)
    assert server.requests[0].target == f"/v2/customer_sessions/{segment}"


@pytest.mark.parametrize("prefix", ["/talon", "/talon/"])
async def test_a_base_url_may_have_a_path(prefix: str) -> None:
    """A deployment behind a gateway's path prefix is reached under it, slash at its end or not."""
    async with serving([read, OK]) as server, TalonClient(server.url + prefix, api_key=KEY) as talon:
        await talon.sessions.get("cart-1")
    assert server.requests[0].target == "/talon/v2/customer_sessions/cart-1"
