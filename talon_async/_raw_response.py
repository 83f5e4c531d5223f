"""What `TalonClient.with_raw_response` returns."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import attrs

from talon_async._codec.json import parse

R = TypeVar("R")


@attrs.frozen
class RawResponse(Generic[R]):
    """The response to a call, with the model that the method returns.

    Attributes:
        model: The value that the method returns.
        status: The HTTP status.
        headers: The header fields; names are case-insensitive.
        body: The body, decompressed.
        attempts: How many attempts the call took.
        elapsed: How long the whole call took, in seconds.
    """

    model: R
    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int
    elapsed: float

    @property
    def json(self) -> Any:
        """The body decoded from JSON; `None` if it is empty."""
        return parse(self.body) if self.body else None
