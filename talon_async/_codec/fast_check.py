"""Whether a JSON document keeps to a model: a quick yes, from one straight-line function per class.

Only a "no" is followed by the walk of `talon_async._codec.validation`, which finds where and why. A "no" to a
document that keeps to the model is allowed, and costs that walk; a wrong "yes" is not.
"""

import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from talon_async._codec.json import is_array, is_object
from talon_async._codec.scope import Scope
from talon_async._codec.shapes import (
    Anything,
    DictOf,
    ListOf,
    ModelOf,
    ModelOrList,
    Scalar,
    Shape,
    Tagged,
    Timestamp,
    fields_of,
)
from talon_async._codec.timestamps import is_timestamp
from talon_async.models.base import Limit, Model

MAX_DEPTH: Final = 200
"""How many objects and arrays of the user's own may stand inside one another; orjson writes 254 in all."""

Predicate = Callable[[Any], bool]

_SURROGATE = re.compile("[\ud800-\udfff]")

_written: dict[tuple[type[Model], Scope], Predicate] = {}


def fits(cls: type[Model], document: Any, scope: Scope) -> bool:
    """Tell whether a document certainly keeps to a model, as far as the scope looks."""
    predicate = _written.get((cls, scope))
    if predicate is None:
        predicate = _written[cls, scope] = _Writer(cls, scope).write()
    return predicate(document)


class _Writer:
    """Writes the predicate of one class; each statement it writes returns `False` at the first misfit."""

    def __init__(self, cls: type[Model], scope: Scope) -> None:
        self.cls = cls
        self.scope = scope
        self.names: dict[str, Any] = {
            "is_timestamp": is_timestamp,
            "is_text": is_text,
            "is_json": is_json,
            "isfinite": math.isfinite,
        }

    def write(self) -> Predicate:
        lines = ["def fits(o):", " if o.__class__ is not dict: return False", " known = 0"]
        for field in fields_of(self.cls):
            lines.append(f" if {field.wire!r} in o:")
            lines += ["  known += 1", f"  v = o[{field.wire!r}]"]
            if isinstance(field.shape, Tagged):
                tagged = self.named(f"tagged_{field.attribute}", self.tagged(field.shape))
                lines.append(f"  if not {tagged}(o.get({field.shape.sibling!r}), v): return False")
                lines.append(f" elif not {tagged}(o.get({field.shape.sibling!r}), None): return False")
                continue
            indent = 2
            if field.null_in_answers or (self.scope.null and field.nullable):
                lines.append("  if v is not None:")
                indent = 3
            lines += self.checks(field.shape, "v", indent) or [f"{' ' * indent}pass"]
            if field.required:
                lines.append(" else: return False")
        if self.scope.unknown or self.scope.limits:
            lines.append(" if len(o) != known: return False")
        lines.append(" return True")
        exec("\n".join(lines), self.names)  # noqa: S102  every name in it is an attribute's or ours
        predicate: Predicate = self.names["fits"]
        return predicate

    def named(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def checks(self, shape: Shape, value: str, indent: int) -> list[str]:
        """The statements that look at the value named `value`."""
        pad = " " * indent
        inner = f"{value}i"
        match shape:
            case Scalar() | Timestamp() if not self.scope.scalars:
                return []
            case Scalar():
                return [f"{pad}if not ({self.scalar(shape, value)}): return False"]
            case Timestamp():
                return [f"{pad}if not is_timestamp({value}): return False"]
            case Anything():
                return [f"{pad}if not is_json({value}): return False"] if self.scope.limits else []
            case ModelOf(cls):
                return [f"{pad}if not {self.nested(cls)}({value}): return False"]
            case ListOf(item, limit):
                return [
                    f"{pad}if {value}.__class__ is not list{self.bounds(limit, value)}: return False",
                    f"{pad}for {inner} in {value}:",
                    *(self.checks(item, inner, indent + 1) or [f"{pad} pass"]),
                ]
            case DictOf(item):
                return [
                    f"{pad}if {value}.__class__ is not dict: return False",
                    f"{pad}for {inner} in {value}.values():",
                    *(self.checks(item, inner, indent + 1) or [f"{pad} pass"]),
                ]
            case ModelOrList(model, items):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    *self.checks(model, value, indent + 1),
                    f"{pad}else:",
                    *self.checks(items, value, indent + 1),
                ]
            case Tagged():  # written where its sibling is at hand
                raise AssertionError(shape)

    def scalar(self, shape: Scalar, value: str) -> str:
        """The condition under which a scalar fits."""
        outgoing = self.scope.limits
        whole = f" and -2**63 <= {value} < 2**64" if outgoing else ""
        fraction = f" and isfinite({value})" if outgoing else ""
        match shape.name:
            case "string":
                condition = f"{value}.__class__ is str"
                condition += f" and is_text({value})" if outgoing else ""
            case "number":
                condition = f"({value}.__class__ is float{fraction} or {value}.__class__ is int{whole})"
            case "integer":
                condition = f"{value}.__class__ is int{whole}"
            case _:
                condition = f"{value}.__class__ is bool"
        if shape.members is not None and self.scope.unknown:
            condition += f" and {value} in {self.named(f'members_{len(self.names)}', shape.members)}"
        broken = self.bounds(shape.limit, value)
        return f"{condition} and not (False{broken})" if broken else condition

    def bounds(self, limit: Limit | None, value: str) -> str:
        """The conditions under which a value breaks a limit, each with an ``or`` before it."""
        if limit is None or not self.scope.limits:
            return ""
        broken = ""
        if limit.min_length is not None:
            broken += f" or len({value}) < {limit.min_length}"
        if limit.max_length is not None:
            broken += f" or len({value}) > {limit.max_length}"
        if limit.minimum is not None:
            broken += f" or {value} < {limit.minimum!r}"
        if limit.maximum is not None:
            broken += f" or {value} > {limit.maximum!r}"
        if limit.pattern is not None:
            matches = self.named(f"matches_{len(self.names)}", re.compile(limit.pattern).fullmatch)
            broken += f" or not {matches}({value})"
        if limit.unique:
            broken += f" or len(set(map(repr, {value}))) < len({value})"
        return broken

    def nested(self, cls: type[Model]) -> str:
        """The name of the predicate of another class, written when the first value of it arrives."""
        name = f"fits_{cls.__name__}"

        def first(value: Any) -> bool:
            fit = fits(cls, value, self.scope)
            self.names[name] = _written[cls, self.scope]
            return fit

        return self.named(name, first)

    def tagged(self, shape: Tagged) -> Callable[[Any, Any], bool]:
        def fits_tag(tag: Any, value: Any) -> bool:
            if tag.__class__ is not str or tag not in shape.classes:
                return False
            cls = shape.classes[tag]
            return value is None if cls is None else fits(cls, value, self.scope)

        return fits_tag


def is_text(value: Any) -> bool:
    """Tell whether a value is a string that can be written as UTF-8, without halves of surrogate pairs."""
    return isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))


def is_json(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Tell whether a value of the user's own shape has a JSON form; a moment with a time zone has one."""
    if is_object(value):
        return depth > 0 and all(is_text(name) and is_json(value[name], depth - 1) for name in value)
    if is_array(value):
        return depth > 0 and all(is_json(entry, depth - 1) for entry in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**64
    return value is None or is_text(value) or (isinstance(value, datetime) and value.tzinfo is not None)
