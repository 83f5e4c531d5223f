"""Request bodies: what is sent, what is omitted, and what is refused before anything is sent."""

import copy
import functools
import keyword
import re
from collections.abc import Iterator
from typing import Any

import attrs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async import (
    UNSET,
    CatalogAction,
    CatalogActionFilter,
    CatalogSyncRequest,
    IntegrationRequest,
    InvalidRequestError,
    NewCustomerSessionV2,
    RemoveItemCatalogAction,
    RemoveManyItemsCatalogAction,
)
from talon_async._codec.converter import REQUESTS
from talon_async._codec.scope import FULL, INCOMING
from talon_async._codec.shapes import ModelOf, shape_of
from talon_async._codec.validation import find_drift
from talon_async._operations import OPERATIONS
from talon_async._operations.catalogs import SYNC_CATALOG
from talon_async._operations.operation import Operation
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION
from tests.codec.mutations import Place, places_in, text_of, with_value
from tests.contract import Schema, body_of, read
from tests.instances import fullest, instances

# Without the checks that span several fields: no request with all fields satisfies them.
WITH_BODY = [attrs.evolve(each, checks=()) for each in OPERATIONS.values() if each.body is not None]


def schema_of(operation: Operation[..., Any]) -> Schema:
    """The contract's schema of an operation's request body."""
    body = body_of(operation.id)
    assert body is not None
    return read(body["schema"])


def arguments_of(operation: Operation[..., Any]) -> dict[str, Any]:
    """An argument for each path parameter."""
    return {each.name: 7 if each.annotation is int else "cart-1" for each in operation.path_parameters}


def sent_by(operation: Operation[..., Any], body: Any, **arguments: Any) -> Any:
    """The JSON that an operation sends."""
    content = operation.encode(body, **arguments_of(operation), **arguments).content
    assert content is not None
    return orjson.loads(content)


def without_read_only(schema: Schema, document: Any) -> Any:
    """Copy an instance of a schema without its read-only fields."""
    document = copy.deepcopy(document)
    for place in reversed(list(places_in(schema, document))):
        if place.schema.read_only:
            container = functools.reduce(lambda inner, key: inner[key], place.keys[:-1], document)
            del container[place.keys[-1]]
    return document


def full_request(operation: Operation[..., Any]) -> Any:
    """The contract's request with every field that a request may have."""
    schema = schema_of(operation)
    return without_read_only(schema, fullest(schema))


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda each: each.id)
def test_every_field_of_a_request_is_sent(operation: Operation[..., Any]) -> None:
    """Every field that the contract allows in a request is sent; read-only fields are omitted."""
    assert operation.body is not None
    document = full_request(operation)
    assert find_drift(shape_of(operation.body), document, FULL) == []
    everything = REQUESTS.structure(fullest(schema_of(operation)), operation.body)
    assert text_of(sent_by(operation, everything)) == text_of(document)


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda each: each.id)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(data=st.data())
def test_every_valid_request_is_sent_as_is(operation: Operation[..., Any], data: st.DataObject) -> None:
    """A body that the contract allows is sent as the same JSON, without read-only fields."""
    assert operation.body is not None
    schema = schema_of(operation)
    document = data.draw(instances(schema))
    assert find_drift(shape_of(operation.body), document, FULL) == []
    model = REQUESTS.structure(document, operation.body)
    assert text_of(REQUESTS.unstructure(model)) == text_of(without_read_only(schema, document))


CODES: list[tuple[Any, dict[str, Any]]] = [
    (UNSET, {}),
    (None, {"couponCodes": None}),
    ([], {"couponCodes": []}),
    (["A", "B"], {"couponCodes": ["A", "B"]}),
]


@pytest.mark.parametrize(("codes", "sent"), CODES)
def test_unset_null_and_empty_are_sent_differently(codes: Any, sent: dict[str, Any]) -> None:
    """`UNSET` is not sent, `None` is sent as `null`, an empty list as an empty list."""
    session = NewCustomerSessionV2(coupon_codes=codes)
    assert REQUESTS.unstructure(session) == sent
    assert sent_by(UPDATE_CUSTOMER_SESSION, IntegrationRequest(customer_session=session)) == {
        "customerSession": sent
    }
    assert NewCustomerSessionV2().coupon_codes is UNSET


@pytest.mark.parametrize(("codes", "sent"), CODES)
def test_unset_null_and_empty_are_decoded_differently(codes: Any, sent: dict[str, Any]) -> None:
    """A decoded request distinguishes missing fields from `null` and from empty lists."""
    request = {"customerSession": sent}
    assert find_drift(ModelOf(IntegrationRequest), request, INCOMING) == []
    model = REQUESTS.structure(request, IntegrationRequest)
    assert model == IntegrationRequest(customer_session=NewCustomerSessionV2(coupon_codes=codes))


