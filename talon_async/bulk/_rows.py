"""A row between its source and its request."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from talon_async._codec.shapes import fields_of
from talon_async._codec.unknown_members import UnknownMember
from talon_async.errors import InvalidRequestError
from talon_async.models.base import Model


@attrs.define
class Row:
    """A row, encoded.

    Attributes:
        number: Its number, counted from 1.
        key: What identifies it.
        order: Rows with the same text keep their order.
        part: Its part of a request body; `None` if it is not valid.
        group: Rows of one request have the same.
        unique: Rows of one request have different ones; `None` if that does not matter.
        lock_keys: What a call with it is queued for.
        unknown_members: The first unknown member of each enum in it.
        problem: The field that is not valid, and why.
        source: The row as read, for the dead letters.
        id: Identifies it among all rows, wherever it is read; `None` if only its number does.
    """

    number: int
    key: str
    order: str
    part: bytes | None = None
    group: str = ""
    unique: str | None = None
    lock_keys: tuple[str, ...] = ()
    unknown_members: Sequence[UnknownMember] = ()
    problem: tuple[str, str] | None = None
    source: bytes | None = None
    id: str | None = None


def names_in_python(cls: type[Model]) -> dict[str, str]:
    """The attributes of a model by their names in Python and in JSON."""
    fields = fields_of(cls)
    return {field.wire: field.attribute for field in fields} | {
        field.attribute: field.attribute for field in fields
    }


def names_in_json(cls: type[Model]) -> dict[str, str]:
    """The JSON names of a model's attributes by their names in Python and in JSON."""
    return {field.attribute: field.wire for field in fields_of(cls)} | {
        field.wire: field.wire for field in fields_of(cls)
    }


def renamed(given: Mapping[Any, Any], cls: type[Model], names: Mapping[str, str]) -> dict[str, Any]:
    """Rename the entries of a mapping.

    Args:
        given: The mapping.
        cls: The model whose fields they are.
        names: The new names.

    Raises:
        InvalidRequestError: A name is not that of a field.
    """
    result: dict[str, Any] = {}
    for name, value in given.items():
        if name not in names:
            raise InvalidRequestError(str(name), f"expected a field of {cls.__name__}")
        result[names[name]] = value
    return result
