"""Finds where a JSON document does not match a model: one complete walk that locates each mismatch.

The client uses it for responses that drift and requests that are not valid, the sandbox for requests that it
refuses.
"""

import contextlib
from collections.abc import Set
from decimal import Decimal
from typing import Any, Final, assert_never

from talon_async._codec.fast_check import MAX_DEPTH, matches
from talon_async._codec.json import is_object
from talon_async._codec.scope import Scope
from talon_async._codec.shapes import (
    Anything,
    DictOf,
    FieldShape,
    ListOf,
    ModelOf,
    ModelOrList,
    Scalar,
    Shape,
    Tagged,
    Timestamp,
    fields_of,
)
from talon_async._codec.structure import Note
from talon_async._codec.timestamps import is_date, is_timestamp
from talon_async._codec.value_checks import (
    cut,
    is_sequence,
    json_problem,
    kind_of,
    limit_problems,
    listed,
    quoted,
    shown,
)
from talon_async.errors import Drift, DriftKind
from talon_async.models.base import Limit, Model

MAX_DRIFTS: Final = 1000
"""The most mismatches that are found in one document."""


def find_drift(
    shape: Shape, document: Any, scope: Scope, root: str = "$", *, reported: Set[Note] = frozenset()
) -> list[Drift]:
    """Find where a JSON document does not match a shape.

    Mismatches are in the order of the model's fields, then unknown fields in that of the document. The walk
    ends after `MAX_DRIFTS` of them. It skips objects whose mismatches are all in `reported`.
    """
    walk = _Walk(scope, reported)
    entry = shape.item if isinstance(shape, ListOf) else shape
    owner = entry.cls.__name__ if isinstance(entry, ModelOf) else ""
    with contextlib.suppress(_EnoughError):
        walk.value(shape, document, root, (owner, ""), null=False)
    return walk.found


class _EnoughError(Exception):
    """Ends a walk that has found `MAX_DRIFTS` mismatches."""


Place = tuple[str, str]
"""The model and the JSON name of the field that a value belongs to."""


