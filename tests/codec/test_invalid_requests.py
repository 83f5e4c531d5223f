"""Requests that are refused before anything is sent, with the invalid field."""

import math
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from talon_async import (
    UNSET,
    AddItemCatalogAction,
    AdditionalCost,
    CartItem,
    CatalogAction,
    CatalogSyncRequest,
    CustomerProfileIntegrationRequestV2,
    IntegrationEventV2Request,
    IntegrationRequest,
    InvalidRequestError,
    NewCustomerSessionV2,
)
from talon_async._operations.catalogs import SYNC_CATALOG
from talon_async._operations.events import TRACK_EVENT
from talon_async._operations.operation import Operation, WireRequest
from talon_async._operations.profiles import UPDATE_CUSTOMER_PROFILE
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from tests.codec.instructions import instructions_of

MOMENT = datetime(2026, 5, 1, 12, tzinfo=UTC)
NAIVE = datetime(2026, 5, 1, 12)


def update(session: NewCustomerSessionV2, **options: Any) -> WireRequest:
    """Encode the update of a session."""
    body = IntegrationRequest(
        customer_session=session, response_content=options.pop("response_content", UNSET)
    )
    return UPDATE_CUSTOMER_SESSION.encode(body, customer_session_id="cart-1", **options)


def cart(*quantities: int) -> NewCustomerSessionV2:
    """A session with an item for each quantity."""
    return NewCustomerSessionV2(
        cart_items=[CartItem(sku=f"S-{n}", quantity=units) for n, units in enumerate(quantities)]
    )


def test_a_cart_has_at_most_1000_items() -> None:
    """1000 cart items are sent; 1001 are refused."""
    update(cart(*[1] * 1000))
    with pytest.raises(InvalidRequestError, match="at most 1000 items") as caught:
        update(cart(*[1] * 1001))
    assert caught.value.field == "customer_session.cart_items"


def test_a_cart_has_at_most_10000_units() -> None:
    """Quantities that sum up to 10,000 are sent; one unit more is refused."""
    update(cart(9_999, 1))
    with pytest.raises(InvalidRequestError, match="at most 10000 units in all, found 10001") as caught:
        update(cart(9_999, 2))
    assert caught.value.field == "customer_session.cart_items"


@pytest.mark.parametrize("dry", [UNSET, False])
def test_now_needs_a_dry_request(dry: Any) -> None:
    """`now` is sent with ``dry=True`` and refused without it."""
    assert "now=2026-05-01T12%3A00%3A00Z" in update(cart(1), dry=True, now=MOMENT).target
    with pytest.raises(InvalidRequestError, match="dry=True") as caught:
        update(cart(1), dry=dry, now=MOMENT)
    assert caught.value.field == "now"


@pytest.mark.parametrize("dry", [UNSET, False])
def test_a_complete_evaluation_needs_a_dry_request(dry: Any) -> None:
    """`force_complete_evaluation=True` needs ``dry=True``; `False` is always accepted."""
    event = IntegrationEventV2Request(type="visit")
    TRACK_EVENT.encode(event, dry=True, force_complete_evaluation=True)
    TRACK_EVENT.encode(event, dry=dry, force_complete_evaluation=False)
    with pytest.raises(InvalidRequestError, match="dry=True") as caught:
        TRACK_EVENT.encode(event, dry=dry, force_complete_evaluation=True)
    assert caught.value.field == "force_complete_evaluation"


ELIGIBILITY = ["customerProfile", "campaignEligibility"]


@pytest.mark.parametrize("dry", [UNSET, False])
@pytest.mark.parametrize(
    ("operation", "body", "arguments"),
    [
        (
            UPDATE_CUSTOMER_SESSION,
            IntegrationRequest(customer_session=cart(1), response_content=[*ELIGIBILITY]),
            {"customer_session_id": "cart-1"},
        ),
        (
            UPDATE_CUSTOMER_PROFILE,
            CustomerProfileIntegrationRequestV2(response_content=[*ELIGIBILITY]),
            {"integration_id": "customer-7"},
        ),
        (TRACK_EVENT, IntegrationEventV2Request(type="visit", response_content=[*ELIGIBILITY]), {}),
    ],
    ids=["session", "profile", "event"],
)
def test_eligibility_needs_a_dry_request(
    operation: Operation[..., Any], body: Any, arguments: dict[str, Any], dry: Any
) -> None:
    """Campaign eligibility can be requested only with ``dry=True``."""
    operation.encode(body, **arguments, dry=True)
    with pytest.raises(InvalidRequestError, match="campaignEligibility") as caught:
        operation.encode(body, **arguments, dry=dry)
    assert caught.value.field == "response_content"


