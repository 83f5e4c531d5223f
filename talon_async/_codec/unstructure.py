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
    target = f"o[{field.wire!r}]"
    lines = [f" v = m.{field.attribute}"]
    if field.omitted is attrs.NOTHING:
        return [*lines, *_write(field.shape, "v", target, 1)]
    names[f"omitted_{field.attribute}"] = field.omitted
    return [*lines, f" if v is not omitted_{field.attribute}:", *_write(field.shape, "v", target, 2)]


def _write(shape: Shape, value: str, target: str, indent: int) -> list[str]:
    """Return the statements that assign the JSON value, given the attribute's value named `value`.

    A value of another type than the attribute's is passed through.
    """
    pad = " " * indent
    match shape:
        case Scalar() | Anything() | ListOf(Scalar() | Anything()) | DictOf(Scalar() | Anything()):
            return [f"{pad}{target} = {value}"]
        case Timestamp():
            return [f"{pad}{target} = timestamp({value})"]
        case ListOf(item):
            return [
                # The class is compared first because `is_sequence` asks an abstract class.
                f"{pad}if {value}.__class__ is list or is_sequence({value}):",
                f"{pad} {target} = all_{indent} = []",
                f"{pad} for one_{indent} in {value}:",
                *_write(item, f"one_{indent}", f"one_{indent}", indent + 2),
                f"{pad}  all_{indent}.append(one_{indent})",
                f"{pad}else: {target} = {value}",
            ]
        case DictOf(item):
            return [
                f"{pad}if isinstance({value}, dict):",
                f"{pad} {target} = all_{indent} = {{}}",
                f"{pad} for key_{indent}, one_{indent} in {value}.items():",
                *_write(item, f"one_{indent}", f"all_{indent}[key_{indent}]", indent + 2),
                f"{pad}else: {target} = {value}",
            ]
        case ModelOf() | ModelOrList() | Tagged():
            return [f"{pad}{target} = dump({value})"]
        case _:
            assert_never(shape)
