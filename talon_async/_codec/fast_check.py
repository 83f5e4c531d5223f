"""Whether a JSON document matches a model, decided quickly by one generated function per class and scope.

Only a negative result is followed by the walk in `talon_async._codec.validation`, which locates and describes
the mismatch. A false negative costs that walk; a false positive is a bug, except for text, names and integers
that orjson refuses to encode: no check of them here is as fast as its own.
"""

from collections.abc import Callable, Set
from math import isfinite
from typing import Any, Final, assert_never

from talon_async._codec.codegen import define
from talon_async._codec.json import shared_name
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
    label_of,
)
from talon_async._codec.structure import MISSING, Note
from talon_async._codec.timestamps import is_timestamp
from talon_async._codec.value_checks import NAMES, SCALAR_RULES, SCALAR_TESTS, rules_of, shown
from talon_async.errors import DriftKind
from talon_async.models.base import Limit, Model

MAX_DEPTH: Final = 200
"""How deep objects and arrays in free-form values may nest; orjson writes 254 levels in total."""

Reported = Set[Note]
"""The drift that was reported before: it counts as a match."""

Predicate = Callable[[Any, Reported], bool]

_predicates: dict[tuple[type[Model], Scope], Predicate] = {}


def matches(cls: type[Model], document: Any, scope: Scope, reported: Reported = frozenset()) -> bool:
    """Whether a document certainly matches a model, as far as the scope checks.

    Args:
        cls: The model.
        document: Any JSON value.
        scope: What is checked.
        reported: Mismatches that are ignored.
    """
    return predicate_of(cls, scope)(document, reported)


def predicate_of(cls: type[Model], scope: Scope) -> Predicate:
    """The predicate of a model: whether a document certainly matches it, but for reported mismatches.

    Args:
        cls: The model.
        scope: What is checked.
    """
    predicate = _predicates.get((cls, scope))
    if predicate is None:
        predicate = _predicates[cls, scope] = _Writer(cls, scope).write()
    return predicate


