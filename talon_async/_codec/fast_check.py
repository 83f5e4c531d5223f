"""Whether a JSON document matches a model, decided quickly by one generated function per class and scope.

Only a negative result is followed by the walk in `talon_async._codec.validation`, which locates and describes
the mismatch. A false negative costs that walk; a false positive is a bug.
"""

from collections.abc import Callable
from typing import Any, Final, assert_never

from talon_async._codec.codegen import define
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
    label_of,
)
from talon_async._codec.timestamps import is_timestamp
from talon_async._codec.value_checks import NAMES, SCALAR_RULES, SCALAR_TESTS, is_key, rules_of
from talon_async.models.base import Limit, Model

MAX_DEPTH: Final = 200
"""How deep objects and arrays in free-form values may nest; orjson writes 254 levels in total."""

Predicate = Callable[[Any], bool]

_predicates: dict[tuple[type[Model], Scope], Predicate] = {}


def matches(cls: type[Model], document: Any, scope: Scope) -> bool:
    """Whether a document certainly matches a model, as far as the scope checks."""
    predicate = _predicates.get((cls, scope))
    if predicate is None:
        predicate = _predicates[cls, scope] = _Writer(cls, scope).write()
    return predicate(document)


class _Writer:
    """Generates the predicate of one class; each statement returns `False` at the first mismatch."""

    def __init__(self, cls: type[Model], scope: Scope) -> None:
        self.cls = cls
        self.scope = scope
        self.names: dict[str, Any] = {
            **NAMES,
            "is_timestamp": is_timestamp,
            "is_key": is_key,
            "is_json": is_json,
        }

    def write(self) -> Predicate:
        name = f"matches_{self.cls.__name__}"
        lines = [f"def {name}(o):", " if o.__class__ is not dict: return False", " known = 0"]
        for field in fields_of(self.cls):
            lines.append(f" if {field.wire!r} in o:")
            lines += ["  known += 1", f"  v = o[{field.wire!r}]"]
            if isinstance(field.shape, Tagged):
                tagged = self.named(f"tagged_{field.attribute}", self.tagged(field.shape))
                lines.append(f"  if not {tagged}(o.get({field.shape.sibling!r}), v): return False")
                lines.append(f" elif not {tagged}(o.get({field.shape.sibling!r}), None): return False")
                continue
            indent = 2
            if field.null_in_responses or (self.scope.null and field.nullable):
                lines.append("  if v is not None:")
                indent = 3
            lines += self.checks(field.shape, "v", indent) or [f"{' ' * indent}pass"]
            if field.required:
                lines.append(" else: return False")
        if self.scope.unknown_fields or self.scope.limits:
            lines.append(" if len(o) != known: return False")
        lines.append(" return True")
        label = f"fast check of {label_of(self.cls)}, {self.scope.label or 'containers'}"
        predicate: Predicate = define(name, lines, self.names, label)
        return predicate

    def named(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def checks(self, shape: Shape, value: str, indent: int) -> list[str]:
        """Return the statements that check the value named `value`."""
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
                broken = "".join(f" or {condition}" for condition in self.bounds(limit, value))
                return [
                    f"{pad}if {value}.__class__ is not list{broken}: return False",
                    f"{pad}for {inner} in {value}:",
                    *(self.checks(item, inner, indent + 1) or [f"{pad} pass"]),
                ]
            case DictOf(item):
                keys = f" or not all(map(is_key, {value}))" if self.scope.limits else ""
                return [
                    f"{pad}if {value}.__class__ is not dict{keys}: return False",
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
            case Tagged():  # written in `write`, where its sibling is at hand
                raise AssertionError(shape)
            case _:
                assert_never(shape)

    def scalar(self, shape: Scalar, value: str) -> str:
        """Return the condition under which a scalar matches."""
        condition = " or ".join(self.of_class(cls, value) for cls in shape.classes)
        if shape.members is not None and self.scope.unknown_members:
            members = self.named(f"members_{len(self.names)}", shape.members)
            condition = f"({condition}) and {value} in {members}"
        broken = self.bounds(shape.limit, value)
        return f"({condition}) and not ({' or '.join(broken)})" if broken else condition

    def of_class(self, cls: type, value: str) -> str:
        condition = f"{value}.__class__ is {cls.__name__}"
        if self.scope.limits and cls in SCALAR_RULES:
            condition += f" and not ({SCALAR_RULES[cls].condition(value)})"
        return condition

    def bounds(self, limit: Limit | None, value: str) -> list[str]:
        """Return the conditions under which a value exceeds a limit."""
        if not self.scope.limits:
            return []
        return [rule.condition(value, repr(bound)) for rule, bound in rules_of(limit)]

    def nested(self, cls: type[Model]) -> str:
        """Return the name of the predicate of another class, generated for its first value."""
        name = f"matches_{cls.__name__}"
        if cls is self.cls:
            return name

        def first(value: Any) -> bool:
            match = matches(cls, value, self.scope)
            self.names[name] = _predicates[cls, self.scope]
            return match

        return self.named(name, first)

    def tagged(self, shape: Tagged) -> Callable[[Any, Any], bool]:
        def matches_tag(tag: Any, value: Any) -> bool:
            if tag.__class__ is not str or tag not in shape.classes:
                return False
            cls = shape.classes[tag]
            return value is None if cls is None else matches(cls, value, self.scope)

        return matches_tag


def is_json(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether a free-form value has only types that orjson encodes as they are."""
    is_broken = SCALAR_TESTS.get(value.__class__)
    if is_broken is not None:
        return not is_broken(value)
    if value.__class__ is dict:
        return depth > 0 and all(is_key(name) and is_json(value[name], depth - 1) for name in value)
    if value.__class__ is list:
        return depth > 0 and all(is_json(entry, depth - 1) for entry in value)
    return False
