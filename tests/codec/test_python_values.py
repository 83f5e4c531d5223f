"""Python's own values in requests: decimals, dates, UUIDs and sequences."""

from collections import deque
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest

from talon_async import (
    CartItem,
    CustomerProfileIntegrationRequestV2,
    IntegrationRequest,
    InvalidRequestError,
    NewCustomerSessionV2,
)
from talon_async._operations.campaigns import LIST_CAMPAIGNS
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION


def sent(session: NewCustomerSessionV2) -> bytes:
    """The body of a session's update."""
    body = IntegrationRequest(customer_session=session)
    return UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1").content or b""


def attribute_sent(value: Any) -> bytes:
    """The body of a profile's update with one attribute."""
    body = CustomerProfileIntegrationRequestV2(attributes={"it": value})
    return UPDATE_CUSTOMER_PROFILE.encode(body, integration_id="customer-7").content or b""


@pytest.mark.parametrize("digits", ["19.90", "0.1", "1E+2", "-0.000001", "12345678901234567890.123456789"])
def test_a_decimal_is_sent_with_its_own_digits(digits: str) -> None:
    """Money as `Decimal` is sent exactly as written, as a price and as an attribute."""
    price: Any = Decimal(digits)
    content = sent(NewCustomerSessionV2(cart_items=[CartItem(sku="S-1", quantity=1, price=price)]))
    assert f'"price":{digits}'.encode() in content
    assert attribute_sent([price]) == f'{{"attributes":{{"it":[{digits}]}}}}'.encode()


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_a_decimal_is_finite(value: Any) -> None:
    """A `Decimal` that is not a number is refused by field."""
    with pytest.raises(InvalidRequestError, match="finite number") as caught:
        sent(NewCustomerSessionV2(cart_items=[CartItem(sku="S-1", quantity=1, price=value)]))
    assert caught.value.field == "customer_session.cart_items[0].price"
    with pytest.raises(InvalidRequestError, match="finite number"):
        attribute_sent(value)


def test_a_decimal_is_not_an_integer() -> None:
    """Where the contract has an integer, a `Decimal` is refused."""
    quantity: Any = Decimal(1)
    with pytest.raises(InvalidRequestError, match="expected integer, found Decimal"):
        sent(NewCustomerSessionV2(cart_items=[CartItem(sku="S-1", quantity=quantity)]))


def test_dates_and_uuids_are_attributes() -> None:
    """A `date` and a `UUID` are sent in their ISO form."""
    number = UUID("12345678-1234-5678-1234-567812345678")
    content = attribute_sent({"day": date(2026, 5, 1), "ids": [number]})
    assert orjson.loads(content)["attributes"]["it"] == {"day": "2026-05-01", "ids": [str(number)]}


@pytest.mark.parametrize("make", [tuple, deque, list])
def test_sequences_are_arrays(make: Any) -> None:
    """Tuples and other sequences stand for lists: of models, of text, in attributes and in queries."""
    items = make([CartItem(sku="S-1", quantity=1), CartItem(sku="S-2", quantity=2)])
    content = sent(NewCustomerSessionV2(cart_items=items, coupon_codes=make(["A", "B"])))
    session = orjson.loads(content)["customerSession"]
    assert [item["sku"] for item in session["cartItems"]] == ["S-1", "S-2"]
    assert session["couponCodes"] == ["A", "B"]
    assert orjson.loads(attribute_sent(make([1, make([2])])))["attributes"]["it"] == [1, [2]]
    assert LIST_CAMPAIGNS.encode(campaign_ids=make(["1", "2"])).target.endswith("?campaignIds=1,2")


def test_limits_hold_for_sequences() -> None:
    """A tuple is held to the limits of its list."""
    cards: Any = ("CARD-1", "CARD-2")
    with pytest.raises(InvalidRequestError, match="at most 1 items") as caught:
        sent(NewCustomerSessionV2(loyalty_cards=cards))
    assert caught.value.field == "customer_session.loyalty_cards"


def numbers() -> Iterator[int]:
    """A generator."""
    yield 1


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (numbers(), "generator"),
        ({1, 2}, "set"),
        (map(str, [1]), "map"),
        (b"bytes", "bytes"),
        (bytearray(b"x"), "bytearray"),
    ],
)
def test_what_is_not_a_sequence_is_refused_by_name(value: Any, found: str) -> None:
    """Generators, sets and bytes are refused, in attributes and in place of lists."""
    with pytest.raises(InvalidRequestError, match="attributes") as caught:
        attribute_sent(value)
    assert caught.value.reason.endswith(f"found {found}")
    with pytest.raises(InvalidRequestError, match="coupon_codes: expected array"):
        sent(NewCustomerSessionV2(coupon_codes=value))
