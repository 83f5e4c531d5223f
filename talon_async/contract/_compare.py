"""Compares the document's operations with ours: parameters, request bodies and responses."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from talon_async import models
from talon_async._codec.shapes import ListOf, shape_of
from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation
from talon_async._operations.parameter import Parameter
from talon_async.contract._document import Document
from talon_async.contract._extract import IDEMPOTENCY_KEY, Node
from talon_async.contract._schemas import Difference, Place, Walk, presence
from talon_async.models.base import Model

_STYLES: Final[Mapping[tuple[str, bool], str]] = {("form", True): "repeat", ("form", False): "comma"}


@attrs.frozen
class Comparison:
    """The result of a comparison.

    Attributes:
        published: The number of operations in the document.
        shared: The number of these that the client has.
        differences: All differences.
        deprecated: What the client has and the document marks as deprecated.
    """

    published: int
    shared: int
    differences: tuple[Difference, ...]
    deprecated: tuple[Place, ...]


def compare(document: Document) -> Comparison:
    """Compare a document with `OPERATIONS` and the models, in both directions.

    Raises:
        UnreadableDocumentError: A reference leads back to itself.
    """
    walk = _OperationsWalk(document)
    published = document.operations()
    walk.names(
        {name: f"{method} {path}" for name, (method, path, _) in published.items()},
        {name: f"{operation.method} {operation.path}" for name, operation in OPERATIONS.items()},
        Place(),
        "",
    )
    shared = [OPERATIONS[name] for name in published if name in OPERATIONS]
    for operation in shared:
        walk.operation(operation, *published[operation.id])
    walk.unused_models()
    found, deprecated = dict.fromkeys(walk.found), dict.fromkeys(walk.deprecated)
    return Comparison(len(published), len(shared), tuple(found), tuple(deprecated))


class _OperationsWalk(Walk):
    def operation(self, operation: Operation[..., Any], method: str, path: str, node: Node) -> None:
        place = Place(operation.id, route=operation.id)
        self.equal(f"{method} {path}", f"{operation.method} {operation.path}", place / ": path")
        if node.get("deprecated") is True:
            self.deprecated.append(place)
        documented = node.get(IDEMPOTENCY_KEY) is True
        self.equal(_use(documented), _use(operation.idempotency_key), place / " > Idempotency-Key")
        self.parameters(operation, node["parameters"], place)
        self.body(operation, node, place)
        self.responses(operation, node, place)

    def parameters(self, operation: Operation[..., Any], references: list[Node], place: Place) -> None:
        theirs: dict[str, tuple[Node, Place]] = {}
        for reference in references:
            node = self.document.resolve(reference)
            name = f"{node['in']} {node['name']}"
            component = reference.get("$ref", "").removeprefix("#/components/")
            theirs[name] = node, (place / f" > {name}").within(component)
        ours = {f"path {parameter.wire}": parameter for parameter in operation.path_parameters}
        ours |= {f"query {parameter.wire}": parameter for parameter in operation.query}
        self.names(dict.fromkeys(theirs, "parameter"), dict.fromkeys(ours, "parameter"), place, " > ")
        for name, parameter in ours.items():
            if name in theirs:
                self.parameter(*theirs[name], parameter, required=name.startswith("path "))

    def parameter(self, node: Node, place: Place, parameter: Parameter, *, required: bool) -> None:
        if node.get("deprecated") is True:
            self.deprecated.append(place)
        self.equal(presence(node.get("required") is True), presence(required), place / ": presence")
        if isinstance(parameter.shape, ListOf):
            style: str = node.get("style", "form")
            self.equal(
                _STYLES.get((style, node.get("explode", True)), style), parameter.style, place / ": style"
            )
        if parameter.bool_literals == ("false", "true"):
            self.value(node.get("schema", {}), parameter.shape, place)
        else:
            # A boolean with its own literals is a string on the wire; the document has them in prose.
            self.equal(self.document.read(node.get("schema", {})).kind, "string", place / ": type")

    def body(self, operation: Operation[..., Any], node: Node, place: Place) -> None:
        theirs = _json_of(self.document.resolve(node.get("requestBody", {})))
        if theirs is not None and operation.body is not None:
            self.value(theirs, shape_of(operation.body), self.outermost(theirs, place / " > "))
        else:
            self.equal(_body(theirs is not None), _body(operation.body is not None), place / " > body")

    def responses(self, operation: Operation[..., Any], node: Node, place: Place) -> None:
        theirs = {
            status: self.document.resolve(response) for status, response in node.get("responses", {}).items()
        }
        successes = {str(status): annotation for status, annotation in operation.responses.items()}
        errors = [str(status) for status in operation.errors]
        statuses = dict.fromkeys([*successes, *errors], "status")
        self.names(dict.fromkeys(theirs, "status"), statuses, place, " > ")
        for status, annotation in successes.items():
            # A 204 has no body, whatever schema the document gives it.
            schema = None if status == "204" else _json_of(theirs.get(status, {}))
            if schema is not None and annotation is not type(None):
                self.value(schema, shape_of(annotation), self.outermost(schema, place / f" > {status} "))
            elif status in theirs:
                self.equal(
                    _body(schema is not None), _body(annotation is not type(None)), place / f" > {status}"
                )
        for status in errors:
            schema = _json_of(theirs.get(status, {}))
            # The client decodes errors without a model; an inline error schema is a subset of a named one.
            if schema and (name := self.document.read(schema).name):
                at = Place(name, route=f"{place.route} > {status} {name}")
                if name in dir(models):
                    self.value(schema, shape_of(getattr(models, name)), at)
                else:
                    self.found.append(Difference("missing", at, "schema", ""))

    def outermost(self, schema: Node, place: Place) -> Place:
        """The place of the outermost schema of a request or response body."""
        return place / (self.document.read(schema).name or "body")

    def unused_models(self) -> None:
        exported = [getattr(models, name) for name in dir(models)]
        classes = {value for value in exported if isinstance(value, type) and issubclass(value, Model)}
        unused = {cls.__name__: "model" for cls in classes - self.used}
        self.names({}, unused, Place(), "")


def _json_of(node: Node) -> Node | None:
    """The schema of a JSON body; `None` if there is no body."""
    schema: Node | None = node.get("content", {}).get("application/json", {}).get("schema")
    return schema


def _body(present: bool) -> str:
    return "a body" if present else "no body"


def _use(documented: bool) -> str:
    return "documented" if documented else "not documented"
