"""Models as plain Python values and JSON text, in the provider's spelling, and back."""

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from talon_async._codec.converter import REQUESTS, RESPONSES
from talon_async._codec.json import render
from talon_async.models.base import UNSET, Model

__all__ = ["from_dict", "to_dict", "to_json"]

M = TypeVar("M", bound=Model)


def to_dict(model: Model) -> dict[str, Any]:
    """Convert a model to a dict of plain values, for a log, a data frame or ``web.json_response``.

    Names are those of the provider's JSON, such as ``cartItems``. Attributes that are `UNSET` are omitted,
    `extra` fields are included, timestamps are RFC 3339 strings.

    Args:
        model: Any model, of a request or a response.
    """
    document: dict[str, Any] = RESPONSES.unstructure(model)
    return document


def to_json(model: Model) -> bytes:
    """Convert a model to JSON text in UTF-8, with the content of `to_dict`.

    Args:
        model: Any model, of a request or a response.

    Raises:
        TypeError: The model holds a value that JSON cannot represent.
    """
    return render(to_dict(model))


def from_dict(cls: type[M], document: Mapping[str, Any]) -> M:
    """Create a model from a dict in the provider's spelling, such as `to_dict` returns.

    It is read like a response: unknown fields are kept in `extra`, and a value of another type stays as it
    is. `null` stays `None` in models of requests; in models of responses, a `null` list or map is empty.

    Args:
        cls: The class of the model, such as `NewCustomerSessionV2`.
        document: The dict.
    """
    is_sent = any(attribute.default is UNSET for attribute in attrs.fields(cls))
    model: M = (REQUESTS if is_sent else RESPONSES).structure(dict(document), cls)
    return model
