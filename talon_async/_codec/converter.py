"""The cattrs converters, and the function that decodes responses."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cattrs import Converter

from talon_async._codec.shapes import ListOf, ModelOf, is_model
from talon_async._codec.structure import ModelReaders, Note
from talon_async._codec.timestamps import write_timestamp
from talon_async._codec.unstructure import unstructure_hook
from talon_async._codec.value_checks import NotAModel
from talon_async.models.base import Model, Verbatim


def _is_verbatim(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Verbatim)


def new_converter(
    readers: ModelReaders, *, read_only: bool, timestamp: Callable[[Any], Any] = write_timestamp
) -> Converter:
    """Create a cattrs converter for all models.

    Args:
        readers: The functions that create models from JSON objects.
        read_only: Whether fields that only the service sets are written.
        timestamp: Writes a moment as text.
    """
    converter = Converter()
    write = _writer(converter, models_only=not read_only)

    def unstructure_factory(cls: type[Model]) -> Callable[[Any], Any]:
        return unstructure_hook(cls, write, read_only=read_only, timestamp=timestamp)

    converter.register_structure_hook_factory(is_model, readers.structure_hook)
    converter.register_unstructure_hook_factory(is_model, unstructure_factory)
    converter.register_unstructure_hook_func(_is_verbatim, lambda value: value.raw)
    return converter


def _writer(converter: Converter, *, models_only: bool) -> Callable[[Any], Any]:
    """Create a function that unstructures any value with the hook of its class, looked up once per class.

    Args:
        converter: The converter.
        models_only: Whether a mapping where a model is expected is marked, for validation to refuse.
    """
    hooks: dict[type, Callable[[Any], Any]] = {}

    def write(value: Any) -> Any:
        cls = value.__class__
        hook = hooks.get(cls)
        if hook is None:
            marked = models_only and issubclass(cls, Mapping)
            hook = hooks[cls] = NotAModel if marked else converter.get_unstructure_hook(cls)
        return hook(value)

    return write


_RESPONSE_READERS: Final = ModelReaders(keep_null=False)

REQUESTS: Final = new_converter(ModelReaders(keep_null=True), read_only=False)
"""Writes requests as a client does, and reads them as a service does: `null` stays `None`."""

RESPONSES: Final = new_converter(_RESPONSE_READERS, read_only=True)
"""Reads responses as a client does, and writes them as a service does."""


def structure(shape: ModelOf | ListOf, document: Any) -> tuple[Any, set[Note]]:
    """Create the model of a response, and note where the response does not match its schema.

    Args:
        shape: A model, or a list of models.
        document: A JSON object or array, according to the shape.

    Returns:
        The model, which contains everything that was sent, and the notes. There is a note for each required
        field that is missing, and for each value that is not the list, map or object of the schema. Scalars
        are not checked.
    """
    notes: set[Note] = set()
    match shape:
        case ModelOf(cls):
            return _RESPONSE_READERS.reader(cls)(document, notes), notes
        case ListOf(ModelOf(cls)):
            read = _RESPONSE_READERS.reader(cls)
            return [read(e, notes) if isinstance(e, dict) else _kept(e, cls, notes) for e in document], notes
        case _:
            raise TypeError(f"a response is a model or a list of models, not {shape!r}")


def _kept(value: Any, cls: type[Model], notes: set[Note]) -> Any:
    notes.add((cls.__name__, "", "null" if value is None else "type"))
    return value