def test_attributes_nest_at_most_200_levels() -> None:
    """Attributes of 200 levels are sent; those of 201 are refused."""
    TRACK_EVENT.encode(IntegrationEventV2Request(type="visit", attributes=nested(200)))
    with pytest.raises(InvalidRequestError, match="at most 200 levels"):
        TRACK_EVENT.encode(IntegrationEventV2Request(type="visit", attributes=nested(201)))


def test_attributes_cost_little_to_check() -> None:
    """An attribute takes as little work as one comparison of its type, so that bulk jobs stay fast."""

    def instructions(attributes: dict[str, Any]) -> int:
        body = CustomerProfileIntegrationRequestV2(attributes=attributes)
        return instructions_of(lambda: UPDATE_CUSTOMER_PROFILE.encode(body, integration_id="customer-7"))

    instructions({})  # generates the functions
    values = ["blue", 42, True, None, 0.75] * 20
    most = 30 * len(values)
    assert instructions({f"attribute {n}": value for n, value in enumerate(values)}) < instructions({}) + most
    assert instructions({"list": values}) < instructions({}) + most


NOT_JSON: list[Any] = [
    math.nan,
    math.inf,
    -math.inf,
    2**64,
    -(2**63) - 1,
    2**70,
    "half a pair: \ud83d",
    NAIVE,
    {"a", "set"},
    b"bytes",
    UNSET,
    object(),
]


@pytest.mark.parametrize("value", NOT_JSON, ids=lambda value: type(value).__name__)
def test_values_without_a_json_form_are_refused(value: Any) -> None:
    """A value in attributes without a JSON form is refused with its path."""
    with pytest.raises(InvalidRequestError) as caught:
        update(NewCustomerSessionV2(attributes={"fine": 1, "deep": [{"down": value}]}))
    assert caught.value.field == "customer_session.attributes['deep'][0]['down']"


@pytest.mark.parametrize("value", [math.nan, math.inf, NAIVE, UNSET, 2**70, "\ud83d", {"set"}], ids=repr)
def test_extra_fields_without_a_json_form_are_refused(value: Any) -> None:
    """A value without a JSON form is refused in extra fields too: NaN is not sent as `null`."""
    with pytest.raises(InvalidRequestError):
        TRACK_EVENT.encode(IntegrationEventV2Request(type="visit", extra={"newer": value}))


@pytest.mark.parametrize("value", [2**64 - 1, -(2**63), 1.5, True, None, "\U0001f600", [], {}, MOMENT])
def test_values_with_a_json_form_are_sent(value: Any) -> None:
    """Attributes accept any value with a JSON form, up to 64-bit integers; a `datetime` is sent as text."""
    request = TRACK_EVENT.encode(IntegrationEventV2Request(type="visit", attributes={"any": [value]}))
    sent = "2026-05-01T12:00:00Z" if value is MOMENT else value
    assert orjson.loads(request.content or b"") == {"type": "visit", "attributes": {"any": [sent]}}


def nested(depth: int) -> dict[str, Any]:
    """Nested objects."""
    attributes: dict[str, Any] = {}
    for _ in range(depth):
        attributes = {"in": attributes}
    return attributes


def circular() -> dict[str, Any]:
    """An object that contains itself."""
    attributes: dict[str, Any] = {}
    attributes["self"] = attributes
    return attributes


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(nested(400), id="deep"),
        pytest.param(nested(50_000), id="deeper"),
        pytest.param(circular(), id="circular"),
        pytest.param({7: "a number as a name"}, id="number as a name"),
        pytest.param({"\udc00": "half a surrogate pair as a name"}, id="half a surrogate pair as a name"),
    ],
)
def test_attributes_that_cannot_be_encoded_are_refused(attributes: Any) -> None:
    """Names that are not strings and circular nesting are refused."""
    with pytest.raises(InvalidRequestError):
        TRACK_EVENT.encode(IntegrationEventV2Request(type="visit", attributes=attributes))


