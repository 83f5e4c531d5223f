"""Loyalty cards, which hold the points in card-based programs."""

import random
import string
from collections.abc import Container
from datetime import datetime
from typing import Final

import attrs

from talon_async.models.loyalty import LoyaltyCardStatus

_CHARACTERS: Final = string.ascii_uppercase + string.digits
_LENGTH: Final = 12


@attrs.define(kw_only=True)
class LoyaltyCardRecord:
    """A loyalty card.

    Attributes:
        id: Its ID.
        identifier: Its identifier.
        status: Its status; only an active card earns and spends points.
        modified: When it last changed.
        profiles: The linked profiles and when each was linked, by integration ID.
    """

    id: int
    identifier: str
    program_id: int
    created: datetime
    modified: datetime
    status: LoyaltyCardStatus | str = "active"
    profiles: dict[str, datetime] = attrs.field(factory=dict[str, datetime])


def new_identifier(source: random.Random, taken: Container[str]) -> str:
    """Generate a card identifier of 12 letters and digits."""
    while (identifier := "".join(source.choices(_CHARACTERS, k=_LENGTH))) in taken:
        pass
    return identifier
