"""Shapes: what an annotation says about a JSON value, as plain data for the whole codec."""

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import attrs

from talon_async.models.base import (
    NOT_AN_ENUM,
    NULL_IN_RESPONSES,
    READ_ONLY,
    Limit,
    Model,
    TaggedBy,
    Unset,
    Wire,
)


@attrs.frozen
class Scalar:
    """A string, number or boolean of one of the Python classes.

    `members` are the documented members of an enum.
    """

    name: str
    classes: tuple[type, ...]
    members: frozenset[str] | None = None
    limit: Limit | None = None


@attrs.frozen
class Timestamp:
    """An RFC 3339 date and time.

    Attributes:
        or_date: Whether a date alone is allowed as well.
    """

    or_date: bool = False


@attrs.frozen
class Anything:
    """Any JSON value."""


@attrs.frozen
class ListOf:
    """An array."""

    item: "Shape"
    limit: Limit | None = None


@attrs.frozen
class DictOf:
    """An object that maps arbitrary names to values."""

    value: "Shape"


@attrs.frozen
class ModelOf:
    """An object with the fields of a model."""

    cls: type[Model]


@attrs.frozen
class ModelOrList:
    """An object with the fields of a model, or an array; the JSON value decides."""

    model: ModelOf
    list: ListOf


@attrs.frozen(eq=False)
class Tagged:
    """An object of the model that a sibling field names."""

    sibling: str
    classes: Mapping[str, type[Model] | None]
    unknown: Callable[[str, Any], Any] | None


Shape = Scalar | Timestamp | Anything | ListOf | DictOf | ModelOf | ModelOrList | Tagged

_SCALARS: Mapping[Any, Scalar] = {
    str: Scalar("string", (str,)),
    int: Scalar("integer", (int,)),
    float: Scalar("number", (float, int)),
    bool: Scalar("boolean", (bool,)),
}


@attrs.frozen
class FieldShape:
    """One field of a model.

    Attributes:
        attribute: Its name in Python.
        wire: Its name in JSON.
        shape: The shape of its value.
        required: Whether the contract requires it.
        nullable: Whether it can be `null` in a request.
        null_in_responses: Whether it can be `null` in a response.
        omitted: The attribute's value for an absent field; `attrs.NOTHING` if the field is required.
        read_only: Whether only the service sets it.
    """

    attribute: str
    wire: str
    shape: Shape
    required: bool
    nullable: bool
    null_in_responses: bool
    omitted: Any
    read_only: bool


def is_model(annotation: Any) -> bool:
    """Whether an annotation is a model, with its type parameters if it is generic."""
    cls = get_origin(annotation) or annotation
    return isinstance(cls, type) and issubclass(cls, Model)


def label_of(model: type[Model]) -> str:
    """Return the name of a model with its type parameters, such as ``CountedPage[Referral]``."""
    arguments = ", ".join(argument.__name__ for argument in get_args(model))
    return f"{model.__name__}[{arguments}]" if arguments else model.__name__


def camel_case(attribute: str) -> str:
    """Return the JSON name of an attribute without `Wire`."""
    head, *tail = attribute.rstrip("_").split("_")
    return head + "".join(map(str.capitalize, tail))


_fields: dict[type[Model], tuple[FieldShape, ...]] = {}


def fields_of(model: type[Model]) -> tuple[FieldShape, ...]:
    """Return the fields of a model in order, without `extra`."""
    if model not in _fields:
        cls = get_origin(model) or model
        of = dict(zip(getattr(cls, "__parameters__", ()), get_args(model), strict=False))
        _resolve_annotations(cls)
        _fields[model] = tuple(
            _field(attribute, of) for attribute in attrs.fields(cls) if attribute.name != "extra"
        )
    return _fields[model]


def _resolve_annotations(cls: "type[attrs.AttrsInstance]") -> None:
    """Turn a class's annotations that are strings into types, as a `__future__` import makes them.

    Raises TypeError for a name that the class's module does not define.
    """
    if any(isinstance(attribute.type, str) for attribute in attrs.fields(cls)):
        try:
            attrs.resolve_types(cls, include_extras=True)
        except NameError as error:
            raise TypeError(
                f"{cls.__name__} has a field whose type is not defined in its module: {error}; "
                "define it there, or import it outside of TYPE_CHECKING"
            ) from error


def _field(attribute: "attrs.Attribute[Any]", of: Mapping[Any, Any]) -> FieldShape:
    whole: Any = attribute.type
    if unbound := getattr(whole, "__parameters__", ()):
        whole = whole[tuple(of.get(parameter, Model) for parameter in unbound)]
    annotation, marks = _strip(whole)
    wire = next((mark.name for mark in marks if isinstance(mark, Wire)), camel_case(attribute.name))
    tagged = next((mark for mark in marks if isinstance(mark, TaggedBy)), None)
    if tagged is not None:
        shape: Shape = Tagged(camel_case(tagged.attribute), tagged.classes, tagged.unknown)
    else:
        shape = shape_of(str if NOT_AN_ENUM in marks else whole)
    return FieldShape(
        attribute=attribute.name,
        wire=wire,
        shape=shape,
        required=attribute.default is attrs.NOTHING or tagged is not None,
        nullable=type(None) in get_args(annotation) or isinstance(shape, Anything),
        null_in_responses=NULL_IN_RESPONSES in marks,
        omitted=attribute.default,
        read_only=READ_ONLY in marks,
    )


def _strip(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Separate an annotation from its markers."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return inner, tuple(marks)
    return annotation, ()


def shape_of(annotation: Any) -> Shape:
    """Return the shape of an annotation, ignoring `None` and `UNSET`."""
    annotation, marks = _strip(annotation)
    limit = next((mark for mark in marks if isinstance(mark, Limit)), None)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _shape_of_union([part for part in arguments if part not in (type(None), Unset)])
    if annotation in _SCALARS:
        return attrs.evolve(_SCALARS[annotation], limit=limit)
    if annotation is datetime:
        return Timestamp()
    if annotation is Any:
        return Anything()
    if origin is list:
        return ListOf(shape_of(arguments[0]), limit)
    if origin is dict:
        return DictOf(shape_of(arguments[1]))
    if is_model(annotation):
        return ModelOf(annotation)
    raise TypeError(f"unsupported annotation: {annotation!r}")


def _shape_of_union(parts: list[Any]) -> Shape:
    if len(parts) == 1:
        return shape_of(parts[0])
    if set(parts) == {datetime, date}:
        return Timestamp(or_date=True)
    # An open enum: the members known to this release, or any other string.
    if all(part is str or get_origin(part) is Literal for part in parts):
        members = frozenset(member for part in parts for member in get_args(part))
        return attrs.evolve(_SCALARS[str], members=members)
    shapes = [shape_of(part) for part in parts]
    match shapes:
        case [ModelOf() as model, ListOf() as items]:
            return ModelOrList(model, items)
        case _:
            raise TypeError(f"unsupported union of {parts!r}")