@pytest.mark.parametrize(
    ("session", "field", "reason"),
    [
        ({"profile_id": 7}, "profile_id", "expected string, found integer"),
        ({"coupon_codes": "A"}, "coupon_codes", "expected array, found string"),
        ({"coupon_codes": ["A", None]}, "coupon_codes[1]", "expected string, found null"),
        ({"evaluable_campaign_ids": ["7"]}, "evaluable_campaign_ids[0]", "expected integer, found string"),
        ({"evaluable_campaign_ids": [7.0]}, "evaluable_campaign_ids[0]", "expected integer, found number"),
        ({"cart_items": [{"sku": "S", "quantity": "1"}]}, "cart_items[0]", "found dict, not a model"),
        ({"cart_items": [7]}, "cart_items[0]", "expected object CartItem, found integer"),
        (
            {"additional_costs": {7: AdditionalCost(price=1)}},
            "additional_costs",
            "string keys, found integer",
        ),
        ({"additional_costs": {"\ud800": AdditionalCost(price=1)}}, "additional_costs", "a lone surrogate"),
        ({"additional_costs": {"ship": 7}}, "additional_costs['ship']", "expected object AdditionalCost"),
        ({"attributes": ["a"]}, "attributes", "expected object, found array"),
        ({"state": True}, "state", "expected string, found boolean"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(session: dict[str, Any], field: str, reason: str) -> None:
    """A value of the wrong type is refused with its field, the expected type and the found type."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        update(NewCustomerSessionV2(**session))
    assert caught.value.field == f"customer_session.{field}"


A_SHOE: dict[str, Any] = {"sku": "S", "quantity": 1}
A_TEXT: dict[str, Any] = {"price": "9"}


@pytest.mark.parametrize(
    ("item", "field", "reason"),
    [
        ({"quantity": True}, "quantity", "expected integer, found boolean"),
        ({"quantity": 1.0}, "quantity", "expected integer, found number"),
        ({"quantity": None}, "quantity", "expected integer, found null"),
        ({"quantity": UNSET}, "quantity", "expected integer, found Unset"),
        ({"quantity": 2**64}, "quantity", "at most 64 bits"),
        ({"price": "99.90"}, "price", "expected number, found string"),
        ({"price": True}, "price", "expected number, found boolean"),
        ({"price": math.nan}, "price", "expected finite number, found nan"),
        ({"sku": 7}, "sku", "expected string, found integer"),
        ({"name": "\ud800"}, "name", "a lone surrogate"),
        ({"additional_costs": {"ship": AdditionalCost(**A_TEXT)}}, "additional_costs['ship'].price", "str"),
    ],
)
def test_a_cart_item_with_wrong_types_is_refused(item: dict[str, Any], field: str, reason: str) -> None:
    """A boolean is not an integer, a string is not a price, and required fields cannot be missing."""
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        update(NewCustomerSessionV2(cart_items=[CartItem(**{**A_SHOE, **item})]))
    assert caught.value.field == f"customer_session.cart_items[0].{field}"


@pytest.mark.parametrize("body", [None, {}, {"type": "visit"}, NewCustomerSessionV2(), UNSET])
def test_a_body_of_another_model_is_refused(body: Any) -> None:
    """Only the operation's model is accepted as its body."""
    with pytest.raises(InvalidRequestError, match="expected IntegrationEventV2Request") as caught:
        TRACK_EVENT.encode(body)
    assert caught.value.field == "body"


def test_a_misspelled_type_of_catalog_action_is_named() -> None:
    """The error shows the type, cut off and on one line, and lists the known ones."""
    action = CatalogAction(type="INSERT\n" + "x" * 1000, payload=AddItemCatalogAction(sku="S-1"))
    with pytest.raises(InvalidRequestError) as caught:
        SYNC_CATALOG.encode(CatalogSyncRequest(actions=[action]), catalog_id=1)
    assert str(caught.value) == (
        "actions[0].payload: expected type to be one of 'ADD', 'ADD_PRICE_ADJUSTMENT', 'PATCH', "
        rf"'PATCH_MANY', 'REMOVE', 'REMOVE_MANY', found 'INSERT\n{'x' * 93}...'"
    )
