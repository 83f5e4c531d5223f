"""Mutations of a valid response that violate the contract at one place, and their expected outcome."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import orjson

from talon_async.errors import DriftKind
from tests.contract import Kind, Schema, effect_props


class _Missing:
    """The type of `MISSING`."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""Marks a missing value."""


@attrs.frozen(kw_only=True)
class Place:
    """A value in an instance of a schema.

    Attributes:
        keys: The keys and indices that lead to it from the instance.
        path: The same as a JSON path.
        schema: The schema of the value.
        owner: The object whose field it is; `None` for an item of an array or map.
        value: The value.
    """

    keys: tuple[str | int, ...]
    path: str
    schema: Schema
    owner: Schema | None
    value: Any

    @property
    def required(self) -> bool:
        """Whether the contract requires the value; an item of an array or map counts as required."""
        return self.owner is None or self.keys[-1] in self.owner.required


@attrs.frozen(kw_only=True)
class Mutation:
    """A mutation of an instance at one place that violates the contract.

    Attributes:
        name: What the mutation does.
        keys: The keys and indices that lead to the place.
        sent: The value in the response.
        kept: The value that the model has and encodes.
        drifts: The path and kind of each drift to report; empty where the contract's description allows
            what its schema does not.
    """

    name: str
    keys: tuple[str | int, ...]
    sent: Any
    kept: Any
    drifts: frozenset[tuple[str, DriftKind]]

    def sent_in(self, document: Any) -> Any:
        """The instance in the response."""
        return with_value(document, self.keys, self.sent)

    def kept_in(self, document: Any) -> Any:
        """The instance as the model encodes it."""
        return with_value(document, self.keys, self.kept)


def places_in(schema: Schema, document: Any) -> Iterator[Place]:
    """Yield all places of an instance, the instance first; free-form values have no inner places."""
    yield Place(keys=(), path="$", schema=schema, owner=None, value=document)
    yield from _below(schema, document, (), "$")


def _below(schema: Schema, value: Any, keys: tuple[str | int, ...], path: str) -> Iterator[Place]:
    for key, where, part in _inner(schema, value, path):
        known = effect_props(value["effectType"]) if part.kind == "effect props" else part
        owner = schema if schema.kind == "object" else None
        place = Place(keys=(*keys, key), path=where, schema=known, owner=owner, value=value[key])
        yield place
        yield from _below(known, value[key], place.keys, where)


def _inner(schema: Schema, value: Any, path: str) -> Iterator[tuple[str | int, str, Schema]]:
    item = schema.item if schema.item and schema.item.kind != "anything" else None
    if schema.kind == "object":
        yield from (
            (name, f"{path}.{name}", part) for name, part in schema.properties.items() if name in value
        )
    elif schema.kind == "map" and item:
        yield from ((name, f"{path}[{name!r}]", item) for name in value)
    elif schema.kind == "array" and item:
        yield from ((index, f"{path}[{index}]", item) for index in range(len(value)))


OF_EACH_KIND: Final[Mapping[Kind, Any]] = {
    "string": "another type",
    "integer": 77,
    "number": 7.75,
    "boolean": False,
    "array": ["another type"],
    "object": {"another": "kind"},
}
"""A JSON value of each kind."""

_ALLOWED: Final[Mapping[Kind, frozenset[Kind]]] = {
    "string": frozenset({"string"}),
    "integer": frozenset({"integer"}),
    "number": frozenset({"number", "integer"}),
    "boolean": frozenset({"boolean"}),
    "timestamp": frozenset[Kind](),  # a string is a timestamp only in the right format
    "array": frozenset({"array"}),
    "map": frozenset({"object"}),
    "object": frozenset({"object"}),
}


OFTEN_NULL = {"loyaltyMemberships", "nextTierName"}
"""Fields that can be `null` by their description but not by their schema: `null` is not drift there."""


def mutations_at(place: Place, of_each_kind: Mapping[Kind, Any] = OF_EACH_KIND) -> Iterator[Mutation]:
    """Yield all mutations of a place.

    Args:
        place: The place.
        of_each_kind: The replacement values, by kind.
    """
    if place.schema.kind == "object":
        name = "newerField"
        yield Mutation(
            name="a new field",
            keys=(*place.keys, name),
            sent=(value := [{"as": "sent"}]),
            kept=value,
            drifts=frozenset({(f"{place.path}.{name}", "unknown field")}),
        )
    if not place.keys:
        return
    empties: dict[Kind, Any] = {"array": [], "map": {}}
    empty = empties.get(place.schema.kind)
    if place.owner and place.required:
        yield _mutation(place, "missing", MISSING, empty, "missing")
    if place.schema.kind == "anything":
        return
    lost = empty is None and not place.required
    if place.keys[-1] not in OFTEN_NULL:
        yield _mutation(place, "null", None, MISSING if lost else empty, "null")
    if place.schema.members:
        yield _mutation(place, "a new member", "NewerMember", "NewerMember", "unknown member")
    if place.keys[-1] == "effectType" and place.owner:
        yield Mutation(
            name="a new effect type",
            keys=place.keys,
            sent="newerType",
            kept="newerType",
            drifts=frozenset({(_props_of(place), "unknown type")}),
        )
    for kind, value in of_each_kind.items():
        # An object instead of an array in `Event.effects` is an effect, as in the provider's client.
        an_effect = place.owner is None and place.schema.kind == "array" and kind == "object"
        if kind not in _ALLOWED[place.schema.kind] and not an_effect:
            yield _mutation(place, f"{kind} for {place.schema.kind}", value, value, "type")


def _mutation(place: Place, name: str, sent: Any, kept: Any, kind: DriftKind) -> Mutation:
    drifts: set[tuple[str, DriftKind]] = {(place.path, kind)}
    if kind == "null" and place.schema.nullable:
        drifts.clear()
    if place.keys[-1] == "effectType" and place.owner:
        drifts.add((_props_of(place), "unknown type"))  # the type of the properties is unknown then
    return Mutation(name=name, keys=place.keys, sent=sent, kept=kept, drifts=frozenset(drifts))


def _props_of(effect_type: Place) -> str:
    return effect_type.path.removesuffix("effectType") + "props"


def with_value(document: Any, keys: tuple[str | int, ...], value: Any) -> Any:
    """Copy a document with another value, or `MISSING`, at a place."""
    changed = copy.deepcopy(document)
    inner = changed
    for key in keys[:-1]:
        inner = inner[key]
    if value is MISSING:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = value
    return changed


def text_of(document: Any) -> bytes:
    """Encode a JSON document so that only equal documents are equal: 1, 1.0 and true differ."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
