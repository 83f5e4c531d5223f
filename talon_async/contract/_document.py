"""The published document: its operations as they stand, its schemas read one level at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from talon_async._codec.json import is_array, is_object, parse
from talon_async.models.base import Limit

Node = dict[str, Any]
"""An object of the document."""
_METHODS: Final = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))


class UnreadableDocumentError(Exception):
    """There is no OpenAPI document where one was said to be."""


@attrs.frozen(eq=False, kw_only=True)
class Schema:
    """One level of a schema, its references followed and its parts put together.

    Attributes:
        kind: ``string``, ``integer``, ``number``, ``boolean``, ``timestamp``, ``array``, ``map``, ``object``,
            ``tagged`` (an object that a sibling field names), ``anything``; or a keyword that is not read,
            which then fits nothing.
        name: Its name among the components; empty if it has none.
        nullable: Whether `null` is allowed as well.
        members: The members of an enum.
        limit: The bounds of its values.
        read_only: Whether only the service sets it.
        properties: The fields of an object, those of its building blocks included.
        required: The fields that an object must have.
        item: What an array or a map holds.
        alternatives: What a tagged object can be, by tag.
    """

    kind: str
    name: str = ""
    nullable: bool = False
    members: frozenset[str] = frozenset()
    limit: Limit = attrs.field(factory=Limit)
    read_only: bool = False
    properties: Mapping[str, Node] = attrs.field(factory=dict[str, Node])
    required: frozenset[str] = frozenset()
    item: Node = attrs.field(factory=dict)
    alternatives: Mapping[str, Node] = attrs.field(factory=dict[str, Node])


@attrs.frozen(eq=False)
class Document:
    """An OpenAPI document of version 3."""

    root: Node

    @classmethod
    def load(cls, path: Path) -> "Document":
        """Read a YAML or, by its suffix, a JSON file.

        Raises:
            UnreadableDocumentError: The file cannot be read, or is no OpenAPI document.
            ModuleNotFoundError: YAML needs a package that is not installed.
        """
        try:
            text = path.read_bytes()
            root = parse(text) if path.suffix == ".json" else _parse_yaml(text)
        except OSError as error:
            raise UnreadableDocumentError(f"{path}: {error.strerror}") from None
        except ValueError as error:
            raise UnreadableDocumentError(f"{path}: {' '.join(str(error).split())}") from None
        if not is_object(root) or not is_object(root.get("paths")):
            raise UnreadableDocumentError(f"{path}: no OpenAPI document, for it has no paths")
        return cls(root)

    def operations(self) -> dict[str, tuple[str, str, Node]]:
        """The method, the path, and the operation with its path's parameters, by operationId."""
        found: dict[str, tuple[str, str, Node]] = {}
        for path, item in self.root["paths"].items():
            for method, node in item.items():
                if method in _METHODS:
                    parameters = [*item.get("parameters", ()), *node.get("parameters", ())]
                    name = node.get("operationId", f"{method.upper()} {path}")
                    found[name] = method.upper(), path, node | {"parameters": parameters}
        return found

    def resolve(self, node: Node) -> Node:
        """Follow the reference that a node may be.

        Raises:
            UnreadableDocumentError: It leads nowhere.
        """
        while "$ref" in node:
            target: Any = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                if not is_object(target) or part not in target:
                    raise UnreadableDocumentError(f"a reference leads nowhere: {node['$ref']}")
                target = target[part]
            node = target
        return node

    def read(self, node: Node) -> Schema:
        """Read a schema; what is in it is left as nodes."""
        merged = self._merged(node)
        kinds = merged.get("type", ())
        return Schema(
            kind=_kind(merged),
            name=node.get("$ref", "").rpartition("/")[2],
            nullable=(is_array(kinds) and "null" in kinds) or merged.get("nullable") is True,
            members=frozenset(map(str, _members(merged))),
            limit=_limit(merged),
            read_only=merged.get("readOnly") is True,
            properties=merged.get("properties", {}),
            required=frozenset(merged.get("required", ())),
            item=_item(merged),
            alternatives={part["title"]: part for part in map(self._titled, merged.get("oneOf", ()))},
        )

    def _titled(self, part: Node) -> Node:
        return part | {"title": self._merged(part).get("title", part.get("$ref", ""))}

    def _merged(self, node: Node) -> Node:
        """A schema with its reference and its building blocks put in."""
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
        """Put into one what are alternatives only by a field with a constant of its own in each.

        Another field that several have becomes a choice of its own, with the constants as titles; one that
        some lack is optional.
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


def _parse_yaml(text: bytes) -> Any:
    import yaml

    try:
        # The loader in C takes a tenth of the time, where PyYAML was built with it.
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  safe, both
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


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
    """The one value that a field can have, if the schema fixes it."""
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
