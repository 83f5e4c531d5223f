"""Single values: open enums, timestamps, money, and what is in none of the models."""

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


def read(**fields: Any) -> tuple[CustomerSessionV2, dict[str, Any], list[str]]:
    """Read a session; gives the model, what it encodes to, and the paths at which it drifts."""
    drifts: list[Drift] = []
    body = orjson.dumps({"customerSession": SESSION | fields})
    answer = GET_CUSTOMER_SESSION.decode(200, body, reporter=DriftReporter(hook=drifts.append))
    assert answer.customer_session is not None
    encoded = RESPONSES.unstructure(answer)["customerSession"]
    return answer.customer_session, encoded, [drift.path for drift in drifts]


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
def test_a_timestamp_is_a_moment(text: str, moment: datetime, written: str) -> None:
    """Timestamps are read with offset and up to nanoseconds, of which microseconds stay, and written back."""
    session, encoded, drifts = read(created=text)
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
def test_what_names_no_moment_stays_as_sent(text: Any) -> None:
    """A timestamp without offset, a date, and what is none at all are kept as they came, and reported."""
    session, encoded, drifts = read(created=text)
    assert session.created == text
    assert encoded["created"] == text
    assert drifts == ["$.customerSession.created"]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    moment=st.datetimes(
        timezones=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    )
)
def test_moments_go_out_and_come_back(moment: datetime) -> None:
    """What a request says of a moment is, read again, the same moment at the same offset."""
    request = PRICES.encode(prices_until(moment))
    text = orjson.loads(request.content or b"")["timeframeEndDate"]
    session, encoded, drifts = read(created=text)
    assert session.created == moment
    assert session.created.utcoffset() == moment.utcoffset()
    assert encoded["created"] == text
    assert drifts == []


@operation("probe", "POST", "/v1/prices", success=(204,), errors=())
def PRICES(body: BestPriorPriceRequest, /) -> None:
    """An operation of our own."""


def prices_until(moment: Any) -> BestPriorPriceRequest:
    """A request that names a moment."""
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
def test_a_request_names_a_moment_or_is_refused(moment: Any, reason: str) -> None:
    """A `datetime` without a time zone is refused with the field's name, and so is what is none."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        PRICES.encode(prices_until(moment))
    assert caught.value.field == "timeframe_end_date"


def test_a_newer_member_of_an_enum_is_accepted() -> None:
    """A state that this release does not know is read, given back, and reported when asked."""
    session, encoded, drifts = read(state="frozen")
    assert session.state == "frozen"
    assert encoded["state"] == "frozen"
    assert drifts == ["$.customerSession.state"]


def test_a_newer_member_of_an_enum_can_be_sent() -> None:
    """The service decides what it knows: a newer member goes out as it is."""
    session = NewCustomerSessionV2(state="frozen")
    body = IntegrationRequest(customer_session=session, response_content=["newerContent"])
    request = UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1")
    assert orjson.loads(request.content or b"") == {
        "customerSession": {"state": "frozen"},
        "responseContent": ["newerContent"],
    }


@pytest.mark.parametrize("amount", [0, 10, 10.0, 0.1, 19.99, 1e-9, 123456789012345.67, -5, 2**63])
def test_money_stays_as_sent(amount: float) -> None:
    """Amounts are neither rounded nor made into another type: what was an integer stays one."""
    session, encoded, drifts = read(total=amount)
    assert (session.total, type(session.total)) == (amount, type(amount))
    assert orjson.dumps(encoded["total"]) == orjson.dumps(amount)
    assert drifts == []


def test_unknown_fields_are_kept_and_sent() -> None:
    """What a newer service sends, or a user adds, is at hand in `extra` by its JSON name, and goes out."""
    session, encoded, _ = read(newerField={"a": [1]})
    assert session.extra == {"newerField": {"a": [1]}}
    assert encoded["newerField"] == {"a": [1]}
    body = IntegrationRequest(customer_session=NewCustomerSessionV2(extra={"newerField": 7}))
    request = UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1")
    assert orjson.loads(request.content or b"") == {"customerSession": {"newerField": 7}}


@operation("probe", "POST", "/v1/prices", errors=())
def PRICE_LIST() -> list[BestPriorPrice]:
    """An operation of our own."""
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


def test_an_answer_may_be_a_list() -> None:
    """A list is read item by item, an item of another kind is kept, and paths start with its index."""
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
    """An item of a list that is none is told by its model, so that it is not taken for another list's."""
    drifts: list[Drift] = []
    PRICE_LIST.decode(200, b"[7]", reporter=DriftReporter(hook=drifts.append))
    assert [(drift.model, drift.field, drift.path) for drift in drifts] == [("BestPriorPrice", "", "$[0]")]


def test_models_of_different_answers_share_nothing() -> None:
    """What one answer made empty is not the list or map of another."""
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
