"""Ways in which a valid answer can part from the contract at one place, and what is to come of each."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import orjson

from talon_async.errors import DriftKind
from tests.contract import Kind, Schema, effect_props


class _Gone:
    """The type of `GONE`."""

    def __repr__(self) -> str:
        return "GONE"


GONE: Final = _Gone()
"""Stands for a value that is not there."""


@attrs.frozen(kw_only=True)
class Place:
    """A value in an instance of a schema.

    Attributes:
        keys: The way to it from the instance.
        path: The same as a JSON path.
        schema: What it is an instance of.
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
        """Whether the contract promises it: an item is promised once it is there."""
        return self.owner is None or self.keys[-1] in self.owner.required


@attrs.frozen(kw_only=True)
class Change:
    """One place of an instance made into something that the contract does not allow.

    Attributes:
        name: What is done.
        keys: The way to the place.
        sent: What comes in place of the value.
        kept: What the model holds and encodes there.
        drifts: The path and kind of all that there is to report; nothing where the contract's words allow
            what its schema does not.
    """

    name: str
    keys: tuple[str | int, ...]
    sent: Any
    kept: Any
    drifts: frozenset[tuple[str, DriftKind]]

    def sent_in(self, document: Any) -> Any:
        """The instance as it is sent."""
        return with_value(document, self.keys, self.sent)

    def kept_in(self, document: Any) -> Any:
        """The instance as it is encoded again."""
        return with_value(document, self.keys, self.kept)


def places_in(schema: Schema, document: Any) -> Iterator[Place]:
    """All places of an instance, itself first; what the contract leaves open has none."""
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
    "string": "another kind",
    "integer": 77,
    "number": 7.75,
    "boolean": False,
    "array": ["another kind"],
    "object": {"another": "kind"},
}
"""A JSON value of each kind."""

_ALLOWED: Final[Mapping[Kind, frozenset[Kind]]] = {
    "string": frozenset({"string"}),
    "integer": frozenset({"integer"}),
    "number": frozenset({"number", "integer"}),
    "boolean": frozenset({"boolean"}),
    "timestamp": frozenset[Kind](),  # a string is one only in the right form
    "array": frozenset({"array"}),
    "map": frozenset({"object"}),
    "object": frozenset({"object"}),
}


OFTEN_NULL = {"loyaltyMemberships", "nextTierName"}
"""Fields for which the contract's prose tells of `null`, and its schemas do not: it is no drift there."""


def changes_at(place: Place, of_each_kind: Mapping[Kind, Any] = OF_EACH_KIND) -> Iterator[Change]:
    """All that can be done to a place.

    Args:
        place: The place.
        of_each_kind: The values that come for those of another kind.
    """
    if place.schema.kind == "object":
        name = "newerField"
        yield Change(
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
        yield _change(place, "left out", GONE, empty, "missing")
    if place.schema.kind == "anything":
        return
    lost = empty is None and not place.required
    if place.keys[-1] not in OFTEN_NULL:
        yield _change(place, "null", None, GONE if lost else empty, "null")
    if place.schema.members:
        yield _change(place, "a new member", "NewerMember", "NewerMember", "unknown member")
    if place.keys[-1] == "effectType" and place.owner:
        yield Change(
            name="a new effect type",
            keys=place.keys,
            sent="newerType",
            kept="newerType",
            drifts=frozenset({(_props_of(place), "unknown type")}),
        )
    for kind, value in of_each_kind.items():
        # An object in place of an array within `Event.effects` is an effect, as the provider's client has it.
        an_effect = place.owner is None and place.schema.kind == "array" and kind == "object"
        if kind not in _ALLOWED[place.schema.kind] and not an_effect:
            yield _change(place, f"{kind} for {place.schema.kind}", value, value, "type")


def _change(place: Place, name: str, sent: Any, kept: Any, kind: DriftKind) -> Change:
    drifts: set[tuple[str, DriftKind]] = {(place.path, kind)}
    if kind == "null" and place.schema.nullable:
        drifts.clear()
    if place.keys[-1] == "effectType" and place.owner:
        drifts.add((_props_of(place), "unknown type"))  # nothing tells the type of the properties then
    return Change(name=name, keys=place.keys, sent=sent, kept=kept, drifts=frozenset(drifts))


def _props_of(effect_type: Place) -> str:
    return effect_type.path.removesuffix("effectType") + "props"


def with_value(document: Any, keys: tuple[str | int, ...], value: Any) -> Any:
    """A copy of a document with another value, or `GONE`, at a place."""
    changed = copy.deepcopy(document)
    inner = changed
    for key in keys[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[keys[-1]]
    else:
        inner[keys[-1]] = value
    return changed


def text_of(document: Any) -> bytes:
    """A JSON document as text that is equal for equal documents only: 1, 1.0 and true differ."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
