"""From JSON values to models: one generated function per class.

A function never fails on a JSON object. A value that does not match the class is kept as sent, and its place
is noted; `talon_async._codec.validation` then locates and describes the mismatch.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, assert_never, get_origin

from talon_async._codec.codegen import define
from talon_async._codec.json import shared_name
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
    """Generates the reader of one class, and what fills in required fields that an object lacks."""

    def __init__(
        self, cls: type[Model], reader_for: Callable[[type[Model]], Reader], *, keep_null: bool
    ) -> None:
        self.cls = cls
        self.reader_for = reader_for
        self.keep_null = keep_null
        self.fields = fields_of(cls)
        self.required = [
            field for field in self.fields if field.required and not isinstance(field.shape, Tagged)
        ]
        self.wires = frozenset(field.wire for field in self.fields)
        self.names: dict[str, Any] = {
            "new": object.__new__,
            "cls": get_origin(cls) or cls,
            "timestamp": read_timestamp,
            "extra_fields": self.extra_fields,
            "missing": MISSING,
            "complete": self.complete_first,
        }

    def write(self) -> Reader:
        name = f"structure_{self.cls.__name__}"
        lines = [f"def {name}(o, notes):", " self = new(cls)", f" known = {len(self.required)}"]
        if self.required:
            given = [f"  {_first_target(field)} = o[{self.key(field.wire)}]" for field in self.required]
            lines += [" try:", *given, " except KeyError:", "  o = complete(o, notes)", *given]
        for field in self.fields:
            lines += self.assignment(field)
        lines += [" self.extra = None if len(o) == known else extra_fields(o)", " return self"]
        reader: Reader = define(name, lines, self.names, f"structure {label_of(self.cls)}")
        return reader

    def complete_first(self, document: dict[str, Any], notes: set[Note]) -> dict[str, Any]:
        """Complete an object with a function that is generated for the first one that lacks fields."""
        complete = self.names["complete"] = self.completer()
        return complete(document, notes)

    def completer(self) -> Callable[[dict[str, Any], set[Note]], dict[str, Any]]:
        """Generate the function that copies an object and fills in the required fields that are missing."""
        name = f"complete_{self.cls.__name__}"
        lines = [f"def {name}(o, notes):", " whole = o.copy()"]
        for field in self.required:
            note: Note = self.cls.__name__, field.wire, "missing"
            lines += [
                f" if {field.wire!r} not in o:",
                f"  whole[{field.wire!r}] = {_filler(field.shape)}",
                f"  notes.add({note!r})",
            ]
        lines.append(" return whole")
        complete: Callable[[dict[str, Any], set[Note]], dict[str, Any]] = define(
            name, lines, {"missing": MISSING}, f"complete {label_of(self.cls)}"
        )
        return complete

    def assignment(self, field: FieldShape) -> list[str]:
        target = f"self.{field.attribute}"
        if isinstance(field.shape, Tagged):
            return self.tagged(field, field.shape, target)
        if field.required:
            if _is_kept(field.shape):  # assigned already
                return []
            return self.read(field, field.shape, f"given_{field.attribute}", target, 1)
        omitted = "None"
        if field.omitted is not None:
            omitted = f"omitted_{field.attribute}"
            self.names[omitted] = field.omitted
        if _is_kept(field.shape):
            present = [f"  {target} = o[{self.key(field.wire)}]"]
        else:
            present = [f"  v = o[{self.key(field.wire)}]", *self.read(field, field.shape, "v", target, 2)]
        return [
            f" if {self.key(field.wire)} in o:",
            *present,
            "  known += 1",
            " else:",
            f"  {target} = {omitted}",
        ]

    def read(self, field: FieldShape, shape: Shape, value: str, target: str, indent: int) -> list[str]:
        """Return the statements that assign the attribute's value, given the JSON value named `value`.

        Loops are written out because comprehensions cost a call before Python 3.12, and dictionaries more.
        """
        pad = " " * indent
        match shape:
            case Scalar() | Anything():
                return [f"{pad}{target} = {value}"]
            case Timestamp():
                return [f"{pad}{target} = {value} and timestamp({value})"]  # None needs no call
            case ListOf(Scalar() | Anything()):
                mismatch = self.mismatch(field, list, value)
                return [f"{pad}{target} = {value} if {value}.__class__ is list else {mismatch}"]
            case DictOf(Scalar() | Anything()):
                mismatch = self.mismatch(field, dict, value)
                return [f"{pad}{target} = {value} if {value}.__class__ is dict else {mismatch}"]
            case ListOf(item):
                return [
                    f"{pad}if {value}.__class__ is list:",
                    f"{pad} {target} = all_{indent} = []",
                    f"{pad} for one_{indent} in {value}:",
                    *self.read(field, item, f"one_{indent}", f"one_{indent}", indent + 2),
                    f"{pad}  all_{indent}.append(one_{indent})",
                    f"{pad}else: {target} = {self.mismatch(field, list, value)}",
                ]
            case DictOf(item):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    f"{pad} {target} = all_{indent} = {{}}",
                    f"{pad} for key_{indent} in {value}:",
                    f"{pad}  one_{indent} = {value}[key_{indent}]",
                    *self.read(field, item, f"one_{indent}", f"all_{indent}[key_{indent}]", indent + 2),
                    f"{pad}else: {target} = {self.mismatch(field, dict, value)}",
                ]
            case ModelOf(cls):
                call = f"{self.nested(cls)}({value}, notes)"
                mismatch = self.mismatch(field, None, value)
                return [f"{pad}{target} = {call} if {value}.__class__ is dict else {mismatch}"]
            case ModelOrList(model, items):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    *self.read(field, model, value, target, indent + 1),
                    f"{pad}else:",
                    *self.read(field, items, value, target, indent + 1),
                ]
            case Tagged():  # written in `assignment`, where its sibling is at hand
                raise AssertionError(shape)
            case _:
                assert_never(shape)

    def tagged(self, field: FieldShape, shape: Tagged, target: str) -> list[str]:
        readers: dict[str, Reader] = {}
        self.names[f"readers_{field.attribute}"] = readers
        self.names[f"pick_{field.attribute}"] = self.pick(field, shape, readers)
        return [
            f" v = o.get({self.key(field.wire)}, missing)",
            " known += v is not missing",
            f" tag = o.get({self.key(shape.sibling)})",
            f" read = readers_{field.attribute}.get(tag) if tag.__class__ is str else None",
            f" if read is not None and v.__class__ is dict: {target} = read(v, notes)",
            f" else: {target} = pick_{field.attribute}(tag, v, notes)",
        ]

    def key(self, wire: str) -> str:
        """Return the global that holds a field's name in JSON."""
        name = f"wire_{wire}"
        self.names[name] = shared_name(wire)
        return name

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
            if found is MISSING:  # noted already
                return None
            if found is not None:
                notes.add((self.cls.__name__, field.wire, "type"))
                return found
            if not field.null_in_responses:
                notes.add((self.cls.__name__, field.wire, "null"))
            return None if empty is None or self.keep_null else empty()

        self.names[name] = mismatch
        return f"{name}({value}, notes)"

    def pick(
        self, field: FieldShape, shape: Tagged, readers: dict[str, Reader]
    ) -> Callable[[Any, Any, set[Note]], Any]:
        """Return the function for a new tag or another value; it enters a tag's reader into `readers`."""
        classes: Mapping[Any, type[Model] | None] = shape.classes

        def pick(tag: Any, value: Any, notes: set[Note]) -> Any:
            known = tag.__class__ is str and tag in classes
            cls = classes[tag] if known else None
            if cls is not None and value.__class__ is dict:
                read = readers[tag] = self.reader_for(cls)
                return read(value, notes)
            raw = None if value is MISSING else value
            if known and cls is None and raw is None:
                return None
            kind: DriftKind = "type" if cls else "unknown type"
            if cls and raw is None:
                kind = "missing" if value is MISSING else "null"
            notes.add((self.cls.__name__, field.wire, kind))
            return shape.unknown(tag, raw) if shape.unknown else raw

        return pick

    def extra_fields(self, document: dict[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        for name in document:
            if name not in self.wires:
                extra[name] = document[name]
        return extra


MISSING: Final = object()
"""Stands for a missing value, where `None` stands for `null`."""


def _is_kept(shape: Shape) -> bool:
    """Whether the attribute's value is the JSON value."""
    return isinstance(shape, Scalar | Anything)


def _first_target(field: FieldShape) -> str:
    """Return what a required value is assigned to while it is not known whether all are there."""
    return f"{'self.' if _is_kept(field.shape) else 'given_'}{field.attribute}"


def _filler(shape: Shape) -> str:
    """Return the expression for the value of a required field that is missing."""
    match shape:
        case ListOf():
            return "[]"
        case DictOf():
            return "{}"
        case ModelOf() | ModelOrList():
            return "missing"
        case Scalar() | Timestamp() | Anything() | Tagged():
            return "None"
        case _:
            assert_never(shape)
