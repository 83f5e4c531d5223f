"""How closely a document is checked against a model."""

from typing import Final

import attrs


@attrs.frozen(kw_only=True, cache_hash=True)
class Scope:
    """What a check looks at, besides missing fields, containers and tagged types.

    Attributes:
        scalars: The kinds of scalars, and timestamps.
        unknown_fields: Unknown fields.
        unknown_members: Unknown enum members.
        limits: Limits of values, and whether JSON can carry Python values.
        null: Whether `null` is allowed where the attribute may be `None`.
        python: Whether the document is made of Python values and yet to be rendered. Paths then name
            attributes, such as ``cart_items[2].sku``, instead of JSON fields, and the fast check leaves it to
            orjson to refuse text, names and integers that JSON cannot carry.
    """

    scalars: bool = True
    unknown_fields: bool = False
    unknown_members: bool = False
    limits: bool = False
    null: bool = False
    python: bool = False

    @property
    def label(self) -> str:
        """The names of what it looks at, such as ``limits+null``."""
        return "+".join(name for name, value in attrs.asdict(self).items() if value)


TOLERANT: Final = Scope(scalars=False)
"""A response, by default."""
FULL: Final = Scope(unknown_fields=True, unknown_members=True)
"""A response, against all that the published schema says."""
OUTGOING: Final = Scope(limits=True, null=True, python=True)
"""A request before it is sent: enums are open, and `extra` is the user's own."""
DOCUMENTED: Final = attrs.evolve(OUTGOING, unknown_members=True)
"""A request before it is sent, whose enum members are all known."""
INCOMING: Final = Scope(limits=True, null=True)
"""A request as the service receives it."""
