"""How the columns of a file become the fields of a row."""

import hashlib
from collections import abc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from talon_async._codec.json import is_object, parse, render
from talon_async._codec.shapes import ListOf, Scalar, Shape, Timestamp, fields_of
from talon_async.bulk._kinds import Kind
from talon_async.errors import ConfigurationError, InvalidRequestError

Convert = Callable[[Any], Any]

_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)


def _integer(value: Any) -> Any:
    return int(value)


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return int(value) if value.strip().lstrip("+-").isdecimal() else float(value)


def _boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError(text)


def _timestamp(value: Any) -> Any:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _list(value: Any) -> Any:
    if not isinstance(value, str):
        return list(value)
    return parse(value.encode()) if value.lstrip().startswith("[") else value.split(";")


def _json(value: Any) -> Any:
    return parse(value.encode()) if isinstance(value, str) else value


_TYPES: Final[abc.Mapping[str, tuple[Convert, str]]] = {
    "text": (_text, "text"),
    "integer": (_integer, "an integer"),
    "number": (_number, "a number"),
    "boolean": (_boolean, "true or false"),
    "timestamp": (_timestamp, "a timestamp such as 2030-01-31T09:00:00Z"),
    "list": (_list, "a list: values separated by semicolons, or a JSON array"),
    "json": (_json, "JSON"),
}


@attrs.frozen
class Target:
    """Where a column goes.

    Attributes:
        path: The field, and below it the names of attributes.
        type: The type of its values; empty to keep them as they are.
    """

    path: tuple[str, ...]
    type: str = ""

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}:{self.type}" if self.type else ".".join(self.path)

    def convert(self, value: Any) -> Any:
        """Convert a value.

        Raises:
            InvalidRequestError: It is not of the type.
        """
        if not self.type or value is None:
            return value
        convert, expected = _TYPES[self.type]
        try:
            return convert(value)
        except (TypeError, ValueError, OverflowError):
            raise InvalidRequestError(".".join(self.path), f"expected {expected}") from None


def _targets(columns: abc.Mapping[str, str]) -> dict[str, Target | None]:
    targets: dict[str, Target | None] = {}
    for column, text in columns.items():
        path, _, type_ = text.partition(":")
        if type_ and type_ not in _TYPES:
            raise ConfigurationError(f"mapping: {column}: expected one of {', '.join(_TYPES)}, found {type_}")
        targets[column] = None if text == "-" else Target(tuple(path.split(".")), type_)
    return targets


@attrs.frozen
class Mapping:
    """Where columns go: ``Mapping({"email": "attributes.Email", "age": "attributes.Age:integer"})``.

    A column that is not named goes to the field of the same name, in Python's spelling or that of JSON, and a
    column such as ``attributes.Email`` to that attribute. An empty cell of a CSV file is not sent.

    Attributes:
        columns: The field of each column, or a path such as ``attributes.Email``; ``-`` ignores the column. A
            type can follow: ``:text``, ``:integer``, ``:number``, ``:boolean``, ``:timestamp`` (UTC without a
            time zone), ``:list`` (values separated by semicolons, or a JSON array) or ``:json``. Without one,
            a CSV file's values have the type of the field, and those of attributes are text; other values
            stay as they are.
        constants: The values of fields that are the same in each row, by their paths.
    """

    columns: abc.Mapping[str, str] = attrs.field(factory=dict[str, str])
    constants: abc.Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    _targets: dict[str, Target | None] = attrs.field(
        init=False,
        eq=False,
        repr=False,
        default=attrs.Factory(lambda self: _targets(self.columns), takes_self=True),
    )

    @property
    def fingerprint(self) -> str:
        """Identifies the mapping."""
        stated = render([sorted(self.columns.items()), sorted(self.constants.items())])
        return hashlib.sha256(stated).hexdigest()[:32]

    def target(self, column: str) -> Target | None:
        """Where a column is stated to go.

        Raises:
            KeyError: It is not stated.
        """
        return self._targets[column]


class Plan:
    """How the rows of a source become fields of a kind.

    Args:
        kind: The kind.
        mapping: What is stated.
        columns: The columns; `None` if each row has its own.
        typed: Whether values have types.

    Raises:
        ConfigurationError: A column has no place, or a place does not exist.
    """

    def __init__(self, kind: Kind, mapping: Mapping, columns: Sequence[str] | None, *, typed: bool) -> None:
        self._kind = kind
        self._mapping = mapping
        self._typed = typed
        self._shapes: abc.Mapping[str, Shape] = {
            field.attribute: field.shape for field in fields_of(kind.row)
        }
        self._targets: dict[str, Target | None] = {}
        for place in mapping.constants:
            self._check(place, Target(tuple(place.split("."))))
        for column in mapping.columns:
            if columns is not None and column not in columns:
                raise ConfigurationError(
                    f"mapping: there is no column {column!r}; found {', '.join(columns)}"
                )
            self._target(column)
        unknown = [column for column in columns or () if not self._has_place(column)]
        if unknown:
            raise ConfigurationError(
                f"mapping: no field for {', '.join(unknown)}; map each to a field or attribute, or to '-'"
            )

    def describe(self) -> list[str]:
        """Describe where each known column goes, a line each."""
        lines = [f"{column} -> {target or 'ignored'}" for column, target in self._targets.items()]
        return [*lines, *(f"{value!r} -> {place}" for place, value in self._mapping.constants.items())]

    def apply(self, row: abc.Mapping[str, Any]) -> dict[str, Any]:
        """Convert a row.

        Raises:
            InvalidRequestError: A value is not of its type, or a column has no place.
        """
        fields: dict[str, Any] = {}
        for place, value in self._mapping.constants.items():
            _put(fields, tuple(place.split(".")), value)
        for column, value in row.items():
            if value == "" and not self._typed:
                continue
            try:
                target = self._targets[column] if column in self._targets else self._target(column)
            except ConfigurationError:
                raise InvalidRequestError(column, f"expected a field of {self._kind.row.__name__}") from None
            if target is not None:
                _put(fields, target.path, target.convert(value))
        return fields

    def _has_place(self, column: str) -> bool:
        try:
            self._target(column)
        except ConfigurationError:
            return False
        return True

    def _target(self, column: str) -> Target | None:
        """Find where a column goes, and remember it."""
        if column in self._mapping.columns:
            target = self._mapping.target(column)
        else:
            target = Target(tuple(column.split(".")))
        if target is not None:
            target = self._check(column, target)
        self._targets[column] = target
        return target

    def _check(self, column: str, target: Target) -> Target:
        """Complete a target by the type of its field."""
        attribute = self._kind.attributes.get(target.path[0])
        if attribute is None or "" in target.path:
            raise ConfigurationError(f"mapping: {column}: {self._kind.row.__name__} has no field {target}")
        type_ = target.type or ("" if self._typed else _type_of(self._shapes[attribute], len(target.path)))
        return Target((attribute, *target.path[1:]), type_)


def _type_of(shape: Shape, depth: int) -> str:
    """The type of the texts of a field, or of an attribute below it."""
    if depth > 1:
        return "text"
    match shape:
        case Scalar(classes=classes):
            names = {cls.__name__ for cls in classes}
            return "text" if "str" in names else "boolean" if "bool" in names else "number"
        case Timestamp():
            return "timestamp"
        case ListOf():
            return "list"
        case _:
            return "json"


def _put(fields: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        inner = fields.setdefault(name, {})
        if not is_object(inner):
            raise InvalidRequestError(".".join(path), f"{name} has a value of its own")
        fields = inner
    fields[path[-1]] = value
