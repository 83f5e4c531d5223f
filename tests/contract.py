"""The published contract, read from its facts in the repository.

The tests read the facts without the code that compares them with the client.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from talon_async._codec.json import is_array, is_object
from talon_async.contract import FACTS
from talon_async.models import EFFECT_PROPS
from tests.newer_contract import add_newer_facts

PUBLISHED: Final = Path(__file__).parents[2] / "shared" / "spec"
"""The directory with the provider's own documents; it is not part of the repository."""

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
    """A schema with references followed and ``allOf`` merged.

    Attributes:
        kind: The kind of its instances.
        name: The name of the component; empty for an inline schema.
        members: The members of an enum.
        properties: The fields of an object.
        required: The required fields of an object, without those that the contract requires but does not
            define.
        item: The schema of the items of an array or the values of a map.
        alternatives: The alternatives of a ``oneOf``; the other attributes describe what they have in common.
        limits: The limits of its values, by keyword.
        read_only: Whether only the service sets it.
        nullable: Whether it can be `null`, by its type or by its description.
    """

    kind: Kind
    name: str = ""
    members: tuple[str, ...] = ()
    properties: Mapping[str, "Schema"] = attrs.field(factory=dict[str, "Schema"])
    required: frozenset[str] = frozenset()
    item: "Schema | None" = None
    alternatives: tuple["Schema", ...] = ()
    limits: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    read_only: bool = False
    nullable: bool = False


@functools.cache
def document() -> dict[str, Any]:
    """The facts of the provider's published document, and those of newer versions."""
    content: dict[str, Any] = json.loads(FACTS.read_bytes())
    add_newer_facts(content["components"]["schemas"])
    return content


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Follow references until a node is not one."""
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
    """Read a schema of the contract."""
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
        read_only=node.get("readOnly", False),
        nullable="null" in node.get("type", "") or "x-returns-null" in node,
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
    """A node with its ``allOf`` merged."""
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
    # The contract lists several types only to add `null`.
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
            merged = properties.get(name, part).members
            properties[name] = attrs.evolve(part, members=tuple(dict.fromkeys((*merged, *part.members))))
    return Schema(
        kind="object",
        properties=properties,
        required=alternatives[0].required.intersection(*(schema.required for schema in alternatives)),
        alternatives=alternatives,
    )


@functools.cache
def operation(operation_id: str) -> dict[str, Any]:
    """An operation of the contract."""
    for path in document()["paths"].values():
        for node in path.values():
            if is_object(node) and node.get("operationId") == operation_id:
                return node
    raise KeyError(operation_id)


def body_of(operation_id: str) -> dict[str, Any] | None:
    """The media type object of an operation's request body, with its schema."""
    node = operation(operation_id).get("requestBody")
    content: dict[str, Any] | None = resolve(node)["content"]["application/json"] if node else None
    return content


@functools.cache
def response_of(operation_id: str) -> Schema | None:
    """The schema of an operation's successful JSON response; `None` if it has none."""
    for status, node in operation(operation_id)["responses"].items():
        content = resolve(node).get("content", {}).get("application/json")
        if status in ("200", "201") and content:
            return read(content["schema"])
    return None


def reachable(*schemas: Schema) -> Iterator[Schema]:
    """Iterate over schemas and all schemas they contain, each once."""
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


def effect_props(effect_type: str) -> Schema:
    """The schema of the properties of an effect type."""
    cls = EFFECT_PROPS[effect_type]
    assert cls is not None
    return component(cls.__name__)