@pytest.mark.parametrize(("response_content", "sent"), [(UNSET, {}), ([], {"responseContent": []})])
def test_an_empty_response_content_is_sent(response_content: Any, sent: dict[str, Any]) -> None:
    """An empty list of response content is sent; `UNSET` is not."""
    body = IntegrationRequest(customer_session=NewCustomerSessionV2(), response_content=response_content)
    assert sent_by(UPDATE_CUSTOMER_SESSION, body) == {"customerSession": {}} | sent


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda each: each.id)
def test_every_enum_of_a_request_takes_newer_members(operation: Operation[..., Any]) -> None:
    """A member that no enum of the contract has is sent at its place, and is the only one that is noted."""
    assert operation.body is not None
    schema, document = schema_of(operation), full_request(operation)
    full = REQUESTS.structure(document, operation.body)
    assert operation.encode(full, **arguments_of(operation)).unknown_members == ()
    for place in places_in(schema, document):
        if place.schema.members and place.path != "$.actions[0].type":  # which determines the payload
            newer = with_value(document, place.keys, "NewerMember")
            body = REQUESTS.structure(newer, operation.body)
            request = operation.encode(body, **arguments_of(operation))
            assert orjson.loads(request.content or b"") == newer
            (noted,) = request.unknown_members
            assert noted.value == "NewerMember"
            assert noted.known == frozenset(place.schema.members)
            path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place.keys)
            assert noted.path.replace("_", "").lower() == path.lstrip(".").lower()


def test_enums_in_payloads_take_newer_members() -> None:
    """The payloads of catalog actions are searched, whichever model the type of the action selects."""
    actions: list[CatalogAction] = [
        CatalogAction(type="REMOVE", payload=RemoveItemCatalogAction(sku="S-1")),
        CatalogAction(
            type="REMOVE_MANY",
            payload=RemoveManyItemsCatalogAction(
                filters=[CatalogActionFilter(attr="color", op="NE", value="red")]
            ),
        ),
    ]
    operation = attrs.evolve(SYNC_CATALOG, checks=())
    (noted,) = operation.encode(CatalogSyncRequest(actions=actions), catalog_id=1).unknown_members
    assert (noted.model, noted.field, noted.value) == ("CatalogActionFilter", "op", "NE")
    assert noted.path == "actions[1].payload.filters[0].op"


def limits_of(operation: Operation[..., Any]) -> Iterator[tuple[Place, Any, Any]]:
    """Yield each limit of the contract: its place, a value at the limit, and a value just beyond it."""
    schema = schema_of(operation)
    for place in places_in(schema, full_request(operation)):
        item = place.value[0] if place.schema.kind == "array" and place.value else None
        for name, bound in place.schema.limits.items():
            match name:
                case "maxLength":
                    yield place, "x" * bound, "x" * (bound + 1)
                case "minLength":
                    yield place, "x" * bound, "x" * (bound - 1)
                case "maxItems":
                    yield place, items(item, bound), items(item, bound + 1)
                case "minItems":
                    yield place, items(item, bound), items(item, bound - 1)
                case "minimum":
                    yield place, bound, bound - 1
                case "maximum":
                    yield place, bound, bound + 1
                case "uniqueItems":
                    yield place, items(item, 2), [item, item]
                case "pattern":
                    yield place, "Text-100", "text with spaces"
                case _:
                    raise AssertionError(name)


def items(example: Any, count: int) -> list[Any]:
    """Items like an example; scalars are distinct."""
    match example:
        case int():
            return [example + n for n in range(count)]
        case str():
            return [f"{example}-{n}" for n in range(count)]
        case _:
            return [example] * count


def attribute_path(path: str) -> str:
    """Convert a JSON path such as ``$.cartItems[0].catalogItemID`` to the attributes of the models."""

    def attribute(match: re.Match[str]) -> str:
        name = re.sub("(?<=[a-z])(?=[A-Z])", "_", match[0]).lower()
        return f"{name}_" if keyword.iskeyword(name) else name

    return re.sub(r"(?<=\.)\w+", attribute, path).removeprefix("$.")


LIMITS = [
    pytest.param(operation, place, valid, invalid, id=f"{operation.id}: {place.path}")
    for operation in WITH_BODY
    for place, valid, invalid in limits_of(operation)
]


@pytest.mark.parametrize(("operation", "place", "valid", "invalid"), LIMITS)
def test_each_limit_of_the_contract_is_checked_before_sending(
    operation: Operation[..., Any], place: Place, valid: Any, invalid: Any
) -> None:
    """A value at the limit is sent; beyond it, the request is refused with the field."""
    assert operation.body is not None
    cls = operation.body
    document = with_value(full_request(operation), place.keys, valid)
    assert sent_by(operation, REQUESTS.structure(document, cls)) == document

    body = REQUESTS.structure(with_value(document, place.keys, invalid), cls)
    with pytest.raises(InvalidRequestError) as caught:
        operation.encode(body, **arguments_of(operation))
    assert caught.value.field == attribute_path(place.path)