class _Writer:
    """Generates the predicate of one class; it returns `False` at the first mismatch that is not reported."""

    def __init__(self, cls: type[Model], scope: Scope) -> None:
        self.cls = cls
        self.scope = scope
        self.model = cls.__name__
        self.known = frozenset(field.wire for field in fields_of(cls))
        self.names: dict[str, Any] = {
            **NAMES,
            "is_timestamp": is_timestamp,
            "is_json": is_json,
            "has_new_field": self.has_new_field,
            "missing": MISSING,
        }

    def write(self) -> Predicate:
        name = f"matches_{self.model}"
        lines = [f"def {name}(o, reported):", " if o.__class__ is not dict: return False", " known = 0"]
        for field in fields_of(self.cls):
            if field.read_only and self.scope.python:  # only `extra` can have it, which is never matched
                continue
            wire = self.key(field.wire)
            if isinstance(field.shape, Tagged):
                tagged = self.named(f"tagged_{field.attribute}", self.tagged(field, field.shape))
                lines += [
                    f" known += {wire} in o",
                    f" v = o.get({wire}, missing)",
                    f" if not {tagged}(o.get({self.key(field.shape.sibling)}), v, reported): return False",
                ]
                continue
            lines += [f" if {wire} in o:", "  known += 1", f"  v = o[{wire}]"]
            indent = 2
            if field.null_in_responses or (self.scope.null and field.nullable):
                lines.append("  if v is not None:")
                indent = 3
            lines += self.checks(field.wire, field.shape, "v", indent) or [f"{' ' * indent}pass"]
            if field.required:
                lines.append(f" elif {self.note(field.wire, repr('missing'))} not in reported: return False")
        if self.scope.unknown_fields:
            lines.append(" if len(o) != known and has_new_field(o, reported): return False")
        elif self.scope.limits:
            lines.append(" if len(o) != known: return False")
        lines.append(" return True")
        label = f"fast check of {label_of(self.cls)}, {self.scope.label or 'containers'}"
        predicate: Predicate = define(name, lines, self.names, label)
        return predicate

    def key(self, wire: str) -> str:
        """Return the expression for a field's name in JSON."""
        return repr(wire) if self.scope.python else self.named(f"wire_{wire}", shared_name(wire))

    def named(self, name: str, value: Any) -> str:
        self.names[name] = value
        return name

    def note(self, wire: str, kind: str) -> str:
        """Return the expression for the note of a mismatch, given that for its kind."""
        return f"({self.model!r}, {wire!r}, {kind})"

    def refuse(self, wire: str, value: str) -> str:
        """Return the condition under which a value of a wrong type is not yet reported."""
        note = self.note(wire, f"'null' if {value} is None else 'type'")
        return f"{note} not in reported"

    def checks(self, wire: str, shape: Shape, value: str, indent: int) -> list[str]:
        """Return the statements that check the value named `value` of a field."""
        pad = " " * indent
        inner = f"{value}i"
        refuse = self.refuse(wire, value)
        match shape:
            case Scalar() | Timestamp() if not self.scope.scalars:
                return []
            case Scalar():
                lines = [f"{pad}if not ({self.scalar(shape, value)}) and {refuse}: return False"]
                if shape.members is not None and self.scope.unknown_members:
                    members = self.named(f"members_{len(self.names)}", shape.members)
                    note = self.note(wire, repr("unknown member"))
                    lines.append(
                        f"{pad}if {value}.__class__ is str and {value} not in {members} "
                        f"and {note} not in reported: return False"
                    )
                return lines
            case Timestamp():
                return [f"{pad}if not is_timestamp({value}) and {refuse}: return False"]
            case Anything():
                return [f"{pad}if not is_json({value}): return False"] if self.scope.limits else []
            case ModelOf(cls):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    f"{pad} if not {self.nested(cls)}({value}, reported): return False",
                    f"{pad}elif {refuse}: return False",
                ]
            case ListOf(item, limit):
                fits = "".join(f" and not ({condition})" for condition in self.bounds(limit, value))
                return [
                    f"{pad}if {value}.__class__ is list{fits}:",
                    *self.loop(f"{inner} in {value}", wire, item, inner, indent + 1),
                    f"{pad}elif {refuse}: return False",
                ]
            case DictOf(Anything()) if self.scope.limits:
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    f"{pad} if not is_json({value}, {MAX_DEPTH + 1}): return False",
                    f"{pad}elif {refuse}: return False",
                ]
            case DictOf(item):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    *self.loop(f"{inner} in {value}.values()", wire, item, inner, indent + 1),
                    f"{pad}elif {refuse}: return False",
                ]
            case ModelOrList(model, items):
                return [
                    f"{pad}if {value}.__class__ is dict:",
                    *self.checks(wire, model, value, indent + 1),
                    f"{pad}else:",
                    *self.checks(wire, items, value, indent + 1),
                ]
            case Tagged():  # written in `write`, where its sibling is at hand
                raise AssertionError(shape)
            case _:
                assert_never(shape)

    def loop(self, entries: str, wire: str, item: Shape, value: str, indent: int) -> list[str]:
        """Return the statements that check the entries of a list or map."""
        pad = " " * indent
        body = self.checks(wire, item, value, indent + 1)
        return [f"{pad}for {entries}:", *body] if body else [f"{pad}pass"]

    def scalar(self, shape: Scalar, value: str) -> str:
        """Return the condition under which a scalar matches, except for the members of an enum."""
        condition = " or ".join(self.of_class(cls, value) for cls in shape.classes)
        broken = self.bounds(shape.limit, value)
        return f"({condition}) and not ({' or '.join(broken)})" if broken else condition

    def of_class(self, cls: type, value: str) -> str:
        condition = f"{value}.__class__ is {cls.__name__}"
        if self.scope.limits and cls is float:
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

        def first(value: Any, reported: Reported) -> bool:
            match = matches(cls, value, self.scope, reported)
            self.names[name] = _predicates[cls, self.scope]
            return match

        return self.named(name, first)

    def tagged(self, field: FieldShape, shape: Tagged) -> Callable[[Any, Any, Reported], bool]:
        def matches_tag(tag: Any, value: Any, reported: Reported) -> bool:
            known = tag.__class__ is str and tag in shape.classes
            cls = shape.classes[tag] if known else None
            if cls is not None and value.__class__ is dict:
                return matches(cls, value, self.scope, reported)
            if known and cls is None and (value is None or value is MISSING):
                return True
            kind: DriftKind = "type" if cls else "unknown type"
            if cls and value is None:
                kind = "null"
            elif cls and value is MISSING:
                kind = "missing"
            return (self.model, field.wire, kind) in reported

        return matches_tag

    def has_new_field(self, document: dict[str, Any], reported: Reported) -> bool:
        for name in document:
            if name not in self.known and (self.model, shown(name), "unknown field") not in reported:
                return True
        return False


def is_json(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether a free-form value has only types that orjson encodes as they are, or refuses."""
    entries = value
    if value.__class__ is dict:
        entries = value.values()
    elif value.__class__ is not list:
        is_broken = SCALAR_TESTS.get(value.__class__)
        return is_broken is not None and not is_broken(value)
    if depth == 0:
        return False
    for entry in entries:
        cls = entry.__class__
        if cls is str or cls is int or cls is bool or entry is None:
            continue
        if cls is float:
            if not isfinite(entry):
                return False
        elif not is_json(entry, depth - 1):
            return False
    return True
