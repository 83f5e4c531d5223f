"""Models with valid default values, and their JSON."""

from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs

from talon_async._codec.converter import RESPONSES
from talon_async._codec.shapes import (
    Anything,
    DictOf,
    FieldShape,
    ListOf,
    ModelOf,
    ModelOrList,
    Scalar,
    Shape,
    Tagged,
    Timestamp,
    fields_of,
)
from talon_async.models.base import Limit, Model

M = TypeVar("M", bound=Model)

_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_TEXT: Final = "example"


def make(model: type[M], **fields: Any) -> M:
    """Create a model and fill the required attributes that are not given with fixed, valid values.

    ``make(IntegrationStateV2, effects=[make(Effect, effect_type="showNotification")])``

    Args:
        model: The model class.
        **fields: The attributes that matter to the test.

    Returns:
        The model. The same arguments always give an equal model.

    Raises:
        TypeError: The model has no attribute of that name.
    """
    known = {field.attribute: field for field in fields_of(model)}
    unknown = sorted(fields.keys() - known.keys())
    if unknown:
        raise TypeError(f"{model.__name__} has no attribute {', '.join(unknown)}")
    missing = [field for field in known.values() if field.required and field.attribute not in fields]
    types = attrs.fields_dict(get_origin(model) or model)
    given = dict(fields)
    # A tagged field may set its sibling, so tagged fields come first.
    for field in sorted(missing, key=lambda field: not isinstance(field.shape, Tagged)):
        if isinstance(field.shape, Tagged):
            given[field.attribute] = _tagged(field.shape, given, known)
        elif field.attribute not in given:
            given[field.attribute] = _member(types[field.attribute].type) or _value(field.shape)
    return model(**given)


def to_json(model: Model) -> dict[str, Any]:
    """Convert a model to the JSON object the service would return, for the body of a mocked response.

    Args:
        model: The model.

    Returns:
        The JSON object, under the API's field names.
    """
    document: dict[str, Any] = RESPONSES.unstructure(model)
    return document


def _member(annotation: Any) -> str | None:
    """Return the first member of the enum in an annotation, or `None` if it has no enum."""
    if get_origin(annotation) is Literal:
        member: str = get_args(annotation)[0]
        return member
    if get_origin(annotation) in (list, dict):
        return None
    members = (_member(part) for part in get_args(annotation))
    return next((member for member in members if member), None)


def _tagged(shape: Tagged, given: dict[str, Any], known: dict[str, FieldShape]) -> Any:
    """Create the model whose class a sibling field names; set the sibling if it is not given."""
    sibling = next(field.attribute for field in known.values() if field.wire == shape.sibling)
    tags = [tag for tag, cls in shape.classes.items() if cls is not None]
    tag: str = given.setdefault(sibling, tags[0])
    cls = shape.classes.get(tag)
    return None if cls is None else make(cls)


def _text(limit: Limit) -> str:
    return _TEXT.ljust(limit.min_length or 0, "x")[: limit.max_length]


def _value(shape: Shape) -> Any:
    match shape:
        case Scalar(name="string", limit=limit):
            return _text(limit or Limit())
        case Scalar(name="boolean"):
            return False
        case Scalar(name="integer", limit=limit):
            return int(limit.minimum or 1) if limit else 1
        case Scalar(limit=limit):
            return float(limit.minimum or 1) if limit else 1.0
        case Timestamp():
            return _MOMENT
        case Anything():
            return {}
        case ListOf(item, limit):
            return [_value(item) for _ in range((limit.min_length or 0) if limit else 0)]
        case DictOf():
            return {}
        case ModelOf(cls) | ModelOrList(ModelOf(cls)):
            return make(cls)
        case Tagged():
            raise TypeError("a tagged field has no default without its sibling")
