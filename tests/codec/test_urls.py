"""Paths and queries: identifiers are encoded, and each parameter type has its format."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from talon_async import (
    UNSET,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    IntegrationRequest,
    InvalidRequestError,
    Limit,
    LoyaltyCardIdentifier,
    MultipleCustomerProfileIntegrationRequest,
    MultipleCustomerProfileIntegrationRequestItem,
    NewCustomerSessionV2,
    NewReturn,
    ReturnIntegrationRequest,
)
from talon_async._operations.events import TRACK_EVENT
from talon_async._operations.operation import operation
from talon_async._operations.parameter import Parameter
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE
from talon_async._operations.sessions import (
    GET_CUSTOMER_SESSION,
    REOPEN_CUSTOMER_SESSION,
    RETURN_CART_ITEMS,
    UPDATE_CUSTOMER_SESSION,
)


@operation(
    "probeMany",
    "POST",
    "/v1/things",
    lock_keys={"profile": "body.customer_profiles.integration_id"},
    success=(204,),
    errors=(),
)
def PROBE_MANY(body: MultipleCustomerProfileIntegrationRequest, /) -> None:
    """An operation for these tests."""


@operation("probeCard", "POST", "/v1/programs/{programId}/cards/{cardId}", success=(204,), errors=())
def PROBE_CARD(*, program_id: int, card_id: str) -> None:
    """An operation for these tests."""


def query_of(parameter: Parameter, value: Any) -> str:
    """The query for a value of a parameter."""
    return "&".join(f"{parameter.wire}={text}" for text in parameter.encode(value))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(identifier=st.text(min_size=1).filter(lambda text: not set(text) & {"\r", "\n"}))
@example(identifier="a/b")
@example(identifier="../../v2/customer_profiles/x")
@example(identifier="?dry=true#")
@example(identifier="%2F %00 + & = ; : @ ~")
@example(identifier="{customerSessionId}")
@example(identifier="\x00\t\x7f\u2028\ufeff\U0001f600 zażółć")
@example(identifier=".")
@example(identifier="..")
@example(identifier="....")
def test_an_identifier_round_trips(identifier: str) -> None:
    """Any identifier is one segment of the path and decodes to itself."""
    request = GET_CUSTOMER_SESSION.encode(customer_session_id=identifier)
    assert request.target.isascii()
    assert not set(request.target) & set("?#\\ ")
    *head, segment = request.target.split("/")
    assert head == ["", "v2", "customer_sessions"]
    assert segment.strip(".")
    assert unquote(segment, errors="strict") == identifier


@pytest.mark.parametrize(
    ("identifier", "reason"),
    [
        ("", "at least 1 character"),
        ("a\nb", "line break"),
        ("a\r", "line break"),
        ("\udfff", "a lone surrogate"),
        (7, "expected string, found integer"),
        (None, "expected string, found null"),
        (UNSET, "expected string, found Unset"),
        (["a"], "expected string, found array"),
    ],
)
def test_an_invalid_identifier_is_refused(identifier: Any, reason: str) -> None:
    """An empty identifier, one with a line break and one that is not a string are refused by name."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        REOPEN_CUSTOMER_SESSION.encode(customer_session_id=identifier)
    assert caught.value.field == "customer_session_id"


def test_numbers_are_valid_in_paths() -> None:
    """A numeric identifier is sent as digits; strings and booleans are refused."""
    request = PROBE_CARD.encode(card_id="a b", program_id=7)
    assert (request.method, request.target) == ("POST", "/v1/programs/7/cards/a%20b")
    assert request.content is None
    for wrong in ("7", True, 7.0):
        with pytest.raises(InvalidRequestError) as caught:
            PROBE_CARD.encode(card_id="a", program_id=wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        assert caught.value.field == "program_id"


TWO_HOURS_EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("parameter", "value", "query"),
    [
        (Parameter("dry", bool), True, "dry=true"),
        (Parameter("dry", bool), False, "dry=false"),
        (Parameter("silent", bool, bool_literals=("no", "yes")), True, "silent=yes"),
        (Parameter("silent", bool, bool_literals=("no", "yes")), False, "silent=no"),
        (Parameter("page_size", int), 50, "pageSize=50"),
        (Parameter("sub_id", str, wire="subledgerId"), "", "subledgerId="),
        (Parameter("name", str), "a&b=c d+é", "name=a%26b%3Dc%20d%2B%C3%A9"),
        (Parameter("now", datetime), datetime(2026, 5, 1, tzinfo=UTC), "now=2026-05-01T00%3A00%3A00Z"),
        (
            Parameter("now", datetime),
            datetime(2026, 5, 1, 12, 30, 0, 250, tzinfo=TWO_HOURS_EAST),
            "now=2026-05-01T12%3A30%3A00.000250%2B02%3A00",
        ),
        (Parameter("ids", list[str]), ["a", "b,c"], "ids=a&ids=b%2Cc"),
        (Parameter("ids", list[int], style="comma"), [1, 2, 3], "ids=1,2,3"),
        (Parameter("ids", list[str], style="comma"), ["a", "b,c"], "ids=a,b%2Cc"),
        (Parameter("state", Literal["active"] | str), "newer", "state=newer"),
    ],
)
def test_each_parameter_type_has_its_format(parameter: Parameter, value: Any, query: str) -> None:
    """Booleans use the API's literals, timestamps an offset, lists their style; `UNSET` is not sent."""
    assert query_of(parameter, value) == query


