"""What every model is made of: the base class, the value for "left out", and marks on attributes.

An attribute's annotation tells the whole contract of the field: its type, its limits (`Limit`), its
wire name where that is not simply the attribute in camelCase (`Wire`), whether only the service may
set it (`READ_ONLY`). Its default tells the rest: none means that the contract requires the field,
`UNSET` that a request may leave it out, `None` that an answer may.
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
    """The type of `UNSET`; falsy, so that `value or default` reads naturally."""

    UNSET = "unset"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""The value of a request's attribute that is left alone: it is not sent, while `None` is sent as `null`."""

Omittable: TypeAlias = T | Unset | None
"""An attribute of a request that may be left out (`UNSET`) or sent as `null` (`None`)."""


@attrs.frozen(kw_only=True)
class Limit:
    """A bound that the API publishes for a value; the names are those of JSON Schema.

    Lengths count characters of a string or items of a list; `minimum` and `maximum` bound numbers and
    include their ends; `pattern` must match the whole string; `unique` forbids equal items.
    """

    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    unique: bool = False


@attrs.frozen
class Wire:
    """The JSON name of an attribute whose name in camelCase is not it."""

    name: str


@attrs.frozen
class TaggedBy:
    """A value whose class is told by a sibling attribute.

    Args:
        attribute: The sibling that holds the tag.
        classes: Gives the class for each known tag; `None` for a tag that comes without a value.
        unknown: Makes the value for any other tag, or for JSON that is no object, from tag and JSON;
            without it such JSON is kept as it came.
    """

    attribute: str
    classes: Mapping[str, type["Model"] | None]
    unknown: Callable[[str, Any], Any] | None = None


class Verbatim:
    """The base of values that hold JSON as it came, in `raw`, and are written as it."""

    __slots__ = ()
    raw: Any


READ_ONLY: Final = "read-only"
"""Marks an attribute that only the service sets: it is read in answers and never sent in a request."""

NULL_IN_RESPONSES: Final = "null-in-responses"
"""Marks an attribute for which the service is known to answer `null`, though its schema does not say so."""

IntegrationId: TypeAlias = Annotated[str, Limit(max_length=1000)]
"""An identifier that you chose for a profile, session, event or audience; at most 1000 characters."""

StoreIntegrationId: TypeAlias = Annotated[str, Limit(min_length=1, max_length=1000)]
"""An identifier that you chose for a store; 1 to 1000 characters."""

CouponCode: TypeAlias = Annotated[str, Limit(max_length=100)]
"""A coupon or referral code as the customer enters it; at most 100 characters."""

LoyaltyCardIdentifier: TypeAlias = Annotated[
    str, Limit(min_length=4, max_length=108, pattern=r"^[A-Za-z0-9._%+@-]+$")
]
"""The printed or generated identifier of a loyalty card; 4 to 108 letters, digits and ``._%+@-``."""


@attrs.define(kw_only=True, eq=False, repr=False)
class Model:
    """The base of all models.

    In an answer that drifts from the published contract, an attribute holds what was sent even where
    its type says otherwise: an absent required value is `None`, a value of another JSON type stays as
    it came. An absent or `null` list or map is empty. The client reports each such drift once; with
    `strict=True` it raises `ResponseDecodeError` instead.

    Attributes:
        extra: Fields that this release does not know, by their JSON names: kept from answers, and sent;
            `None` if there are none.
    """

    extra: dict[str, Any] | None = None

    # One of each for all models, instead of one written anew for each: they are many, and writing one
    # is much of what the first call of a process costs.
    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(
            getattr(self, field.name) == getattr(other, field.name) for field in attrs.fields(type(self))
        )

    __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]  # models can change

    def __repr__(self) -> str:
        values = ((field, getattr(self, field.name)) for field in attrs.fields(type(self)))
        given = (f"{field.name}={value!r}" for field, value in values if value is not field.default)
        return f"{type(self).__name__}({', '.join(given)})"
