"""Reduces an OpenAPI document to its facts: names, types and rules, without prose and examples."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs

from talon_async._codec.json import is_array, is_object
from talon_async.contract._files import Files, Location

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
_VALUE: Final = "value"
_SCHEMAS: Final = ("schema", "alternative")
_SCHEMA: Final[_Form] = {
    **dict.fromkeys(("$ref", "type", "format", "enum", "const", "nullable", "readOnly"), _VALUE),
    "deprecated": _VALUE,
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
_BODY: Final[_Form] = {"$ref": _VALUE, "required": _VALUE, "content": _Each("media")}
_FORMS: Final[Mapping[str, _Form]] = {
    "document": {
        "openapi": _VALUE,
        "info": "info",
        SOURCE: _VALUE,
        "paths": _Each("path"),
        "webhooks": _Each("path"),
    },
    "info": dict.fromkeys(("title", "version"), _VALUE),
    "path": {"parameters": _Each("parameter"), **dict.fromkeys(METHODS, "operation")},
    "operation": {
        "operationId": _VALUE,
        "deprecated": _VALUE,
        IDEMPOTENCY_KEY: _VALUE,
        "parameters": _Each("parameter"),
        "requestBody": "request body",
        "responses": _Each("response"),
    },
    "parameter": {
        **dict.fromkeys(("$ref", "name", "in", "required", "deprecated", "style", "explode"), _VALUE),
        "schema": "schema",
    },
    "request body": _BODY,
    "response": _BODY,
    "media": {"schema": "schema"},
    "schema": _SCHEMA,
    "alternative": {"title": _VALUE, **_SCHEMA},
}
"""What is kept of each kind of object, in this order; all else is dropped."""


_COMPONENTS: Final[Mapping[str, str]] = {
    "parameters": "parameter",
    "requestBodies": "request body",
    "responses": "response",
    "schemas": "alternative",
}
"""The kind of object in each section of the components that is kept."""
_SECTIONS: Final = {form: section for section, form in _COMPONENTS.items()} | {"schema": "schemas"}
"""The section for each kind of object that a reference in the facts can name."""


def extract(files: Files) -> Node:
    """Reduce an OpenAPI document to its facts.

    The result is shaped like an OpenAPI document in one file. Its keywords have a fixed order; paths,
    components, properties and members keep the order of the document. What a reference names outside the
    components becomes a component, or replaces the reference where components cannot be used, such as for a
    path. Rules that the document states in prose become flags: `IDEMPOTENCY_KEY` and `RETURNS_NULL`. Only the
    alternatives of a ``oneOf`` keep their titles, which can serve as tags. Facts extracted from facts are
    equal to them.

    Args:
        files: The document, and the files that it refers to.

    Raises:
        UnreadableDocumentError: A reference has no target, or the document has a list or a scalar where
            OpenAPI has an object.
    """
    return _Extraction(files).facts()


class _Extraction:
    def __init__(self, files: Files) -> None:
        self._files = files
        self._references: dict[Location, str] = {}
        """How the facts refer to each component, by the location of its definition."""
        self._components: list[tuple[str, str, Location]] = []
        """The section, name and definition of each component; references add to it."""

    def facts(self) -> Node:
        source = {"sha256": "", "extractedBy": "talon_async.contract", "format": FORMAT}
        root = self._object(self._files.root)
        sections = self._name_components(self._files.root / "components") if "components" in root else {}
        facts: Node = self._reduce({SOURCE: source} | root, "document", self._files.root)
        # The list grows in the loop, by the components that these components refer to.
        for section, name, location in self._components:
            reduced = self._reduce(self._files.value(location), _COMPONENTS[section], location)
            sections.setdefault(section, {})[name] = reduced
        if sections or "components" in root:
            facts["components"] = {name: sections[name] for name in _COMPONENTS if name in sections}
        alternatives = set(_alternatives(facts))
        for name, schema in sections.get("schemas", {}).items():
            if name not in alternatives and is_object(schema):
                schema.pop("title", None)
        source["sha256"] = self._files.sha256
        return facts

    def _name_components(self, location: Location) -> dict[str, Node]:
        """Name the components of the document and what they only refer to; return the empty sections."""
        location = self._end(location)
        sections: dict[str, Node] = {}
        named: list[tuple[str, str, Location]] = []
        for section in _COMPONENTS:
            if section in self._object(location):
                sections[section] = {}
                place = self._end(location / section)
                named += [(section, str(name), place / name) for name in self._object(place)]
        self._references = {place: _pointer(section, name) for section, name, place in named}
        for section, name, place in named:
            definition = place
            node = self._files.value(place)
            if _is_reference(node, section):
                end = self._end(self._files.target(node["$ref"], place), section)
                if end not in self._references:
                    self._references[end] = self._references[place]
                    definition = end
            self._components.append((section, name, definition))
        return sections

    def _end(self, location: Location, section: str = "") -> Location:
        """Follow a chain of references until a component, or a value that is more than a reference."""
        seen: set[Location] = set()
        while location not in self._references:
            node = self._files.value(location)
            if not _is_reference(node, section):
                break
            if location in seen:
                raise self._files.error(location, "the reference leads back to itself")
            seen.add(location)
            location = self._files.target(node["$ref"], location)
        return location

    def _reference(self, target: Location, section: str) -> str:
        """How the facts refer to a target; one that is not yet a component becomes one."""
        end = self._end(target, section)
        if end not in self._references:
            stem = str(target.keys[-1]) if target.keys else target.file.stem
            taken = set(self._references.values())
            names = itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
            name = next(each for each in names if _pointer(section, each) not in taken)
            self._references[end] = _pointer(section, name)
            self._components.append((section, name, end))
        return self._references[end]

    def _reduce(self, node: Any, form: str, location: Location) -> Any:
        if form == _VALUE or (form in _SCHEMAS and isinstance(node, bool)):
            return node
        node = self._expect_object(node, location)
        node = node | dict.fromkeys(_stated_in_prose(node, form), True)
        reduced: Node = {}
        if "$ref" in node:
            target = self._files.target(node["$ref"], location)
            if form in _SECTIONS:
                node["$ref"] = self._reference(target, _SECTIONS[form])
            else:
                reduced = self._reduce(self._files.value(target), form, target)
        elif form == "parameter" and not (
            isinstance(node.get("name"), str) and isinstance(node.get("in"), str)
        ):
            raise self._files.error(location, "expected a parameter with `name` and `in`")
        for name, inner in _FORMS[form].items():
            if name in node:
                reduced[name] = self._reduce_field(node[name], inner, location / name)
        return reduced

    def _reduce_field(self, value: Any, form: str | _Each, location: Location) -> Any:
        if isinstance(form, str):
            return self._reduce(value, form, location)
        if _is_reference(value):
            location = self._end(location)
            value = self._files.value(location)
        if is_array(value):
            return [self._reduce(item, form.form, location / index) for index, item in enumerate(value)]
        # YAML reads an unquoted status as a number.
        return {
            str(name): self._reduce(item, form.form, location / name)
            for name, item in self._expect_object(value, location).items()
        }

    def _object(self, location: Location) -> Node:
        return self._expect_object(self._files.value(location), location)

    def _expect_object(self, value: Any, location: Location) -> Node:
        if not is_object(value):
            raise self._files.error(location, f"expected an object, found {value!r:.40}")
        return value


def _pointer(section: str, name: str) -> str:
    return f"#/components/{section}/{name.replace('~', '~0').replace('/', '~1')}"


def _is_reference(node: Any, section: str = "") -> bool:
    """Whether a value has a reference, and nothing else that facts keep of the section's components."""
    kept = _FORMS[_COMPONENTS[section]].keys() if section else ()
    return is_object(node) and isinstance(node.get("$ref"), str) and not (node.keys() & kept) - {"$ref"}


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
