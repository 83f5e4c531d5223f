"""The values that errors hold."""

from typing import Literal

import attrs

DriftKind = Literal["missing", "null", "type", "limit", "unknown field", "unknown member", "unknown type"]
"""How a JSON value differs from the published schema."""

TimeoutPhase = Literal["pool", "connect", "write", "read", "deadline"]
"""What timed out: waiting for a free connection, connecting, sending, receiving, or the whole call."""


@attrs.frozen
class Drift:
    """A place where a JSON document does not match the published schema.

    Attributes:
        model: The schema, such as ``Coupon``.
        field: The JSON name of the property; empty for the value as a whole.
        path: The JSON path of the place, such as ``$.effects[3].props.value``.
        kind: How the document differs.
        expected: What the schema allows.
        found: The kind of value found, never the value itself.
    """

    model: str
    field: str
    path: str
    kind: DriftKind
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


@attrs.frozen
class ErrorDetail:
    """One entry of the ``errors`` list in an error response.

    Attributes:
        title: The kind of problem, in a few words.
        details: The explanation; empty if there is none.
        pointer: The path of the property in the request body, such as ``/state``; empty if there is none.
        parameter: The name of the parameter; empty if there is none.
    """

    title: str
    details: str = ""
    pointer: str = ""
    parameter: str = ""

    def __str__(self) -> str:
        place = self.pointer or self.parameter
        text = f"{self.title}: {self.details}" if self.details else self.title
        return f"{text} ({place})" if place else text
