"""Responses, valid and drifting, generated from the provider's schemas."""

import functools
import json
from collections.abc import Iterable
from typing import Any

import attrs
import orjson
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from talon_async import Drift, ResponseDecodeError, models
from talon_async._codec.converter import RESPONSES, structure
from talon_async._codec.drift_reporter import DriftReporter
from talon_async._codec.scope import FULL, TOLERANT
from talon_async._codec.shapes import ModelOf
from talon_async._codec.structure import Note
from talon_async._codec.validation import find_drift
from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation
from talon_async.errors import DriftKind
from tests.codec.mutations import MISSING, Mutation, mutations_at, places_in, text_of
from tests.contract import Kind, Schema, component, reachable, response_of
from tests.instances import JSON, fullest, instances

MUTATIONS_EACH = 12
"""The number of mutations of each valid response, one at a time."""
FINITE = st.floats(allow_nan=False, allow_infinity=False)

WITH_RESPONSE = [
    *{each.response_shape: each for each in OPERATIONS.values() if each.response_shape is not None}.values()
]
"""One operation for each response model."""

EACH_RESPONSE = pytest.mark.parametrize("operation", WITH_RESPONSE, ids=lambda each: each.id)
EACH_OUTERMOST_TYPE = pytest.mark.parametrize(
    "operation",
    [*{type(each.response_shape): each for each in WITH_RESPONSE}.values()],
    ids=lambda each: each.id,
)
NAMED = sorted(
    schema.name
    for schema in reachable(*filter(None, map(response_of, OPERATIONS)))
    if schema.kind == "object" and schema.name
)


Drifts = frozenset[tuple[str, DriftKind]]
"""The path and kind of each drift."""


def places_of(drifts: Iterable[Drift]) -> Drifts:
    """The path and kind of each drift."""
    return frozenset((drift.path, drift.kind) for drift in drifts)


@attrs.frozen
class Decoded:
    """The result of decoding a document.

    Attributes:
        encoded: What the model encodes to.
        drifts: The drifts that the hook received.
    """

    encoded: Any
    drifts: Drifts


def decode(operation: Operation[..., Any], document: Any) -> Decoded:
    """Decode a response, with a hook, and encode it again."""
    drifts: list[Drift] = []
    model = operation.decode(200, orjson.dumps(document), reporter=DriftReporter(hook=drifts.append))
    return Decoded(RESPONSES.unstructure(model), places_of(drifts))


def encodings_of(mutation: Mutation, document: Any) -> set[bytes]:
    """The valid encodings of a mutated document: the `null` of an optional field may be omitted or kept."""
    texts = {text_of(mutation.kept_in(document))}
    return texts | {text_of(mutation.sent_in(document))} if mutation.kept is MISSING else texts


def schema_of(operation: Operation[..., Any]) -> Schema:
    """The contract's schema of an operation's response."""
    schema = response_of(operation.id)
    assert schema is not None
    return schema


@EACH_RESPONSE
@given(data=st.data())
def test_a_valid_response_round_trips(operation: Operation[..., Any], data: st.DataObject) -> None:
    """A valid response decodes without drift, in strict mode too, and encodes to the same JSON."""
    document = data.draw(instances(schema_of(operation)))
    assert decode(operation, document) == Decoded(document, frozenset())
    strictly = operation.decode(200, orjson.dumps(document), reporter=DriftReporter(strict=True))
    assert text_of(RESPONSES.unstructure(strictly)) == text_of(document)


@EACH_RESPONSE
@given(data=st.data())
def test_a_mutated_response_is_decoded_and_its_drift_reported(
    operation: Operation[..., Any], data: st.DataObject
) -> None:
    """One mutation anywhere loses no data, is reported with its path, and raises in strict mode."""
    document = data.draw(instances(schema_of(operation)))
    values = data.draw(OF_KINDS)
    mutations = [
        mutation
        for place in places_in(schema_of(operation), document)
        for mutation in mutations_at(place, values)
    ]
    assume(mutations)  # an empty array has no place to mutate
    drawn = st.lists(st.sampled_from(mutations), min_size=MUTATIONS_EACH, max_size=MUTATIONS_EACH)
    for mutation in data.draw(drawn):
        check_mutation(operation, mutation, document)


def check_mutation(operation: Operation[..., Any], mutation: Mutation, document: Any) -> None:
    """Decode a document with one mutation, tolerantly and strictly."""
    sent = mutation.sent_in(document)
    decoded = decode(operation, sent)
    assert decoded.drifts == mutation.drifts
    assert text_of(decoded.encoded) in encodings_of(mutation, document)
    if mutation.drifts:
        with pytest.raises(ResponseDecodeError) as caught:
            operation.decode(200, orjson.dumps(sent), reporter=DriftReporter(strict=True))
        assert places_of(caught.value.drifts) == mutation.drifts
        assert caught.value.path == caught.value.drifts[0].path


OF_KINDS: st.SearchStrategy[dict[Kind, Any]] = st.fixed_dictionaries(
    {
        "string": st.text(max_size=6),
        "integer": st.integers(-(2**63), 2**64 - 1),
        "number": FINITE.filter(lambda number: number % 1 != 0),
        "boolean": st.booleans(),
        "array": st.lists(JSON, max_size=2),
        "object": st.dictionaries(st.text(max_size=6), JSON, max_size=2),
    }
)
"""A JSON value of each kind."""


