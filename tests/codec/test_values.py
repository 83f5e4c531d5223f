"""Single values: open enums, timestamps, money, and unknown fields."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async import (
    BestPriorPrice,
    BestPriorPriceRequest,
    CustomerSessionV2,
    Drift,
    IntegrationCustomerSessionResponse,
    IntegrationRequest,
    InvalidRequestError,
    NewCustomerSessionV2,
)
from talon_async._codec.converter import RESPONSES
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._operations.operation import operation
from talon_async._operations.sessions import GET_CUSTOMER_SESSION, UPDATE_CUSTOMER_SESSION

SESSION: dict[str, Any] = {
    "id": 7,
    "created": "2026-05-01T12:00:00Z",
    "integrationId": "cart-1",
    "applicationId": 1,
    "profileId": "customer-7",
    "state": "open",
    "cartItems": [],
    "attributes": {},
    "firstSession": True,
    "updateCount": 1,
    "total": 10,
    "cartItemTotal": 10.0,
    "additionalCostTotal": 0,
    "cartItemAdditionalCostTotal": 0,
    "updated": "2026-05-01T12:00:00Z",
}


def decode(**fields: Any) -> tuple[CustomerSessionV2, dict[str, Any], list[str]]:
    """Decode a session; return the model, its encoding, and the paths at which it drifts."""
    drifts: list[Drift] = []
    body = orjson.dumps({"customerSession": SESSION | fields})
    response = GET_CUSTOMER_SESSION.decode(200, body, reporter=DriftReporter(hook=drifts.append))
    assert response.customer_session is not None
    encoded = RESPONSES.unstructure(response)["customerSession"]
    return response.customer_session, encoded, [drift.path for drift in drifts]


UTC_NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment", "written"),
    [
        ("2026-05-01T12:00:00Z", UTC_NOON, "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00+00:00", UTC_NOON, "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:00:00.5Z", UTC_NOON.replace(microsecond=500_000), "2026-05-01T12:00:00.500000Z"),
        (
            "2026-05-01T12:00:00.123456789Z",
            UTC_NOON.replace(microsecond=123_456),
            "2026-05-01T12:00:00.123456Z",
        ),
        ("2026-05-01t12:00:00z", UTC_NOON, "2026-05-01T12:00:00Z"),
        ("2026-05-01 12:00:00z", UTC_NOON, "2026-05-01T12:00:00Z"),
        (
            "2026-05-01T12:00:00.123456789z",
            UTC_NOON.replace(microsecond=123_456),
            "2026-05-01T12:00:00.123456Z",
        ),
        ("2026-05-01T14:30:00+02:30", UTC_NOON, "2026-05-01T14:30:00+02:30"),
        ("2026-05-01T04:00:00-08:00", UTC_NOON, "2026-05-01T04:00:00-08:00"),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_a_timestamp_decodes_to_a_datetime(text: str, moment: datetime, written: str) -> None:
    """Timestamps decode with offset and up to nanoseconds, and encode with microseconds."""
    session, encoded, drifts = decode(created=text)
    assert session.created == moment
    assert session.created.utcoffset() is not None
    assert encoded["created"] == written
    assert drifts == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01T12:00:00",
        "2026-05-01",
        "2026-05-01T12:00Z",
        "2026-W18-5T12:00:00Z",
        "2026-W18T12:00:00+00:00",
        "2026W185T120000+00:00",
        "20260501T120000+00:00",
        "2026-05-01T120000+00:00",
        "2026-05-01T12:00+00:00",
        "2026-05-01T12+00:00",
        "2026-05-01X12:00:00Z",
        "z",
        "12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-06-30T23:59:60Z",
        "",
        "tomorrow",
        1777636800,
        True,
        ["2026-05-01T12:00:00Z"],
    ],
)
def test_an_invalid_timestamp_is_preserved(text: Any) -> None:
    """A timestamp without offset, a date, and an invalid value are preserved and reported."""
    session, encoded, drifts = decode(created=text)
    assert session.created == text
    assert encoded["created"] == text
    assert drifts == ["$.customerSession.created"]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    moment=st.datetimes(
        timezones=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    )
)
def test_timestamps_round_trip(moment: datetime) -> None:
    """A timestamp in a request decodes to the same moment and offset."""
    request = PRICES.encode(prices_until(moment))
    text = orjson.loads(request.content or b"")["timeframeEndDate"]
    session, encoded, drifts = decode(created=text)
    assert session.created == moment
    assert session.created.utcoffset() == moment.utcoffset()
    assert encoded["created"] == text
    assert drifts == []


@operation("probe", "POST", "/v1/prices", success=(204,), errors=())
def PRICES(body: BestPriorPriceRequest, /) -> None:
    """An operation for these tests."""


def prices_until(moment: Any) -> BestPriorPriceRequest:
    """A request with a timestamp."""
    return BestPriorPriceRequest(
        skus=["S-1"], timeframe="30", timeframe_end_date_type="strict", timeframe_end_date=moment
    )


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (datetime(2026, 5, 1, 12), "datetime without a time zone"),
        ("2026-05-01T12:00:00", "timestamp with an offset, found string"),
        (UTC_NOON.date(), "found date"),
        (1777636800, "found integer"),
        (None, "found null"),
    ],
)
def test_an_invalid_timestamp_in_a_request_is_refused(moment: Any, reason: str) -> None:
    """A `datetime` without a time zone, and any other invalid timestamp, is refused with the field's name."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        PRICES.encode(prices_until(moment))
    assert caught.value.field == "timeframe_end_date"


