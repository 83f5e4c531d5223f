"""Path and query parameters: how a Python value becomes the text of a URL."""

import functools
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar, get_args, get_origin
from urllib.parse import quote

import attrs

from talon_async._codec.json import is_array
from talon_async._codec.scope import OUTGOING
from talon_async._codec.shapes import Shape, camel_case, shape_of
from talon_async._codec.timestamps import write_timestamp
from talon_async._codec.unknown_members import UnknownMember, find_unknown_members, has_enum
from talon_async._codec.validation import find_drift
from talon_async._codec.value_checks import plain
from talon_async.errors import InvalidRequestError
from talon_async.models.base import Limit, Unset, Wire

T = TypeVar("T")

COMMA: Final = "comma"
"""Marks a list parameter that is sent as one comma-joined value instead of one parameter per item."""
YES_NO: Final = "yes-no"
"""Marks a boolean parameter that is sent as ``yes`` or ``no`` instead of ``true`` or ``false``."""

CommaSeparated: TypeAlias = Annotated[list[T] | Unset, COMMA]
PageSize: TypeAlias = Annotated[int, Limit(minimum=1, maximum=1000)] | Unset
Skip: TypeAlias = Annotated[int, Limit(minimum=0)] | Unset
Moment: TypeAlias = datetime | date | Unset
"""A moment, or the midnight in UTC with which a date begins."""
Silent: TypeAlias = Annotated[bool | Unset, YES_NO]
SubledgerIds: TypeAlias = Annotated[list[str] | Unset, Wire("subledgerId")]
CustomerSessionIds: TypeAlias = Annotated[list[str] | Unset, Wire("customerSessionIDs")]
TransactionUuids: TypeAlias = Annotated[list[str] | Unset, Wire("transactionUUIDs")]


_UNRESERVED: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
"""A path segment that is sent as it is, and does not consist of dots."""


@attrs.frozen
class Parameter:
    """A path or query parameter.

    Attributes:
        name: The argument's name in Python.
        annotation: The type of its values, written as for an attribute of a model.
        wire: Its name on the wire (default: the name in camelCase).
        style: How a list is sent: ``repeat`` as one parameter per item, ``comma`` as one joined value.
        bool_literals: How `False` and `True` are sent.
    """

    name: str
    annotation: Any
    wire: str = attrs.field(
        kw_only=True, default=attrs.Factory(lambda self: camel_case(self.name), takes_self=True)
    )
    style: Literal["repeat", "comma"] = attrs.field(kw_only=True, default="repeat")
    bool_literals: tuple[str, str] = attrs.field(kw_only=True, default=("false", "true"))

    @classmethod
    def from_annotation(cls, name: str, annotation: Any) -> "Parameter":
        """Create the parameter that an argument of an operation declares.

        Args:
            name: The argument.
            annotation: Its annotation, with the marks `Wire`, `COMMA` and `YES_NO`.
        """
        marks = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
        return cls(
            name,
            annotation,
            wire=next((mark.name for mark in marks if isinstance(mark, Wire)), camel_case(name)),
            style="comma" if COMMA in marks else "repeat",
            bool_literals=("no", "yes") if YES_NO in marks else ("false", "true"),
        )

    @functools.cached_property
    def shape(self) -> Shape:
        """The shape of its values."""
        return shape_of(self.annotation)

    @functools.cached_property
    def _is_unlimited_text(self) -> bool:
        return self.shape == shape_of(str)

    @functools.cached_property
    def is_enum(self) -> bool:
        """Whether its values are members of an enum."""
        return has_enum(self.shape)

    def encode(self, value: Any) -> list[str]:
        """Encode a value as the texts that go into the URL, each percent-encoded as a whole.

        Raises:
            InvalidRequestError: The value has another type, or exceeds a limit.
        """
        for drift in find_drift(self.shape, _write_moment(value), OUTGOING, self.name):
            raise InvalidRequestError(drift.path, f"expected {drift.expected}, found {drift.found}")
        value = plain(value)
        if is_array(value):
            if not value:  # omitting it would filter nothing, which is not what an empty list means
                raise InvalidRequestError(self.name, "expected at least 1 item, found none")
            texts = [self._encode_one(entry) for entry in value]
            return [",".join(texts)] if self.style == "comma" else texts
        return [self._encode_one(value)]

    def unknown_members(self, value: Any) -> Iterable[UnknownMember]:
        """Return the first unknown enum member of a value that can be encoded."""
        return find_unknown_members(self.shape, plain(value), self.name) if self.is_enum else ()

    def encode_segment(self, value: Any) -> str:
        """Encode a value as one segment of a path.

        Raises:
            InvalidRequestError: The value is empty, has another type, or exceeds a limit.
        """
        if type(value) is str and self._is_unlimited_text and _UNRESERVED.fullmatch(value):
            return value  # by far the most common
        (text,) = self.encode(value)
        if not text:
            raise InvalidRequestError(self.name, "expected at least 1 character, found none")
        return text

    def _encode_one(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.bool_literals[value]
        text = str(_write_moment(value))
        if "\r" in text or "\n" in text:
            raise InvalidRequestError(self.name, "expected no line breaks")
        # A dot is not a reserved character, yet URL parsers resolve a segment of dots.
        return quote(text, safe="") if text.strip(".") else text.replace(".", "%2E")


def _write_moment(value: Any) -> Any:
    return value.isoformat() if type(value) is date else write_timestamp(value)