@pytest.mark.parametrize("name", NAMED)
def test_every_field_round_trips_and_every_drift_of_it_is_reported(name: str) -> None:
    """Each field of each response model is decoded, encoded and checked as the contract describes it."""
    schema = component(name)
    shape = ModelOf(getattr(models, name))
    document = fullest(schema)
    model, notes = structure(shape, document)
    assert not notes
    assert find_drift(shape, document, FULL) == []
    assert text_of(RESPONSES.unstructure(model)) == text_of(document)

    faults: list[tuple[Any, ...]] = []
    for place in places_in(schema, document):
        if len(place.keys) > 1 and place.owner:
            continue  # a field of another model
        for mutation in mutations_at(place):
            sent = mutation.sent_in(document)
            model, notes = structure(shape, sent)
            found = places_of(find_drift(shape, sent, FULL))
            if found != mutation.drifts:
                faults.append((place.path, mutation.name, "is reported as", found))
            if text_of(RESPONSES.unstructure(model)) not in encodings_of(mutation, document):
                faults.append((place.path, mutation.name, "is encoded as", RESPONSES.unstructure(model)))
    assert faults == []


SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | FINITE | st.text(max_size=6)


@functools.cache
def strange(schema: Schema) -> st.SearchStrategy[Any]:
    """Generate documents with the contract's names in the right places and any values, or none."""
    right: st.SearchStrategy[Any]
    match schema:
        case Schema(kind="array", item=Schema() as item):
            right = st.lists(strange(item), max_size=2)
        case Schema(kind="map", item=Schema() as item):
            right = st.dictionaries(st.text(max_size=6), strange(item), max_size=2)
        case Schema(kind="object"):
            right = strange_objects(schema)
        case Schema(kind="effect props"):
            right = st.sampled_from(schema.alternatives).flatmap(strange)
        case Schema(kind="string", name=""):
            right = st.sampled_from([*schema.members, *models.EFFECT_PROPS, "newer"])
        case _:
            right = instances(schema)

    @st.composite
    def right_or_not(draw: st.DrawFn) -> Any:
        return draw(JSON if draw(st.integers(0, 4)) == 0 else right)

    return right_or_not()


def strange_objects(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Generate objects with some fields of a schema, required or not."""

    @st.composite
    def objects(draw: st.DrawFn) -> dict[str, Any]:
        names = draw(st.sets(st.sampled_from(sorted(schema.properties)), max_size=5))
        return {name: draw(strange(schema.properties[name])) for name in sorted(names)}

    return objects()


@EACH_RESPONSE
@given(data=st.data())
def test_any_object_decodes_to_a_model(operation: Operation[..., Any], data: st.DataObject) -> None:
    """Any JSON of the right outermost type decodes to a model."""
    schema = schema_of(operation)
    documents = (
        strange_objects(schema) if schema.kind == "object" else st.lists(strange(schema.item or schema))
    )
    body = json.dumps(data.draw(documents)).encode()
    operation.decode(200, body)
    model = operation.decode(200, body, reporter=DriftReporter(hook=lambda _: None))
    RESPONSES.unstructure(model)


@EACH_RESPONSE
@given(data=st.data())
def test_drift_is_found_until_it_is_reported(operation: Operation[..., Any], data: st.DataObject) -> None:
    """A document is not walked if all of its drift is reported; any other drift in it is still found."""
    shape = operation.response_shape
    assert shape is not None
    document = data.draw(strange(schema_of(operation)))
    scope = data.draw(st.sampled_from([TOLERANT, FULL]))
    assume(isinstance(document, dict if isinstance(shape, ModelOf) else list))
    drifts: set[Note] = {
        (drift.model, drift.field, drift.kind) for drift in find_drift(shape, document, scope)
    }
    if isinstance(shape, ModelOf):
        assert find_drift(shape, document, scope, reported=drifts) == []
    for drift in drifts:
        others = find_drift(shape, document, scope, reported=drifts - {drift})
        assert drift in {(other.model, other.field, other.kind) for other in others}


@EACH_OUTERMOST_TYPE
@given(document=SCALARS | st.lists(JSON) | st.dictionaries(st.text(), JSON))
def test_json_of_another_type_is_rejected(operation: Operation[..., Any], document: Any) -> None:
    """JSON of another outermost type raises `ResponseDecodeError` with the response, in every mode."""
    right = dict if isinstance(operation.response_shape, ModelOf) else list
    assume(not isinstance(document, right))
    body = json.dumps(document).encode()
    with pytest.raises(ResponseDecodeError) as caught:
        operation.decode(200, body, headers={"x-request": "7"})
    assert (caught.value.status, caught.value.body, caught.value.path) == (200, body, "$")
    assert (caught.value.headers, caught.value.operation) == ({"x-request": "7"}, operation.id)


@EACH_OUTERMOST_TYPE
@given(noise=st.binary(min_size=1) | st.text(min_size=1).map(str.encode))
@example(noise=b"[" * 100_000)
@example(noise=b'{"effects":' * 100_000)
@example(noise=b'{"effects": []')
@example(noise=b'{"effects": [NaN]}')
@example(noise=b'{"effects": "\xff"}')
def test_invalid_json_is_rejected(operation: Operation[..., Any], noise: bytes) -> None:
    """Bytes that are not valid JSON raise `ResponseDecodeError`."""
    assume(noise.strip() and noise.strip()[:1] not in b'"0123456789[]{}tfn-')
    with pytest.raises(ResponseDecodeError) as caught:
        operation.decode(200, noise)
    assert (caught.value.body, caught.value.path, caught.value.drifts) == (noise, "$", ())
