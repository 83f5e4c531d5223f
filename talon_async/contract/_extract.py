"""Reduces an OpenAPI document to its facts: names, types and rules, without prose and examples."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from talon_async._codec.json import is_array, is_object

Node = dict[str, Any]
"""An object of a document."""

FORMAT: Final = 1
"""The version of the form in which facts are written."""
SOURCE: Final = "x-source"
"""States which file the facts were extracted from, and by what."""
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
IDEMPOTENCY_KEY: Final = "x-idempotency-key"
"""Marks an operation whose description documents the header ``Idempotency-Key``."""
RETURNS_NULL: Final = "x-returns-null"
"""Marks a schema that can be `null` according to its description alone."""


@attrs.frozen
class _Each:
    """A list of values of one form, or a map of names to them."""

    form: str


_Form: TypeAlias = Mapping[str, str | _Each]
_WIDTH: Final = 110
_VALUE: Final = "value"
_SCHEMAS: Final = ("schema", "alternative")
_SCHEMA: Final[_Form] = {
    **dict.fromkeys(("$ref", "type", "format", "enum", "const", "nullable", "readOnly"), _VALUE),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _VALUE),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"), _VALUE),
    RETURNS_NULL: _VALUE,
    "required": _VALUE,
    "properties": _Each("schema"),
    "items": "schema",
    "additionalProperties": "schema",
    "allOf": _Each("schema"),
    "oneOf": _Each("alternative"),
    "anyOf": _Each("schema"),
    "not": "schema",
}
_FORMS: Final[Mapping[str, _Form]] = {
    "document": {
        "openapi": _VALUE,
        "info": "info",
        SOURCE: _VALUE,
        "paths": _Each("path"),
        "webhooks": _Each("path"),
        "components": "components",
    },
    "info": dict.fromkeys(("title", "version"), _VALUE),
    "path": {"parameters": _Each("parameter"), **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "operationId": _VALUE,
        IDEMPOTENCY_KEY: _VALUE,
        "parameters": _Each("parameter"),
        "requestBody": "body",
        "responses": _Each("body"),
    },
    "parameter": {
        **dict.fromkeys(("$ref", "name", "in", "required", "style", "explode"), _VALUE),
        "schema": "schema",
    },
    "body": {"$ref": _VALUE, "required": _VALUE, "content": _Each("media")},
    "media": {"schema": "schema"},
    "components": {
        "parameters": _Each("parameter"),
        "requestBodies": _Each("body"),
        "responses": _Each("body"),
        "schemas": _Each("schema"),
    },
    "schema": _SCHEMA,
    "alternative": {"title": _VALUE, **_SCHEMA},
}
"""What is kept of each kind of object, in this order; all else is dropped."""


def extract(root: Node, sha256: str) -> Node:
    """Reduce an OpenAPI document to its facts.

    The result is shaped like an OpenAPI document. Its keywords have a fixed order; paths, components,
    properties and members keep the order of the document. Rules that the document states in prose become
    flags: `IDEMPOTENCY_KEY` and `RETURNS_NULL`. Only the alternatives of a ``oneOf`` keep their titles, which
    can serve as tags. Facts extracted from facts are equal to them.

    Args:
        root: The document.
        sha256: The digest of the file that the document was read from.

    Raises:
        ValueError: The document has a list or a scalar where OpenAPI has an object.
    """
    source = {"sha256": sha256, "extractedBy": "talon_async.contract", "format": FORMAT}
    facts: Node = _reduce({SOURCE: source} | _expect_object(root, ""), "document", "")
    schemas = facts.get("components", {}).get("schemas", {})
    for name in schemas.keys() & set(_alternatives(facts)):
        title = root["components"]["schemas"][name].get("title")
        if title is not None:
            schemas[name] = {"title": title} | schemas[name]
    return facts


def render_facts(facts: Node) -> str:
    """Render facts as JSON, with each object or array on one line where it fits, for short diffs."""
    return f"{_render(facts, 0)}\n"


def _render(value: Any, indent: int, key: str = "") -> str:
    line = key + json.dumps(value, ensure_ascii=False)
    if is_object(value):
        opening, closing = "{}"
        parts = [_render(inner, indent + 2, f"{json.dumps(name)}: ") for name, inner in value.items()]
    elif is_array(value):
        opening, closing = "[]"
        parts = [_render(inner, indent + 2) for inner in value]
    else:
        return line
    if indent + len(line) <= _WIDTH:
        return line
    margin = "\n" + " " * indent
    body = ",".join(f"{margin}  {part}" for part in parts)
    return f"{key}{opening}{body}{margin}{closing}"


def _reduce(node: Any, form: str, pointer: str) -> Any:
    if form == _VALUE or (form in _SCHEMAS and isinstance(node, bool)):
        return node
    node = _expect_object(node, pointer)
    node = node | dict.fromkeys(_stated_in_prose(node, form), True)
    fields: _Form = _FORMS[form]
    reduced: Node = {}
    for name, inner in fields.items():
        if name in node:
            reduced[name] = _reduce_field(node[name], inner, f"{pointer}/{name}")
    return reduced


def _reduce_field(value: Any, form: str | _Each, pointer: str) -> Any:
    if isinstance(form, str):
        return _reduce(value, form, pointer)
    if is_array(value):
        return [_reduce(item, form.form, f"{pointer}/{index}") for index, item in enumerate(value)]
    # YAML reads an unquoted status as a number.
    return {
        str(name): _reduce(item, form.form, f"{pointer}/{name}")
        for name, item in _expect_object(value, pointer).items()
    }


def _expect_object(value: Any, pointer: str) -> Node:
    if not is_object(value):
        raise ValueError(f"{pointer or 'the document'}: expected an object, found {value!r:.40}")
    return value


def _stated_in_prose(node: Node, form: str) -> Iterator[str]:
    description = str(node.get("description", ""))
    if form == "operation" and "Idempotency-Key" in description:
        yield IDEMPOTENCY_KEY
    if form in _SCHEMAS and "returns `null`" in description.lower():
        yield RETURNS_NULL


def _alternatives(node: Any) -> Iterator[str]:
    """The names of the components that are alternatives of a ``oneOf``."""
    if is_object(node):
        for alternative in node.get("oneOf", ()):
            if is_object(alternative) and "$ref" in alternative:
                yield alternative["$ref"].rpartition("/")[2]
    children = node.values() if is_object(node) else node if is_array(node) else ()
    for child in children:
        yield from _alternatives(child)
