"""Writes response bodies, with all timestamps in UTC."""

from typing import Any, Final

from talon_async._codec.converter import new_converter
from talon_async._codec.json import is_array, render
from talon_async._codec.structure import ModelReaders
from talon_async.sandbox._domain.utc import write_in_utc

_RESPONSES: Final = new_converter(ModelReaders(keep_null=False), read_only=True, timestamp=write_in_utc)


def render_response(model: Any) -> bytes:
    """Write the JSON of a model or a list of models."""
    if is_array(model):
        document: Any = [_RESPONSES.unstructure(entry) for entry in model]
    else:
        document = _RESPONSES.unstructure(model)
    # orjson leaves its whole buffer, of some kilobytes, to the text; a copy for the log takes what it needs.
    return bytes(memoryview(render(document)))