def test_an_unknown_enum_member_is_decoded() -> None:
    """An unknown state is decoded, encoded as sent, and reported with a hook."""
    session, encoded, drifts = decode(state="frozen")
    assert session.state == "frozen"
    assert encoded["state"] == "frozen"
    assert drifts == ["$.customerSession.state"]


def test_an_unknown_enum_member_can_be_sent() -> None:
    """An unknown enum member is sent as it is."""
    session = NewCustomerSessionV2(state="frozen")
    body = IntegrationRequest(customer_session=session, response_content=["newerContent"])
    request = UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1")
    assert orjson.loads(request.content or b"") == {
        "customerSession": {"state": "frozen"},
        "responseContent": ["newerContent"],
    }


@pytest.mark.parametrize("amount", [0, 10, 10.0, 0.1, 19.99, 1e-9, 123456789012345.67, -5, 2**63])
def test_money_is_preserved(amount: float) -> None:
    """Amounts keep their value and type: an integer stays an integer."""
    session, encoded, drifts = decode(total=amount)
    assert (session.total, type(session.total)) == (amount, type(amount))
    assert orjson.dumps(encoded["total"]) == orjson.dumps(amount)
    assert drifts == []


def test_unknown_fields_are_kept_and_sent() -> None:
    """Unknown fields are in `extra` by their JSON name, and are sent."""
    session, encoded, _ = decode(newerField={"a": [1]})
    assert session.extra == {"newerField": {"a": [1]}}
    assert encoded["newerField"] == {"a": [1]}
    body = IntegrationRequest(customer_session=NewCustomerSessionV2(extra={"newerField": 7}))
    request = UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1")
    assert orjson.loads(request.content or b"") == {"customerSession": {"newerField": 7}}


@operation("probe", "POST", "/v1/prices", errors=())
def PRICE_LIST() -> list[BestPriorPrice]:
    """An operation for these tests."""
    raise NotImplementedError


PRICE: dict[str, Any] = {
    "id": 1,
    "sku": "S-1",
    "observedAt": "2026-05-01T12:00:00Z",
    "contextIds": [],
    "price": 99,
    "metadata": {"influencingCampaignDetails": []},
    "target": {"type": "NONE"},
}


def test_a_response_may_be_a_list() -> None:
    """A list is decoded item by item, an invalid item is preserved, and paths start with its index."""
    prices = PRICE_LIST.decode(200, orjson.dumps([PRICE, PRICE]), reporter=DriftReporter(strict=True))
    assert [price.sku for price in prices] == ["S-1", "S-1"]
    assert RESPONSES.unstructure(prices) == [PRICE, PRICE]
    assert PRICE_LIST.decode(200, b"[]", reporter=DriftReporter(strict=True)) == []

    odd = [PRICE, {**PRICE, "price": "99"}, None, 7, [PRICE], {}]
    drifts: list[Drift] = []
    kept = PRICE_LIST.decode(200, orjson.dumps(odd), reporter=DriftReporter(hook=drifts.append))
    assert RESPONSES.unstructure(kept)[:5] == odd[:5]
    assert [drift.path for drift in drifts][:3] == ["$[1].price", "$[2]", "$[3]"]
    assert "$[5].sku" in [drift.path for drift in drifts]


def test_drift_of_an_item_names_its_model() -> None:
    """The drift of an invalid list item names its model, which distinguishes it from other lists."""
    drifts: list[Drift] = []
    PRICE_LIST.decode(200, b"[7]", reporter=DriftReporter(hook=drifts.append))
    assert [(drift.model, drift.field, drift.path) for drift in drifts] == [("BestPriorPrice", "", "$[0]")]


def test_models_of_different_responses_share_no_containers() -> None:
    """The empty lists and maps of one response are not those of another."""
    first, second = (
        GET_CUSTOMER_SESSION.decode(200, b'{"customerSession": {}, "effects": null}') for _ in range(2)
    )
    assert (
        first
        == second
        == IntegrationCustomerSessionResponse(customer_session=first.customer_session, effects=[])
    )
    assert first.effects is not second.effects
    assert first.customer_session is not None
    assert second.customer_session is not None
    assert first.customer_session.cart_items == second.customer_session.cart_items == []
    assert first.customer_session.cart_items is not second.customer_session.cart_items
