"""The provider's OpenAPI document: its schemas read into plain values, and strategies for their instances.

The document lies beside the repository. Where it is absent, whoever asks for it is skipped.
"""

import functools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import attrs
import pytest
import yaml
from hypothesis import strategies as st

from talon_async._codec.json import is_array, is_object
from talon_async.models import EFFECT_PROPS

PLACE: Final = Path(__file__).parents[2] / "shared" / "spec" / "integration-api.openapi.yml"

Kind = Literal[
    "string",
    "integer",
    "number",
    "boolean",
    "timestamp",
    "array",
    "map",
    "object",
    "effect props",
    "anything",
]


@attrs.frozen(eq=False, kw_only=True)
class Schema:
    """A schema without references and compositions.

    Attributes:
        kind: What its instances are.
        name: Its name among the components; empty if it has none.
        members: The members of an enum.
        properties: The fields of an object.
        required: The fields that an object must have; those that the contract requires without defining
            them (a slip of it) are not among them.
        item: What an array holds, or a map.
        alternatives: What ``oneOf`` names; the other attributes tell what holds for all of them.
        limits: The bounds it sets, by their keywords.
        example: Its own example; `None` if it has none.
        read_only: Whether requests leave it out.
        nullable: Whether its type or its description says that it can be `null`.
    """

    kind: Kind
    name: str = ""
    members: tuple[str, ...] = ()
    properties: Mapping[str, "Schema"] = attrs.field(factory=dict[str, "Schema"])
    required: frozenset[str] = frozenset()
    item: "Schema | None" = None
    alternatives: tuple["Schema", ...] = ()
    limits: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    example: Any = None
    read_only: bool = False
    nullable: bool = False


class _Loader(yaml.CSafeLoader):
    """Reads YAML with timestamps left as the text that JSON has."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def document() -> dict[str, Any]:
    """The whole document, or a skip if it is not there."""
    if not PLACE.exists():
        pytest.skip(f"the provider's contract is not at {PLACE}", allow_module_level=True)
    content: dict[str, Any] = yaml.load(PLACE.read_text("utf-8"), Loader=_Loader)  # noqa: S506  a safe loader
    return content


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, if the node is one."""
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


@functools.cache
def component(name: str) -> Schema:
    """The schema of a component."""
    return attrs.evolve(read(document()["components"]["schemas"][name]), name=name)


def read(node: dict[str, Any]) -> Schema:
    """Read a schema of the document."""
    if "$ref" in node:
        return component(node["$ref"].rpartition("/")[2])
    if "oneOf" in node:
        common = {name: value for name, value in node.items() if name != "oneOf"}
        return _one_of(tuple(read(common | part) for part in node["oneOf"]))
    node = _merged(node)
    properties = {name: read(part) for name, part in node.get("properties", {}).items()}
    items = node.get("items", node.get("additionalProperties"))
    return Schema(
        kind=_kind(node),
        members=tuple(node.get("enum", [node["const"]] if "const" in node else [])),
        properties=properties,
        required=frozenset(name for name in node["required"] if name in properties),
        item=read(items) if is_object(items) else Schema(kind="anything"),
        limits={name: node[name] for name in _LIMITS if name in node},
        example=node.get("example"),
        read_only=node.get("readOnly", False),
        nullable="null" in node.get("type", "") or "returns `null`" in node.get("description", "").lower(),
    )


_LIMITS: Final = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "pattern",
    "uniqueItems",
)


def _merged(node: dict[str, Any]) -> dict[str, Any]:
    """A node with what its ``allOf`` adds up to."""
    merged: dict[str, Any] = {"properties": {}, "required": [], **node}
    for part in map(resolve, node.get("allOf", ())):
        inner = _merged(part)
        merged["properties"] = merged["properties"] | inner["properties"]
        merged["required"] = [*merged["required"], *inner["required"]]
        merged["type"] = "object"
    return merged


_KINDS: Final[Mapping[str, Kind]] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "array",
    "object": "object",
    "anything": "anything",
}


def _kind(node: dict[str, Any]) -> Kind:
    named = node.get("type", "string" if "const" in node else "anything")
    # The contract names a list of kinds only to add `null`.
    kind = _KINDS[named[0] if is_array(named) else named]
    if kind == "object" and not node["properties"]:
        return "map"
    if kind == "string" and node.get("format") == "date-time":
        return "timestamp"
    return kind


def _one_of(alternatives: tuple[Schema, ...]) -> Schema:
    if all(schema.name.endswith("EffectProps") for schema in alternatives):
        return Schema(kind="effect props", alternatives=alternatives)
    properties: dict[str, Schema] = {}
    for schema in alternatives:
        for name, part in schema.properties.items():
            known = properties.get(name, part).members
            properties[name] = attrs.evolve(part, members=tuple(dict.fromkeys((*known, *part.members))))
    return Schema(
        kind="object",
        properties=properties,
        required=alternatives[0].required.intersection(*(schema.required for schema in alternatives)),
        alternatives=alternatives,
    )


