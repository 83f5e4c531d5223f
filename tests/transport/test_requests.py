"""Requests on the wire: headers, keys, options, paths."""

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
from tests.transport.server import http_response, read, reply_always, send, serving
from tests.transport.support import KEY, SESSION, FakeSleep, client_of, mocked, reply_to, rewired

OK = send(http_response())

# The operations for which the service documents the header, stated here a second time on purpose.
KEYED = {
    "updateCustomerSessionV2",
    "returnCartItems",
    "reopenCustomerSession",
    "updateCustomerProfileV2",
    "updateCustomerProfilesV2",
    "trackEventV2",
}


def test_every_operation_is_tested() -> None:
    """These tests cover each operation of the table."""
    assert set(CALLS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", CALLS)
async def test_a_request_has_the_required_headers(operation: str) -> None:
    """Every request has the key, `User-Agent` and `Accept`; one with a body has its type and length."""
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
async def test_idempotency_keys_are_sent_where_documented(operation: str) -> None:
    """Each call of a documented operation sends a new random UUID as its key; other operations send none."""
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


CUSTOM_KEY: dict[str, Callable[[TalonClient], Awaitable[object]]] = {
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
async def test_a_custom_key_applies_to_one_call(operation: str) -> None:
    """A method sends the custom key; the next call has a new one, so both calls are applied."""
    async with (
        serving([read, reply_to(operation), read, reply_to(operation)]) as server,
        client_of(server) as talon,
    ):
        await CUSTOM_KEY[operation](talon)
        await CALLS[operation].minimal.call(talon)
    first, second = (request.all("idempotency-key") for request in server.requests)
    assert first == ["order-17"]
    assert len(second) == 1
    assert second != first


def test_a_key_is_not_an_option() -> None:
    """A client cannot be made to send one key with every call."""
    options: dict[str, Any] = {"idempotency_key": "order-17"}
    with pytest.raises(TypeError, match="idempotency_key"):
        TalonClient("https://shop.invalid", api_key="key").with_options(**options)


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
@pytest.mark.parametrize(
    "name", ["X-Trace", "user-agent", "User-Agent", "ACCEPT-ENCODING", "Accept-Language"]
)
async def test_extra_headers_are_sent_once(name: str, own: bool) -> None:
    """Extra headers are sent as given and replace the client's, regardless of case."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        await talon.with_options(headers={name: "gzip"}).sessions.get("cart-1")
    assert server.requests[0].all(name.lower()) == ["gzip"]


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
async def test_the_content_type_cannot_be_changed(own: bool) -> None:
    """The body is JSON and its one `Content-Type` says so, whatever the extra headers."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        options = talon.with_options(headers={"Content-Type": "text/plain"})
        await options.sessions.update("cart-1", SESSION)
    assert server.requests[0].all("content-type") == ["application/json"]


async def test_options_share_the_connection_pool() -> None:
    """Clients made by `with_options` share connections, and are closed with the original client."""
    async with serving([reply_always(http_response())]) as server:
        async with client_of(server) as talon:
            await talon.sessions.update("cart-1", SESSION)
            other = talon.with_options(deadline=1).with_options(headers={"X-Trace": "t-1"})
            await other.sessions.update("cart-1", SESSION)
            await talon.sessions.update("cart-1", SESSION)
        assert server.connections == 1
        assert [request.all("x-trace") for request in server.requests] == [[], ["t-1"], []]
        with pytest.raises(talon_async.ClientStateError):
            await other.sessions.get("cart-1")


async def test_options_accumulate() -> None:
    """Options that are not given keep the client's values."""
    fake_sleep = FakeSleep()

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    talon = rewired(mocked(httpx.MockTransport(refuse)), sleep=fake_sleep)
    async with talon:
        other = talon.with_options(retry=RetryPolicy(attempts=2)).with_options(deadline=1)
        with pytest.raises(talon_async.ServiceConnectionError) as caught:
            await other.sessions.get("cart-1")
    assert caught.value.attempts == 2


async def test_an_invalid_request_opens_no_connection() -> None:
    """An invalid request raises before any connection is opened."""
    async with serving() as server, client_of(server) as talon:
        with pytest.raises(InvalidRequestError, match="customer_session_id"):
            await talon.sessions.get("")
        assert server.connections == 0


async def test_unset_null_and_empty_are_sent_differently() -> None:
    """`UNSET` is not sent, `None` is sent as null, an empty list as an empty list."""
    sessions = [
        NewCustomerSessionV2(),
        NewCustomerSessionV2(coupon_codes=None),
        NewCustomerSessionV2(coupon_codes=[]),
    ]
    async with serving([reply_always(http_response())]) as server, client_of(server) as talon:
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
async def test_identifiers_are_one_path_segment_on_the_wire(identifier: str, segment: str, own: bool) -> None:
    """No HTTP library resolves, decodes or splits an identifier in the path."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server, client_of(server, transport=transport) as talon:
        await talon.sessions.get(identifier)
    assert server.requests[0].target == f"/v2/customer_sessions/{segment}"


@pytest.mark.parametrize("prefix", ["/talon", "/talon/"])
async def test_a_base_url_may_have_a_path(prefix: str) -> None:
    """A base URL with a path works, with or without a trailing slash."""
    async with serving([read, OK]) as server, TalonClient(server.url + prefix, api_key=KEY) as talon:
        await talon.sessions.get("cart-1")
    assert server.requests[0].target == "/talon/v2/customer_sessions/cart-1"


@pytest.mark.parametrize("own", [False, True], ids=["the client's transport", "httpx's transport"])
async def test_the_path_of_a_base_url_is_sent_as_httpx_would(own: bool) -> None:
    """Dot segments in a base URL are resolved, and characters that no URL may contain are encoded."""
    transport = httpx.AsyncHTTPTransport() if own else None
    async with serving([read, OK]) as server:
        url = f'{server.url}/old/../ta{{l}}"on'
        async with TalonClient(url, api_key=KEY, transport=transport) as talon:
            await talon.sessions.get("cart-1")
    assert server.requests[0].target == "/ta%7Bl%7D%22on/v2/customer_sessions/cart-1"
