"""Loyalty cards, which collect the points in programs for cards."""

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
        id: Its number.
        identifier: What it is known by.
        status: Whether it is in use; one that is not neither earns points nor pays with them.
        modified: When it last changed.
        profiles: When each profile was linked to it, by integration ID.
    """

    id: int
    identifier: str
    program_id: int
    created: datetime
    modified: datetime
    status: LoyaltyCardStatus | str = "active"
    profiles: dict[str, datetime] = attrs.field(factory=dict[str, datetime])


def new_identifier(source: random.Random, taken: Container[str]) -> str:
    """Make up the identifier of a card, of 12 letters and digits."""
    while (identifier := "".join(source.choices(_CHARACTERS, k=_LENGTH))) in taken:
        pass
    return identifier
