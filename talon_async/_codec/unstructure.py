"""From models to JSON values: one generated function per class."""

from collections.abc import Callable
from typing import Any, assert_never

import attrs

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
from talon_async._codec.timestamps import write_timestamp
from talon_async._codec.value_checks import is_sequence
from talon_async.models.base import Model

Hook = Callable[[Any], Any]


def unstructure_hook(
    cls: type[Model], dump: Hook, *, read_only: bool, timestamp: Hook = write_timestamp
) -> Hook:
    """Generate the function that creates the JSON object of a model.

    Args:
        cls: The model.
        dump: Creates the JSON value of any value.
        read_only: Whether fields that only the service sets are written.
        timestamp: Writes a moment as text.
    """
    name = f"unstructure_{cls.__name__}"
    names: dict[str, Any] = {"timestamp": timestamp, "dump": dump, "is_sequence": is_sequence}
    lines = [f"def {name}(m):", " o = {}"]
    for field in fields_of(cls):
        if read_only or not field.read_only:
            lines += _assignment(field, names)
    lines += [" if m.extra: o.update(m.extra)", " return o"]
    hook: Hook = define(name, lines, names, f"unstructure {label_of(cls)}")
    return hook


def _assignment(field: FieldShape, names: dict[str, Any]) -> list[str]:
    value = _expression(field.shape, "v")
    if field.omitted is attrs.NOTHING:
        return [f" v = m.{field.attribute}", f" o[{field.wire!r}] = {value}"]
    names[f"omitted_{field.attribute}"] = field.omitted
    return [
        f" v = m.{field.attribute}",
        f" if v is not omitted_{field.attribute}: o[{field.wire!r}] = {value}",
    ]


def _expression(shape: Shape, value: str) -> str:
    """Return the expression for the JSON value, given the attribute's value named `value`.

    A value of another type than the attribute's is passed through.
    """
    match shape:
        case Timestamp():
            return f"timestamp({value})"
        case ListOf(item):
            inner = _expression(item, f"{value}i")
            whole = f"[{inner} for {value}i in {value}]"
            return value if inner == f"{value}i" else f"({whole} if is_sequence({value}) else {value})"
        case DictOf(item):
            inner = _expression(item, f"{value}i")
            whole = f"{{k: {inner} for k, {value}i in {value}.items()}}"
            return value if inner == f"{value}i" else f"({whole} if isinstance({value}, dict) else {value})"
        case ModelOf() | ModelOrList() | Tagged():
            return f"dump({value})"
        case Scalar() | Anything():
            return value
        case _:
            assert_never(shape)
