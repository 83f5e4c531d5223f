"""Conversion of models to plain values and JSON, and back."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talon_async import (
    CartItem,
    Coupon,
    CustomerSessionV2,
    IntegrationStateV2,
    Model,
    NewCustomerSessionV2,
    from_dict,
    to_dict,
    to_json,
)
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from talon_async.models import IntegrationRequest
from talon_async.testing import make
from tests.contract import component
from tests.instances import fullest, instances


def test_a_request_becomes_the_json_that_is_sent() -> None:
    """`to_dict` has the provider's names; what is `UNSET` is omitted, `None` is null."""
    session = NewCustomerSessionV2(
        profile_id="customer-7",
        coupon_codes=[],
        referral_code=None,
        cart_items=[CartItem(sku="S", quantity=1)],
    )
    document = to_dict(session)
    assert document == {
        "profileId": "customer-7",
        "couponCodes": [],
        "referralCode": None,
        "cartItems": [{"sku": "S", "quantity": 1}],
    }
    assert from_dict(NewCustomerSessionV2, document) == session
    request = UPDATE_CUSTOMER_SESSION.encode(
        IntegrationRequest(customer_session=session), customer_session_id="cart-1"
    )
    assert json.loads(request.content or b"") == {"customerSession": document}


def test_timestamps_are_strings() -> None:
    """Any JSON library can encode a converted response, timestamps included."""
    coupon = make(Coupon, created=datetime(2026, 5, 1, 12, tzinfo=UTC))
    coupon.extra = {"newer": 1}
    document = json.loads(json.dumps(to_dict(coupon)))
    assert (document["created"], document["newer"]) == ("2026-05-01T12:00:00Z", 1)
    assert from_dict(Coupon, document) == coupon


@given(data=st.data())
@pytest.mark.parametrize("cls", [IntegrationStateV2, CustomerSessionV2, NewCustomerSessionV2, Coupon])
def test_every_document_round_trips(cls: type[Model], data: st.DataObject) -> None:
    """Any valid document is equal after a round trip, as values and as text."""
    document: Any = data.draw(instances(component(cls.__name__)))
    model = from_dict(cls, document)
    assert from_dict(cls, to_dict(model)) == model
    assert from_dict(cls, orjson.loads(to_json(model))) == model


def test_a_stored_cart_becomes_a_request() -> None:
    """A session that was decoded and stored can be sent again, without its read-only fields."""
    stored = to_dict(from_dict(CustomerSessionV2, fullest(component("CustomerSessionV2"))))
    session = from_dict(NewCustomerSessionV2, stored)
    request = UPDATE_CUSTOMER_SESSION.encode(
        IntegrationRequest(customer_session=NewCustomerSessionV2(cart_items=session.cart_items)),
        customer_session_id="cart-2",
    )
    assert b"position" not in (request.content or b"")
