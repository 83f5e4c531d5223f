"""Request bodies: how a model becomes JSON, and where a request names what it changes."""

from collections.abc import Callable, Sequence
from typing import Any

from talon_async._codec.converter import REQUESTS
from talon_async._codec.fast_check import Reported, matches, predicate_of
from talon_async._codec.json import is_object, render
from talon_async._codec.scope import DOCUMENTED, OUTGOING
from talon_async._codec.shapes import ModelOf, Shape, shape_of
from talon_async._codec.unknown_members import UnknownMember, find_unknown_members
from talon_async._codec.validation import find_drift
from talon_async._codec.value_checks import is_sequence, plain
from talon_async.errors import InvalidRequestError
from talon_async.models.base import Model


def encode_body(shape: Shape, body: object) -> tuple[bytes, Sequence[UnknownMember]]:
    """Encode a request body, or a part of one.

    Args:
        shape: Its shape.
        body: The model or value.

    Returns:
        The JSON, and the first unknown member of each enum in it.

    Raises:
        InvalidRequestError: It exceeds a published limit, or JSON cannot represent it.
    """
    model = shape.cls if isinstance(shape, ModelOf) else None
    if model is not None and not isinstance(body, model):
        raise InvalidRequestError("body", f"expected {model.__name__}, found {type(body).__name__}")
    document = REQUESTS.unstructure(body)
    if model is not None and matches(model, document, DOCUMENTED):
        try:
            return render(document), ()
        except TypeError:
            pass  # the walk names the place
    for drift in find_drift(shape, document, OUTGOING, ""):
        raise InvalidRequestError(drift.path, f"expected {drift.expected}, found {drift.found}")
    document = plain(document)
    try:
        return render(document), tuple(find_unknown_members(shape, document))
    except TypeError as error:
        raise InvalidRequestError("body", str(error)) from None


def body_encoder(model: type[Model]) -> Callable[[Model], tuple[bytes, Sequence[UnknownMember]]]:
    """Create a function that encodes bodies of one model as `encode_body` does, at less cost for each.

    Args:
        model: The model.
    """
    shape, predicate = shape_of(model), predicate_of(model, DOCUMENTED)
    write = REQUESTS.get_unstructure_hook(model)
    nothing: Reported = frozenset()

    def encode(body: Model) -> tuple[bytes, Sequence[UnknownMember]]:
        if body.__class__ is model and predicate(document := write(body), nothing):
            try:
                return render(document), ()
            except TypeError:
                pass  # the walk names the place
        return encode_body(shape, body)

    return encode


def values_at(value: Any, path: list[str]) -> Sequence[Any]:
    """The values at a path of attributes; a list on the path gives those of each item."""
    for depth, name in enumerate(path):
        if is_sequence(value):
            return [found for item in value for found in values_at(item, path[depth:])]
        value = value.get(name) if is_object(value) else getattr(value, name, None)
    return value if is_sequence(value) else (value,)
