"""From JSON values to models: one generated function per class.

A function never fails on a JSON object. A value that does not match the class is kept as sent, and its place
is noted; `talon_async._codec.validation` then locates and describes the mismatch.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, assert_never, get_origin

from talon_async._codec.codegen import define
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
    label_of,
)
from talon_async._codec.timestamps import read_timestamp
from talon_async.errors import DriftKind
from talon_async.models.base import Model

Note: TypeAlias = tuple[str, str, DriftKind]
"""The model and the JSON field where a document does not match the schema, and the kind of drift."""

Reader: TypeAlias = Callable[[Any, set[Note]], Any]
"""Creates a model from a JSON object, and adds its notes to a set."""


class ModelReaders:
    """The readers of all models; each is generated for the first document of its class.

    Args:
        keep_null: Whether `null` for a list or map is read as `None` instead of as an empty list or map.
    """

    def __init__(self, *, keep_null: bool) -> None:
        self._keep_null = keep_null
        self._readers: dict[type[Model], Reader] = {}

    def reader(self, cls: type[Model]) -> Reader:
        """Return the reader of a class."""
        reader = self._readers.get(cls)
        if reader is None:
            reader = self._readers[cls] = _Writer(cls, self.reader, keep_null=self._keep_null).write()
        return reader

    def structure_hook(self, cls: type[Model]) -> Callable[[Any, Any], Any]:
        """Return the reader of a class as a cattrs hook, which discards the notes."""
        read = self.reader(cls)
        return lambda value, _: read(value, set())


class _Writer:
    def __init__(
        self, cls: type[Model], reader_for: Callable[[type[Model]], Reader], *, keep_null: bool
    ) -> None:
        self.cls = cls
        self.reader_for = reader_for
        self.keep_null = keep_null
        self.fields = fields_of(cls)
        self.required: list[tuple[str, Note, Callable[[], Any]]] = [
            (field.wire, (cls.__name__, field.wire, "missing"), _filler(field.shape))
            for field in self.fields
            if field.required and not isinstance(field.shape, Tagged)
        ]
        self.names: dict[str, Any] = {
            "new": object.__new__,
            "cls": get_origin(cls) or cls,
            "timestamp": read_timestamp,
            "extra_fields": self.extra_fields,
            "with_missing": self.with_missing,
            "missing": _MISSING,
        }

    def write(self) -> Reader:
        name = f"structure_{self.cls.__name__}"
        required = [field for field in self.fields if field.required and not isinstance(field.shape, Tagged)]
        lines = [f"def {name}(o, notes):", " self = new(cls)", f" known = {len(required)}"]
        if required:
            lines.append(" try:")
            lines += [f"  given_{field.attribute} = o[{field.wire!r}]" for field in required]
            lines += [" except KeyError:", f"  return {name}(with_missing(o, notes), notes)"]
        for field in self.fields:
            lines += self.assignment(field)
        lines += [" self.extra = None if len(o) == known else extra_fields(o)", " return self"]
        reader: Reader = define(name, lines, self.names, f"structure {label_of(self.cls)}")
        return reader

    def assignment(self, field: FieldShape) -> list[str]:
        if isinstance(field.shape, Tagged):
            self.names[f"pick_{field.attribute}"] = self.pick(field, field.shape)
            sibling, wire = field.shape.sibling, field.wire
            return [
                f" known += {wire!r} in o",
                f" v = o.get({wire!r}, missing)",
                f" self.{field.attribute} = pick_{field.attribute}(o.get({sibling!r}), v, notes)",
            ]
        value = self.expression(field, field.shape, "v")
        if field.required:
            return [f" v = given_{field.attribute}", f" self.{field.attribute} = {value}"]
        self.names[f"omitted_{field.attribute}"] = field.omitted
        return [
            f" if {field.wire!r} in o:",
            f"  v = o[{field.wire!r}]",
            f"  self.{field.attribute} = {value}",
            "  known += 1",
            " else:",
            f"  self.{field.attribute} = omitted_{field.attribute}",
        ]

    def expression(self, field: FieldShape, shape: Shape, value: str) -> str:
        """Return the expression for the attribute's value, given the JSON value named `value`."""
        match shape:
            case Timestamp():
                return f"timestamp({value})"
            case ListOf(item):
                inner = self.expression(field, item, f"{value}i")
                whole = value if inner == f"{value}i" else f"[{inner} for {value}i in {value}]"
                return f"({whole} if {value}.__class__ is list else {self.mismatch(field, list, value)})"
            case DictOf(item):
                inner = self.expression(field, item, f"{value}i")
                whole = (
                    value if inner == f"{value}i" else f"{{k: {inner} for k, {value}i in {value}.items()}}"
                )
                return f"({whole} if {value}.__class__ is dict else {self.mismatch(field, dict, value)})"
            case ModelOf(cls):
                call = f"{self.nested(cls)}({value}, notes)"
                return f"({call} if {value}.__class__ is dict else {self.mismatch(field, None, value)})"
            case ModelOrList(model, items):
                array = self.expression(field, items, value)
                call = f"{self.nested(model.cls)}({value}, notes)"
                return f"({call} if {value}.__class__ is dict else {array})"
            case Scalar() | Anything() | Tagged():
                return value
            case _:
                assert_never(shape)

    def nested(self, cls: type[Model]) -> str:
        """Return the name that the reader of another class is called by; the first call looks it up."""
        name = f"structure_{cls.__name__}"
        if cls is self.cls:
            return name

        def first(value: Any, notes: set[Note]) -> Any:
            reader = self.names[name] = self.reader_for(cls)
            return reader(value, notes)

        self.names.setdefault(name, first)
        return name

    def mismatch(self, field: FieldShape, empty: type | None, value: str) -> str:
        """Return the call for a value that is not the list, map or object of the schema."""
        name = f"mismatch_{field.attribute}_{empty.__name__ if empty else 'object'}"

        def mismatch(found: Any, notes: set[Note]) -> Any:
            if found is _MISSING:  # noted already
                return None
            if found is not None:
                notes.add((self.cls.__name__, field.wire, "type"))
                return found
            if not field.null_in_responses:
                notes.add((self.cls.__name__, field.wire, "null"))
            return None if empty is None or self.keep_null else empty()

        self.names[name] = mismatch
        return f"{name}({value}, notes)"

    def pick(self, field: FieldShape, shape: Tagged) -> Callable[[Any, Any, set[Note]], Any]:
        classes: Mapping[Any, type[Model] | None] = shape.classes

        def pick(tag: Any, value: Any, notes: set[Note]) -> Any:
            known = tag.__class__ is str and tag in classes
            cls = classes[tag] if known else None
            if cls is not None and value.__class__ is dict:
                return self.reader_for(cls)(value, notes)
            raw = None if value is _MISSING else value
            if known and cls is None and raw is None:
                return None
            kind: DriftKind = "type" if cls else "unknown type"
            if cls and raw is None:
                kind = "missing" if value is _MISSING else "null"
            notes.add((self.cls.__name__, field.wire, kind))
            return shape.unknown(tag, raw) if shape.unknown else raw

        return pick

    def with_missing(self, document: dict[str, Any], notes: set[Note]) -> dict[str, Any]:
        """Fill in the required fields that are missing."""
        filled = dict(document)
        for wire, note, filler in self.required:
            if wire not in document:
                notes.add(note)
                filled[wire] = filler()
        return filled

    def extra_fields(self, document: dict[str, Any]) -> dict[str, Any]:
        known = {field.wire for field in self.fields}
        return {name: value for name, value in document.items() if name not in known}


_MISSING: Final = object()
"""Stands for a missing value, where `None` stands for `null`."""


def _filler(shape: Shape) -> Callable[[], Any]:
    """Return what creates the value of a required field that is missing."""
    match shape:
        case ListOf():
            return list
        case DictOf():
            return dict
        case ModelOf() | ModelOrList():
            return lambda: _MISSING
        case Scalar() | Timestamp() | Anything() | Tagged():
            return lambda: None
        case _:
            assert_never(shape)