@pytest.mark.parametrize(
    ("annotation", "value", "field", "reason"),
    [
        (list[str], [], "it", "expected at least 1 item, found none"),
        (bool, "true", "it", "expected boolean, found string"),
        (bool, 1, "it", "expected boolean, found integer"),
        (bool, None, "it", "expected boolean, found null"),
        (int, True, "it", "expected integer, found boolean"),
        (datetime, "2026-05-01", "it", "expected timestamp with an offset"),
        (datetime, datetime(2026, 5, 1), "it", "datetime without a time zone"),
        (list[int], 7, "it", "expected array, found integer"),
        (list[int], [7, "8"], "it[1]", "expected integer, found string"),
        (Annotated[int, Limit(minimum=1, maximum=1000)], 0, "it", "at least 1"),
        (Annotated[int, Limit(minimum=1, maximum=1000)], 1001, "it", "at most 1000"),
        (Annotated[list[int], Limit(max_length=2)], [1, 2, 3], "it", "at most 2 items"),
        (Annotated[list[int], Limit(unique=True)], [1, 2, 1], "it", "expected unique items"),
        (LoyaltyCardIdentifier, "car", "it", "at least 4 characters"),
        (LoyaltyCardIdentifier, "card 7", "it", "expected string that matches"),
        (LoyaltyCardIdentifier, "c" * 109, "it", "at most 108 characters"),
        (str, "a\nb", "it", "line break"),
        (list[str], ["a", "\r"], "it", "line break"),
    ],
)
def test_an_invalid_parameter_is_refused(annotation: Any, value: Any, field: str, reason: str) -> None:
    """A parameter is checked against its type and limits, and the error names it."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        query_of(Parameter("it", annotation), value)
    assert caught.value.field == field


@settings(deadline=None, derandomize=True, max_examples=60)
@given(values=st.lists(st.text(min_size=1).filter(lambda text: not set(text) & {"\r", "\n"}), min_size=1))
def test_strings_in_a_query_round_trip(values: list[str]) -> None:
    """Any string in a query decodes to itself."""
    query = query_of(Parameter("ids", list[str]), values)
    assert [text for _, text in parse_qsl(query, errors="strict", strict_parsing=True)] == values


def test_an_unknown_parameter_is_a_type_error() -> None:
    """A misspelled parameter raises `TypeError`."""
    with pytest.raises(TypeError, match="getCustomerSession has no parameter dri"):
        GET_CUSTOMER_SESSION.encode(customer_session_id="cart-1", dri=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize(
    ("profile_id", "keys"),
    [
        ("customer-7", ("session cart-1", "profile customer-7")),
        ("", ("session cart-1",)),
        (None, ("session cart-1",)),
        (UNSET, ("session cart-1",)),
    ],
)
def test_an_update_locks_its_session_and_profile(profile_id: Any, keys: tuple[str, ...]) -> None:
    """The update of a session locks the session, and its profile if there is one."""
    body = IntegrationRequest(customer_session=NewCustomerSessionV2(profile_id=profile_id))
    assert UPDATE_CUSTOMER_SESSION.keys_for(body, {"customer_session_id": "cart-1", "dry": True}) == keys


def test_each_operation_has_its_lock_keys() -> None:
    """Each operation returns the keys of the sessions and profiles that it changes."""
    session = {"customer_session_id": "cart-1"}
    returned = ReturnIntegrationRequest(return_=NewReturn(returned_cart_items=[]))
    profile = CustomerProfileIntegrationRequestV2()
    event = IntegrationEventV2Request(type="visit", profile_id="customer-7")
    assert RETURN_CART_ITEMS.keys_for(returned, session) == ("session cart-1",)
    assert REOPEN_CUSTOMER_SESSION.keys_for(None, session) == ("session cart-1",)
    assert UPDATE_CUSTOMER_PROFILE.keys_for(profile, {"integration_id": "customer-7"}) == (
        "profile customer-7",
    )
    assert TRACK_EVENT.keys_for(event, {}) == ("profile customer-7",)
    assert GET_CUSTOMER_SESSION.keys_for(None, session) == ()


def test_an_operation_may_lock_many_profiles() -> None:
    """A list on the path to the identifiers yields one key per item."""
    profiles = [MultipleCustomerProfileIntegrationRequestItem(integration_id=text) for text in ("a", "b")]
    assert PROBE_MANY.keys_for(MultipleCustomerProfileIntegrationRequest(customer_profiles=profiles), {}) == (
        "profile a",
        "profile b",
    )
    assert PROBE_MANY.keys_for(MultipleCustomerProfileIntegrationRequest(), {}) == ()
