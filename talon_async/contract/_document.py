"""An OpenAPI document: its operations, and its schemas read one level at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from talon_async._codec.json import is_array, is_object
from talon_async.contract._extract import METHODS, RETURNS_NULL, Node, extract
from talon_async.contract._files import Files, UnreadableDocumentError
from talon_async.models.base import Limit

FACTS: Final = Path(__file__).with_name("integration-api.json")
"""The facts of the provider's published document, as written by ``extract DOCUMENT --output FILE``."""


@attrs.frozen(eq=False, kw_only=True)
class Schema:
    """One level of a schema, with references followed and ``allOf`` merged.

    Attributes:
        kind: ``string``, ``integer``, ``number``, ``boolean``, ``timestamp``, ``array``, ``map``, ``object``,
            ``tagged`` (an object whose schema a sibling field selects), ``anything``; or a keyword that the
            comparison does not support, which matches no shape.
        name: The name of the component; empty for an inline schema.
        nullable: Whether `null` is allowed.
        members: The members of an enum.
        limit: The limits of its values.
        read_only: Whether only the service sets it.
        deprecated: Whether the provider advises against its use.
        properties: The fields of an object, with those of its ``allOf``.
        required: The required fields of an object.
        item: The schema of the items of an array or the values of a map.
        alternatives: The schemas of a tagged object, by tag.
    """

    kind: str
    name: str = ""
    nullable: bool = False
    members: frozenset[str] = frozenset()
    limit: Limit = attrs.field(factory=Limit)
    read_only: bool = False
    deprecated: bool = False
    properties: Mapping[str, Node] = attrs.field(factory=dict[str, Node])
    required: frozenset[str] = frozenset()
    item: Node = attrs.field(factory=dict)
    alternatives: Mapping[str, Node] = attrs.field(factory=dict[str, Node])


