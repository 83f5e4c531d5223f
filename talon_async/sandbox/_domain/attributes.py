"""Attributes: their declarations, as in the Campaign Manager, and checks against them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

from talon_async._codec.json import is_array
from talon_async._codec.timestamps import is_timestamp, read_timestamp
from talon_async.models.base import Omittable
from talon_async.models.errors import APIError, ErrorSource
from talon_async.sandbox._domain.utc import write_in_utc
from talon_async.sandbox._errors import INVALID, ApiError

Entity: TypeAlias = Literal["CustomerProfile", "CustomerSession", "CartItem", "Event", "Referral"]
"""The entities that attributes can be declared for."""

AttributeType: TypeAlias = Literal[
    "string",
    "number",
    "boolean",
    "time",
    "(list string)",
    "(list number)",
    "(list time)",
]
"""The types of attributes; a time is an RFC 3339 timestamp."""

AttributeDeclarations: TypeAlias = Mapping[Entity, Mapping[str, AttributeType]]
"""The types of attributes by name, per entity; an entity that is missing has no attributes."""

Given: TypeAlias = tuple[Entity, Omittable[dict[str, Any]], str]
"""Attributes in a request: their entity, the attributes, and the JSON pointer to them."""

_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "time": is_timestamp,
}


def check_declarations(declared: AttributeDeclarations) -> None:
    """Check declarations.

    Raises:
        ValueError: An entity or a type is unknown.
    """
    for entity, types in declared.items():
        if entity not in get_args(Entity):
            raise ValueError(f"attributes: expected one of {get_args(Entity)}, found {entity!r}")
        for name, kind in types.items():
            if kind not in get_args(AttributeType):
                raise ValueError(
                    f"attributes: expected one of {get_args(AttributeType)} for {name!r}, found {kind!r}"
                )


def attribute_errors(
    declared: AttributeDeclarations,
    entity: Entity,
    attributes: Omittable[Mapping[str, Any]],
    pointer: str = "/attributes",
) -> Iterator[APIError]:
    """List the attributes that are undeclared or of another type; `null` is valid for any type.

    Args:
        declared: The declarations.
        entity: The entity of the attributes.
        attributes: The attributes, by name.
        pointer: The JSON pointer to them in the request.
    """
    types = declared.get(entity, {})
    for name, value in (attributes or {}).items():
        kind = types.get(name)
        source = ErrorSource(pointer=f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
        if kind is None:
            yield APIError(
                title="Unknown",
                details=f"{entity} has no attribute {name!r}: declare it first",
                source=source,
            )
        elif value is not None and not _fits(kind, value):
            yield APIError(title="Invalid type", details=f"expected a value of type {kind}", source=source)


def _fits(kind: AttributeType, value: Any) -> bool:
    if not kind.startswith("(list "):
        return _CHECKS[kind](value)
    return is_array(value) and all(map(_CHECKS[kind[len("(list ") : -1]], value))


def write_times_in_utc(
    declared: AttributeDeclarations, entity: Entity, attributes: Omittable[dict[str, Any]]
) -> None:
    """Rewrite attributes of type time as the service writes timestamps, in place.

    Args:
        declared: The declarations.
        entity: The entity of the attributes.
        attributes: The attributes, by name.
    """
    types, attributes = declared.get(entity, {}), attributes or {}
    for name, value in attributes.items():
        match types.get(name):
            case "time":
                attributes[name] = write_in_utc(read_timestamp(value))
            case "(list time)" if is_array(value):
                attributes[name] = [write_in_utc(read_timestamp(entry)) for entry in value]
            case _:
                pass


def check_attributes(declared: AttributeDeclarations | None, given: Iterable[Given]) -> None:
    """Refuse a request with attributes that are undeclared or of another type; rewrite times in UTC.

    Args:
        declared: The declarations; `None` accepts any attribute.
        given: All attributes of the request.

    Raises:
        ApiError: It has such attributes; each is named; status 400.
    """
    if declared is None:
        return
    given = list(given)
    errors = [
        error
        for entity, attributes, pointer in given
        for error in attribute_errors(declared, entity, attributes, pointer)
    ]
    if errors:
        raise ApiError(400, INVALID, errors)
    for entity, attributes, _ in given:
        write_times_in_utc(declared, entity, attributes)