class _Walk:
    def __init__(self, scope: Scope, reported: Set[Note]) -> None:
        self.scope = scope
        self.reported = reported
        self.found: list[Drift] = []

    def report(self, place: Place, path: str, kind: DriftKind, expected: str, found: str) -> None:
        self.found.append(Drift(place[0], place[1], path, kind, expected, found))
        if len(self.found) == MAX_DRIFTS:
            raise _EnoughError

    def value(self, shape: Shape, value: Any, path: str, place: Place, *, null: bool) -> None:
        if value is None and null:
            return
        match shape:
            case Scalar():
                if self.scope.scalars:
                    self.scalar(shape, value, path, place)
            case ModelOf(cls):
                if not is_object(value):
                    self.mismatch(value, path, place, f"object {cls.__name__}")
                elif self.scope.python or not matches(cls, value, self.scope, self.reported):
                    self.model(cls, value, path)
            case ListOf(item, limit):
                if is_sequence(value):
                    for index, entry in enumerate(value):
                        self.value(item, entry, f"{path}[{index}]", place, null=False)
                    self.limits(limit, value, path, place)
                else:
                    self.mismatch(value, path, place, "array")
            case DictOf(item):
                if is_object(value):
                    for name, entry in value.items():
                        self.key(name, path, place)
                        self.value(item, entry, f"{path}[{cut(repr(name))}]", place, null=False)
                else:
                    self.mismatch(value, path, place, "object")
            case Timestamp(or_date):
                if self.scope.scalars and not (is_timestamp(value) or (or_date and is_date(value))):
                    self.mismatch(value, path, place, _name(shape))
            case ModelOrList(model, items):
                self.value(items if is_sequence(value) else model, value, path, place, null=False)
            case Anything():
                if self.scope.limits:
                    self.anything(value, path, place)
            case Tagged():  # met in `model`, where its sibling is at hand
                raise AssertionError(path)
            case _:
                assert_never(shape)

    def model(self, cls: type[Model], document: dict[str, Any], path: str) -> None:
        prefix = f"{path}." if path else ""
        fields = fields_of(cls)
        for field in fields:
            place = (cls.__name__, field.wire)
            where = prefix + (field.attribute if self.scope.python else field.wire)
            if isinstance(field.shape, Tagged):
                self.tagged(field, field.shape, document, where, place)
            elif field.wire in document:
                null = (self.scope.null and field.nullable) or field.null_in_responses
                self.value(field.shape, document[field.wire], where, place, null=null)
            elif field.required:
                self.report(place, where, "missing", _name(field.shape), "nothing")
        known = {field.wire for field in fields}
        for name, value in document.items():
            if name in known:
                continue
            field_name = shown(name)
            place, where = (cls.__name__, field_name), f"{prefix}{field_name}"
            if self.scope.unknown_fields:
                self.report(place, where, "unknown field", "no such field", kind_of(value))
            elif self.scope.limits:
                self.anything(value, where, place)

    def tagged(
        self, field: FieldShape, shape: Tagged, document: dict[str, Any], path: str, place: Place
    ) -> None:
        tag, value = document.get(shape.sibling), document.get(field.wire)
        known = isinstance(tag, str) and tag in shape.classes
        cls = shape.classes[tag] if isinstance(tag, str) and known else None
        if cls is not None and field.wire in document:
            self.value(ModelOf(cls), value, path, place, null=False)
        elif cls is not None:
            self.report(place, path, "missing", f"object {cls.__name__}", "nothing")
        elif self.scope.limits and isinstance(tag, str) and not known:
            expected = f"{shape.sibling} to be one of {listed(shape.classes)}"
            self.report(place, path, "unknown type", expected, quoted(tag))
        elif not known or value is not None:
            self.report(place, path, "unknown type", f"a supported {shape.sibling}", kind_of(value))

    def scalar(self, shape: Scalar, value: Any, path: str, place: Place) -> None:
        classes = (*shape.classes, Decimal) if float in shape.classes else shape.classes
        if not isinstance(value, classes) or (isinstance(value, bool) and bool not in shape.classes):
            self.mismatch(value, path, place, shape.name)
        elif shape.members is not None and self.scope.unknown_members and value not in shape.members:
            self.unknown_member(value, shape.members, path, place)
        elif self.scope.limits:
            self.python_value(value, path, place)
            self.limits(shape.limit, value, path, place)

    def unknown_member(self, value: object, members: frozenset[str], path: str, place: Place) -> None:
        # What is found in a request is for its sender; a response is logged, and holds a customer's data.
        if self.scope.limits:
            self.report(place, path, "unknown member", f"one of {listed(members)}", quoted(str(value)))
        else:
            self.report(place, path, "unknown member", "a documented enum member", "another string")

    def mismatch(self, value: Any, path: str, place: Place, expected: str) -> None:
        self.report(place, path, "null" if value is None else "type", expected, kind_of(value))

    def anything(self, value: Any, path: str, place: Place, depth: int = MAX_DEPTH) -> None:
        """Check that JSON can represent a free-form value."""
        if depth == 0 and (is_object(value) or is_sequence(value)):
            self.report(place, path, "limit", f"at most {MAX_DEPTH} levels", "deeper nesting")
            return
        if is_object(value):
            for name, entry in value.items():
                self.key(name, path, place)
                self.anything(entry, f"{path}[{cut(repr(name))}]", place, depth - 1)
        elif is_sequence(value):
            for index, entry in enumerate(value):
                self.anything(entry, f"{path}[{index}]", place, depth - 1)
        else:
            self.python_value(value, path, place)

    def key(self, name: Any, path: str, place: Place) -> None:
        """Report a name in a map that is not a string, or a string that JSON cannot carry."""
        if not isinstance(name, str):
            self.report(place, path, "type", "string keys", f"{kind_of(name)} key {cut(repr(name))}")
        elif self.scope.limits:
            self.python_value(name, path, place)

    def python_value(self, value: Any, path: str, place: Place) -> None:
        """Report a scalar that JSON cannot represent."""
        if problem := json_problem(value):
            self.report(place, path, *problem)

    def limits(self, limit: Limit | None, value: Any, path: str, place: Place) -> None:
        if self.scope.limits:
            for expected, found in limit_problems(limit, value):
                self.report(place, path, "limit", expected, found)


def _name(shape: Shape) -> str:
    match shape:
        case Scalar(name):
            return name
        case ListOf():
            return "array"
        case Timestamp(or_date):
            return "date or timestamp with an offset" if or_date else "timestamp with an offset"
        case Anything():
            return "value"
        case ModelOf() | DictOf() | ModelOrList() | Tagged():
            return "object"
        case _:
            assert_never(shape)
