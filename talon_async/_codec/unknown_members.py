"""Enum members in requests that this release does not know: newer than it, or misspelled."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from talon_async._codec.shapes import FieldShape, ListOf, ModelOf, Scalar, Shape, Tagged, fields_of
from talon_async._codec.value_checks import cut, listed, quoted
from talon_async.models.base import Model

logger = logging.getLogger("talon_async.requests")

Place = tuple[str, str]
"""The model and the JSON name of a property; for a parameter, nothing and its name."""


@attrs.frozen
class UnknownMember:
    """A text that a request has in place of a known enum member. It is sent: the service may know it.

    Attributes:
        model: The schema, such as ``NewCustomerSessionV2``; empty for a parameter.
        field: The JSON name of the property, or the name of the parameter.
        path: The place in the request, such as ``customer_session.state``.
        value: The text.
        known: The known members.
    """

    model: str
    field: str
    path: str
    value: str
    known: frozenset[str]

    def __str__(self) -> str:
        nearest = _nearest(self.value, self.known)
        hint = f"; did you mean {nearest!r}?" if nearest else f", which are {listed(self.known)}"
        return f"{self.path}: {quoted(self.value)} is not one of the known values{hint}"


class UnknownMemberReporter:
    """Logs unknown enum members in requests: once for each model and field.

    Args:
        hide: Removes from a text what must not be logged.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self._reported: set[Place] = set()

    def report(self, operation: str, members: Iterable[UnknownMember]) -> None:
        """Log the members of fields that were not reported before."""
        for member in members:
            if (member.model, member.field) not in self._reported:
                self._reported.add((member.model, member.field))
                # Before the value is cut off, which could leave a part of what is to be hidden.
                shown = attrs.evolve(member, value=self._hide(member.value))
                logger.warning("%s: %s", operation, str(shown))


def find_unknown_members(shape: Shape, document: Any, parameter: str = "") -> Iterable[UnknownMember]:
    """Find the first unknown member of each enum in a valid body, or in the valid value of a parameter."""
    found: dict[Place, UnknownMember] = {}
    for member in _unknown_members(shape, document, parameter, ("", parameter)):
        found.setdefault((member.model, member.field), member)
    return found.values()


def _unknown_members(shape: Shape, value: Any, path: str, place: Place) -> Iterator[UnknownMember]:
    match shape:
        case Scalar(members=known) if known is not None:
            if value is not None and value not in known:
                yield UnknownMember(*place, path, value, known)
        case ListOf(item):
            for index, entry in enumerate(value or ()):
                yield from _unknown_members(item, entry, f"{path}[{index}]", place)
        case ModelOf(cls):
            prefix = f"{path}." if path else ""
            for field in _with_enums(cls) if value else ():
                inner = field.shape
                if isinstance(inner, Tagged) and (tagged := inner.classes[value[inner.sibling]]):
                    inner = ModelOf(tagged)
                where, at = prefix + field.attribute, (cls.__name__, field.wire)
                yield from _unknown_members(inner, value.get(field.wire), where, at)
        case _:
            pass


_fields: dict[type[Model], tuple[FieldShape, ...]] = {}


def _with_enums(cls: type[Model]) -> tuple[FieldShape, ...]:
    """Return the fields of a model with an enum in them, so that a search visits nothing else."""
    if cls not in _fields:
        _fields[cls] = tuple(field for field in fields_of(cls) if has_enum(field.shape))
    return _fields[cls]


def has_enum(shape: Shape) -> bool:
    """Whether a value of a request has an enum in it."""
    match shape:
        case Scalar():
            return shape.members is not None
        case ListOf(item):
            return has_enum(item)
        case ModelOf(cls):
            return bool(_with_enums(cls))
        case Tagged():
            return any(_with_enums(cls) for cls in shape.classes.values() if cls)
        case _:
            return False


def _nearest(value: str, known: Iterable[str]) -> str | None:
    """Return the known member that a text resembles most, in upper or lower case; `None` if none does."""
    import difflib  # which most programs never need

    members = {member.casefold(): member for member in known}
    found = difflib.get_close_matches(cut(value).casefold(), members, n=1)
    return members[found[0]] if found else None
