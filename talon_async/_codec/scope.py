"""How closely a document is held against a model."""

from typing import Final

import attrs


@attrs.frozen(kw_only=True, cache_hash=True)
class Scope:
    """What the walk looks at, besides absent fields, containers and tagged types.

    Attributes:
        scalars: Kinds of scalars, and timestamps.
        unknown: Fields and enum members that this release does not know.
        limits: Limits of values, and whether Python values have a JSON form.
        null: Whether `null` is allowed where the attribute may be `None`.
        attribute_names: Whether paths name attributes, such as ``cart_items[2].sku``, instead of JSON fields.
    """

    scalars: bool = True
    unknown: bool = False
    limits: bool = False
    null: bool = False
    attribute_names: bool = False


TOLERANT: Final = Scope(scalars=False)
"""An answer, when nobody asked for more."""
FULL: Final = Scope(unknown=True)
"""An answer, against all that the contract says."""
OUTGOING: Final = Scope(limits=True, null=True, attribute_names=True)
"""A request before it is sent: members of enums are open, and `extra` is the user's own."""
INCOMING: Final = Scope(limits=True, null=True)
"""A request as a service receives it."""
