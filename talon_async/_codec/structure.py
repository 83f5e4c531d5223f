"""From JSON values to models: one straight-line function per class, written from its attributes.

A function never fails on a JSON object. Where the object parts from the class, the value is kept as it
came and the place is noted; `talon_async._codec.validation` then finds and words what was noted.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_origin

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
from talon_async._codec.timestamps import read_timestamp
from talon_async.errors import DriftKind
from talon_async.models.base import Model

Hook = Callable[[Any, Any], Any]
Note = Callable[[type[Model], str, DriftKind], None]


def structure_hook(
    cls: type[Model], hook_for: Callable[[type[Model]], Hook], note: Note, *, keep_null: bool
) -> Hook:
    """Write the function that makes a `cls` from a JSON object.

    Args:
        cls: The model.
        hook_for: Gives the function for another model; asked when the first value of it arrives, so that
            no function is written before it is needed.
        note: Told the class and field at which an object parts from its class, and how.
        keep_null: Whether `null` for a list or map stays `None`; otherwise it is read as an empty one.
    """
    return _Writer(cls, hook_for, note, keep_null=keep_null).write()


class _Writer:
    def __init__(
        self, cls: type[Model], hook_for: Callable[[type[Model]], Hook], note: Note, *, keep_null: bool
    ) -> None:
        self.cls = cls
        self.hook_for = hook_for
        self.note = note
        self.keep_null = keep_null
        self.fields = fields_of(cls)
        self.names: dict[str, Any] = {
            "new": object.__new__,
            "cls": get_origin(cls) or cls,
            "timestamp": read_timestamp,
            "extra_fields": self.extra_fields,
            "with_absent": self.with_absent,
            "absent": _ABSENT,
        }

    def write(self) -> Hook:
        required = [field for field in self.fields if field.required and not isinstance(field.shape, Tagged)]
        lines = ["def structure(o, _):", " self = new(cls)", f" known = {len(required)}"]
        if required:
            lines.append(" try:")
            lines += [f"  given_{field.attribute} = o[{field.wire!r}]" for field in required]
            lines += [" except KeyError:", "  return structure(with_absent(o), _)"]
        for field in self.fields:
            lines += self.assignment(field)
        lines += [" self.extra = None if len(o) == known else extra_fields(o)", " return self"]
        exec("\n".join(lines), self.names)  # noqa: S102  every name in it is an attribute's or ours
        hook: Hook = self.names["structure"]
        return hook

    def assignment(self, field: FieldShape) -> list[str]:
        if isinstance(field.shape, Tagged):
            self.names[f"pick_{field.attribute}"] = self.pick(field, field.shape)
            sibling, wire = field.shape.sibling, field.wire
            return [
                f" known += {wire!r} in o",
                f" v = o.get({wire!r}, absent)",
                f" self.{field.attribute} = pick_{field.attribute}(o.get({sibling!r}), v)",
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
        """The Python expression that makes the attribute's value from the JSON value named `value`."""
        match shape:
            case Timestamp():
                return f"timestamp({value})"
            case ListOf(item):
                inner = self.expression(field, item, f"{value}i")
                whole = value if inner == f"{value}i" else f"[{inner} for {value}i in {value}]"
                return f"({whole} if {value}.__class__ is list else {self.misfit(field, list)}({value}))"
            case DictOf(item):
                inner = self.expression(field, item, f"{value}i")
                whole = (
                    value if inner == f"{value}i" else f"{{k: {inner} for k, {value}i in {value}.items()}}"
                )
                return f"({whole} if {value}.__class__ is dict else {self.misfit(field, dict)}({value}))"
            case ModelOf(cls):
                call = f"{self.nested(cls)}({value}, None)"
                return f"({call} if {value}.__class__ is dict else {self.misfit(field, None)}({value}))"
            case ModelOrList(model, items):
                array = self.expression(field, items, value)
                call = f"{self.nested(model.cls)}({value}, None)"
                return f"({call} if {value}.__class__ is dict else {array})"
            case Scalar() | Anything() | Tagged():
                return value

    def nested(self, cls: type[Model]) -> str:
        """The name under which the function for another class is called; the first call looks it up."""
        name = f"structure_{cls.__name__}"

        def first(value: Any, _: Any) -> Any:
            hook = self.names[name] = self.hook_for(cls)
            return hook(value, None)

        self.names.setdefault(name, first)
        return name

    def misfit(self, field: FieldShape, empty: type | None) -> str:
        """The name of the function that takes what is no list, map or object where the contract has one."""
        name = f"misfit_{field.attribute}_{empty.__name__ if empty else 'object'}"

        def misfit(value: Any) -> Any:
            if value is _ABSENT:  # and noted where that was seen
                return None
            if value is not None:
                self.note(self.cls, field.wire, "type")
                return value
            if not field.null_in_answers:
                self.note(self.cls, field.wire, "null")
            return None if empty is None or self.keep_null else empty()

        self.names[name] = misfit
        return name

    def pick(self, field: FieldShape, shape: Tagged) -> Callable[[Any, Any], Any]:
        classes: Mapping[Any, type[Model] | None] = shape.classes
        hooks: dict[type[Model], Hook] = {}

        def pick(tag: Any, value: Any) -> Any:
            known = tag.__class__ is str and tag in classes
            cls = classes[tag] if known else None
            if cls is not None and value.__class__ is dict:
                hook = hooks.get(cls) or hooks.setdefault(cls, self.hook_for(cls))
                return hook(value, None)
            raw = None if value is _ABSENT else value
            if known and cls is None and raw is None:
                return None
            kind: DriftKind = "type" if cls else "unknown type"
            if cls and raw is None:
                kind = "absent" if value is _ABSENT else "null"
            self.note(self.cls, field.wire, kind)
            return shape.unknown(tag, raw) if shape.unknown else raw

        return pick

    def with_absent(self, document: dict[str, Any]) -> dict[str, Any]:
        """Fill in what the contract promises and the object leaves out."""
        filled = dict(document)
        for field in self.fields:
            if field.required and field.wire not in document and not isinstance(field.shape, Tagged):
                self.note(self.cls, field.wire, "absent")
                filled[field.wire] = _fill(field.shape)
        return filled

    def extra_fields(self, document: dict[str, Any]) -> dict[str, Any]:
        known = {field.wire for field in self.fields}
        return {name: value for name, value in document.items() if name not in known}


_ABSENT: Final = object()
"""Stands for a value that is not there, where `None` would stand for `null`."""


def _fill(shape: Shape) -> Any:
    match shape:
        case ListOf():
            return []
        case DictOf():
            return {}
        case ModelOf() | ModelOrList():
            return _ABSENT
        case _:
            return None