@attrs.frozen(eq=False)
class Document:
    """The facts of an OpenAPI document of version 3.

    Attributes:
        root: The document, reduced to its facts.
    """

    root: Node

    @classmethod
    def load(cls, path: Path) -> "Document":
        """Read an OpenAPI document or extracted facts, and the files that it refers to.

        Args:
            path: A JSON file if it ends in ``.json``, otherwise a YAML file. Other files of the document are
                in the same directory or below.

        Raises:
            UnreadableDocumentError: The file cannot be read, or is not an OpenAPI document.
        """
        facts = extract(Files(path))
        if not str(facts.get("openapi", "")).startswith("3."):
            raise UnreadableDocumentError(f"{path}: not an OpenAPI document of version 3")
        if "paths" not in facts and "webhooks" not in facts:
            raise UnreadableDocumentError(f"{path}: not an OpenAPI document: no paths, no webhooks")
        return cls(facts)

    def operations(self) -> dict[str, tuple[str, str, Node]]:
        """The method, the path, and the operation with its path's parameters, by operationId."""
        found: dict[str, tuple[str, str, Node]] = {}
        for path, item in self.root.get("paths", {}).items():
            for method, node in item.items():
                if method not in METHODS:
                    continue
                parameters = [*item.get("parameters", ()), *node.get("parameters", ())]
                name = node.get("operationId", f"{method.upper()} {path}")
                found[name] = method.upper(), path, node | {"parameters": parameters}
        return found

    def resolve(self, node: Node) -> Node:
        """Follow references until a node is not one.

        Raises:
            UnreadableDocumentError: The reference leads back to itself.
        """
        seen: set[str] = set()
        while (reference := node.get("$ref")) is not None:
            if reference in seen:
                raise UnreadableDocumentError(f"the reference leads back to itself: {reference}")
            seen.add(reference)
            *_, section, name = reference.split("/")
            node = self.root["components"][section][name.replace("~1", "/").replace("~0", "~")]
        return node

    def read(self, node: Node) -> Schema:
        """Read one level of a schema; the schemas in it stay nodes."""
        merged = self._merged(node)
        kinds = merged.get("type", ())
        return Schema(
            kind=_kind(merged),
            name=node.get("$ref", "").rpartition("/")[2],
            nullable=(is_array(kinds) and "null" in kinds)
            or merged.get("nullable") is True
            or merged.get(RETURNS_NULL) is True,
            members=frozenset(map(str, _members(merged))),
            limit=_limit(merged),
            read_only=merged.get("readOnly") is True,
            deprecated=True in (node.get("deprecated"), self.resolve(node).get("deprecated")),
            properties=merged.get("properties", {}),
            required=frozenset(merged.get("required", ())),
            item=_item(merged),
            alternatives={part["title"]: part for part in map(self._titled, merged.get("oneOf", ()))},
        )

    def _titled(self, part: Node) -> Node:
        return part | {"title": self._merged(part).get("title", part.get("$ref", ""))}

    def _merged(self, node: Node) -> Node:
        """A schema merged with its reference or its ``allOf``."""
        own = {name: value for name, value in node.items() if name not in ("$ref", "allOf")}
        blocks = [self.resolve(node)] if "$ref" in node else node.get("allOf", [])
        merged: Node = {}
        for part in [*map(self._merged, blocks), own]:
            properties = merged.get("properties", {}) | part.get("properties", {})
            required = [*merged.get("required", ()), *part.get("required", ())]
            merged |= part
            if properties:
                merged |= {"properties": properties, "required": required}
        return self._one_object(merged) if "oneOf" in merged else merged

    def _one_object(self, node: Node) -> Node:
        """Merge alternatives that a constant field distinguishes into one object.

        A field that several alternatives have becomes a ``oneOf`` with the constants as titles. A field is
        required only if all alternatives require it.
        """
        parts = [self._merged(part) for part in node["oneOf"]]
        names = list(dict.fromkeys(name for part in parts for name in part.get("properties", ())))
        tag = next((name for name in names if all(_constant(part, name) is not None for part in parts)), None)
        if tag is None:
            return node
        tags = [_constant(part, tag) for part in parts]
        properties: Node = {tag: {"type": "string", "enum": tags}}
        for name in names:
            choices = [
                part["properties"][name] | {"title": value}
                for value, part in zip(tags, parts, strict=True)
                if name != tag and name in part.get("properties", ())
            ]
            if choices:
                properties[name] = {"oneOf": choices} if len(choices) > 1 else choices[0]
        common = frozenset[str].intersection(*(frozenset(part.get("required", ())) for part in parts))
        rest = {name: value for name, value in node.items() if name != "oneOf"}
        return rest | {
            "type": "object",
            "properties": rest.get("properties", {}) | properties,
            "required": [*rest.get("required", ()), *common],
        }


def _kind(node: Node) -> str:
    kind = node.get("type")
    if is_array(kind):
        kind = next((name for name in kind if name != "null"), None)
    if "anyOf" in node or "not" in node:
        return "anyOf" if "anyOf" in node else "not"
    if "oneOf" in node:
        return "tagged"
    if kind == "string" and node.get("format") == "date-time":
        return "timestamp"
    if kind == "object" and "properties" not in node:
        return "map"
    if isinstance(kind, str):
        return kind
    if "properties" in node:
        return "object"
    return "string" if "const" in node or "enum" in node else "anything"


def _item(node: Node) -> Node:
    item = node.get("items", node.get("additionalProperties"))
    return item if is_object(item) else {}


def _members(node: Node) -> list[Any]:
    members: list[Any] = node.get("enum", [node["const"]] if "const" in node else [])
    return members


def _constant(node: Node, name: str) -> str | None:
    """The only allowed value of a field; `None` if there are several."""
    members = _members(node.get("properties", {}).get(name, {}))
    return str(members[0]) if len(members) == 1 else None


def _limit(node: Node) -> Limit:
    return Limit(
        minimum=node.get("minimum"),
        maximum=node.get("maximum"),
        min_length=node.get("minLength", node.get("minItems")),
        max_length=node.get("maxLength", node.get("maxItems")),
        pattern=node.get("pattern"),
        unique=node.get("uniqueItems", False),
    )