@functools.cache
def operation(operation_id: str) -> dict[str, Any]:
    """An operation of the document."""
    for path in document()["paths"].values():
        for node in path.values():
            if is_object(node) and node.get("operationId") == operation_id:
                return node
    raise KeyError(operation_id)


def body_of(operation_id: str) -> dict[str, Any] | None:
    """The media type of an operation's request body: its schema and examples."""
    node = operation(operation_id).get("requestBody")
    content: dict[str, Any] | None = resolve(node)["content"]["application/json"] if node else None
    return content


@functools.cache
def answer_of(operation_id: str) -> Schema | None:
    """The schema of an operation's success with a JSON body, if it has one."""
    for status, node in operation(operation_id)["responses"].items():
        content = resolve(node).get("content", {}).get("application/json")
        if status in ("200", "201") and content:
            return read(content["schema"])
    return None


def reachable(*schemas: Schema) -> Iterator[Schema]:
    """All schemas within some, themselves included, each once."""
    seen: set[Schema] = set()
    waiting = list(schemas)
    while waiting:
        schema = waiting.pop()
        if schema not in seen:
            seen.add(schema)
            yield schema
            inner = schema.alternatives if schema.kind == "effect props" else ()
            item = (schema.item,) if schema.item else ()
            waiting += [*schema.properties.values(), *inner, *item]


JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value."""

_NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
_TIMESTAMPS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)).map(
    lambda moment: moment.isoformat() + "Z"
)
_EFFECT_TYPES = sorted(tag for tag, cls in EFFECT_PROPS.items() if cls is not None)


@functools.cache
def instances(schema: Schema) -> st.SearchStrategy[Any]:
    """Make instances of a schema; lengths, bounds and patterns are left aside."""
    match schema:
        case Schema(kind="string"):
            return st.sampled_from(schema.members) if schema.members else st.text(max_size=8)
        case Schema(kind="integer"):
            return st.integers(0, 100) | st.integers(-(2**63), 2**64 - 1)
        case Schema(kind="number"):
            return _NUMBERS
        case Schema(kind="boolean"):
            return st.booleans()
        case Schema(kind="timestamp"):
            return _TIMESTAMPS
        case Schema(kind="array", item=Schema() as item):
            return st.lists(instances(item), max_size=2)
        case Schema(kind="map", item=Schema() as item):
            return st.dictionaries(st.text(max_size=6), instances(item), max_size=2)
        case Schema(kind="object", alternatives=()):
            return _objects(schema)
        case Schema(kind="object"):
            return st.one_of([instances(each) for each in schema.alternatives])
        case _:
            return JSON


def _objects(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    # A few optional fields at a time: all of them, at every level, would be larger than any real answer.
    optional = sorted(schema.properties.keys() - schema.required)

    @st.composite
    def draw_object(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.sets(st.sampled_from(optional), max_size=4)) if optional else set[str]()
        made: dict[str, Any] = {}
        for name, part in schema.properties.items():
            if part.kind == "effect props":
                made["effectType"] = draw(st.sampled_from(_EFFECT_TYPES))
                made[name] = draw(instances(effect_props(made["effectType"])))
            elif name in schema.required or name in chosen:
                made[name] = draw(instances(part))
        return made

    # Not an argument: hypothesis would print all of the schema with each failure.
    return draw_object()


def effect_props(effect_type: str) -> Schema:
    """The schema of the properties that go with a type of effect."""
    cls = EFFECT_PROPS[effect_type]
    assert cls is not None
    return component(cls.__name__)


def fullest(schema: Schema) -> Any:
    """Make the instance that has every field, with one item in each array and map."""
    return _instance(schema, optional=True)


def barest(schema: Schema) -> Any:
    """Make the instance that has only the fields it must have, with one item in each array and map."""
    return _instance(schema, optional=False)


def _instance(schema: Schema, *, optional: bool) -> Any:
    match schema:
        case Schema(kind="string"):
            return schema.members[0] if schema.members else "text"
        case Schema(kind="integer"):
            return 7
        case Schema(kind="number"):
            return 7.25
        case Schema(kind="boolean"):
            return True
        case Schema(kind="timestamp"):
            return datetime(2026, 5, 1, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
        case Schema(kind="array", item=Schema() as item):
            return [_instance(item, optional=optional)]
        case Schema(kind="map", item=Schema() as item):
            return {"name": _instance(item, optional=optional)}
        case Schema(kind="object", alternatives=()):
            made = {
                name: _instance(part, optional=optional)
                for name, part in schema.properties.items()
                if optional or name in schema.required
            }
            return made | {"effectType": "setDiscount"} if "effectType" in made else made
        case Schema(kind="object"):
            return _instance(schema.alternatives[-1 if optional else 0], optional=optional)
        case Schema(kind="effect props"):
            return _instance(effect_props("setDiscount"), optional=optional)
        case _:
            return {"any": ["JSON", 1, 1.5, True, None]}
