"""What all models share: the base class, `UNSET`, and the markers for annotations.

An attribute's annotation states the contract of its JSON field: the type, the limits (`Limit`), the JSON name
where it is not the attribute's name in camelCase (`Wire`), and whether only the service sets the field
(`READ_ONLY`). The default states whether the field can be absent: an attribute without a default is required,
`UNSET` marks a field that a request can omit, `None` marks a field that a response can omit.
"""

import enum
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

import attrs

__all__ = [
    "UNSET",
    "CouponCode",
    "IntegrationId",
    "Limit",
    "LoyaltyCardIdentifier",
    "Model",
    "Omittable",
    "StoreIntegrationId",
    "Unset",
]

T = TypeVar("T")


class Unset(enum.Enum):
    """The type of `UNSET`. It is falsy, so `value or default` works."""

    UNSET = "unset"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""The default of optional request attributes: the field is not sent. `None` is sent as `null`."""

Omittable: TypeAlias = T | Unset | None
"""An optional attribute of a request: `UNSET` omits the field, `None` sends `null`."""


@attrs.frozen(kw_only=True)
class Limit:
    """A limit that the API publishes for a value; the names follow JSON Schema.

    Attributes:
        minimum: The smallest number allowed.
        maximum: The largest number allowed.
        min_length: The fewest characters of a string or items of a list.
        max_length: The most characters of a string or items of a list.
        pattern: A regular expression that the whole string must match.
        unique: Whether the items of a list must differ.
    """

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    unique: bool = False


@attrs.frozen
class Wire:
    """The JSON name of an attribute, where it is not the attribute's name in camelCase.

    Attributes:
        name: The JSON name.
    """

    name: str


@attrs.frozen
class TaggedBy:
    """Marks an attribute whose class depends on a sibling attribute, the tag.

    Attributes:
        attribute: The sibling that holds the tag.
        classes: The class for each supported tag; `None` for a tag whose value is absent.
        unknown: Creates the value from the tag and the JSON, for an unsupported tag or for JSON that is not
            an object; without it, that JSON is kept as sent.
    """

    attribute: str
    classes: Mapping[str, type["Model"] | None]
    unknown: Callable[[str, Any], Any] | None = None


class Verbatim:
    """The base of values that hold JSON unchanged in `raw` and are written back as that JSON."""

    __slots__ = ()
    raw: Any


READ_ONLY: Final = "read-only"
"""Marks an attribute that only the service sets: it is read from responses and never sent."""

NOT_AN_ENUM: Final = "not-an-enum"
"""Marks an attribute whose known values help editors, while the contract allows any text."""

NULL_IN_RESPONSES: Final = "null-in-responses"
"""Marks an attribute for which the service documents `null`, though its schema does not allow it."""

IntegrationId: TypeAlias = Annotated[str, Limit(max_length=1000)]
"""An integration ID: the identifier that your system assigns to an entity; at most 1000 characters."""

StoreIntegrationId: TypeAlias = Annotated[str, Limit(min_length=1, max_length=1000)]
"""The integration ID of a store, or of an audience on another platform; 1 to 1000 characters."""

CouponCode: TypeAlias = Annotated[str, Limit(max_length=100)]
"""A coupon or referral code as the customer enters it; at most 100 characters."""

LoyaltyCardIdentifier: TypeAlias = Annotated[
    str, Limit(min_length=4, max_length=108, pattern=r"^[A-Za-z0-9._%+@-]+$")
]
"""The identifier of a loyalty card; 4 to 108 characters: letters, digits and ``._%+@-``."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Model:
    """The base of all models.

    A response that does not match the published schema still gives a model. A missing required list or map,
    and any `null` list or map, is empty. Any other missing required value is `None`. A value of another JSON
    type is kept as sent, whatever the annotation says. The client reports each such drift once; with
    ``strict=True`` it raises `ResponseDecodeError` instead.

    Attributes:
        extra: Fields that this release has no attribute for, by JSON name. They are kept from responses and
            sent in requests; `None` if there are none.
    """

    extra: dict[str, Any] | None = None

    # One method for all models: generating one per class would be much of the cost of the first call.
    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(
            getattr(self, field.name) == getattr(other, field.name) for field in attrs.fields(type(self))
        )

    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # models are mutable

    def __repr__(self) -> str:
        values = ((field, getattr(self, field.name)) for field in attrs.fields(type(self)))
        given = (f"{field.name}={value!r}" for field, value in values if value is not field.default)
        return f"{type(self).__name__}({', '.join(given)})"
