"""The cattrs converters, and the calls that all else makes: documents into models, models into documents."""

import threading
from collections.abc import Callable
from typing import Any, Final

from cattrs import Converter

from talon_async._codec.shapes import ListOf, ModelOf, Shape, is_model
from talon_async._codec.structure import structure_hook
from talon_async._codec.unstructure import unstructure_hook
from talon_async.errors import DriftKind
from talon_async.models.base import Model, Verbatim

Note = tuple[str, str, DriftKind]
"""The model and the JSON field at which a document parted from the contract, and how."""


class _Notes(threading.local):
    """What the documents that are being read on this thread parted in."""

    def __init__(self) -> None:
        self.taken: list[Note] = []


_notes = _Notes()


def _note(cls: type[Model], wire: str, kind: DriftKind) -> None:
    _notes.taken.append((cls.__name__, wire, kind))


def _note_nothing(_cls: type[Model], _wire: str, _kind: DriftKind) -> None:
    """Requests are checked before they are read, so that nothing is left to be noted."""


def _is_verbatim(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Verbatim)


def _new_converter(*, requests: bool) -> Converter:
    """Make a cattrs converter for all models.

    Args:
        requests: Whether it is for requests, in which `null` means something and fields that only the
            service sets are not written, or for answers.
    """
    converter = Converter()
    write = _writer(converter)

    def structure_factory(cls: type[Model]) -> Callable[[Any, Any], Any]:
        note = _note_nothing if requests else _note
        return structure_hook(cls, converter.get_structure_hook, note, keep_null=requests)

    def unstructure_factory(cls: type[Model]) -> Callable[[Any], Any]:
        return unstructure_hook(cls, write, read_only=not requests)

    converter.register_structure_hook_factory(is_model, structure_factory)
    converter.register_unstructure_hook_factory(is_model, unstructure_factory)
    converter.register_unstructure_hook_func(_is_verbatim, lambda value: value.raw)
    return converter


def _writer(converter: Converter) -> Callable[[Any], Any]:
    """Writes any value by the hook of its class, remembered so that the search for it is made once."""
    hooks: dict[type, Callable[[Any], Any]] = {}

    def write(value: Any) -> Any:
        cls = value.__class__
        hook = hooks.get(cls)
        if hook is None:
            hook = hooks[cls] = converter.get_unstructure_hook(cls)
        return hook(value)

    return write


REQUESTS: Final = _new_converter(requests=True)
"""Writes requests as a client sends them, and reads them as a service does."""

ANSWERS: Final = _new_converter(requests=False)
"""Reads answers as a client does, and writes them as a service sends them."""


def structure(shape: Shape, document: Any) -> tuple[Any, tuple[Note, ...]]:
    """Make the model of an answer, and tell where the two part.

    Args:
        shape: A model, or a list of models.
        document: A JSON object or array, as the shape has it.

    Returns:
        The model, which holds all that was sent, and a note for each place at which a promised field is
        absent or a container is something else; no note says anything about scalars.
    """
    match shape:
        case ModelOf(cls):
            model: Any = ANSWERS.structure(document, cls)
        case ListOf(ModelOf(cls)):
            model = [ANSWERS.structure(e, cls) if isinstance(e, dict) else _kept(e, cls) for e in document]
        case _:
            raise TypeError(f"no answer is known of the shape {shape!r}")
    if not _notes.taken:
        return model, ()
    notes, _notes.taken = tuple(_notes.taken), []
    return model, notes


def _kept(value: Any, cls: type[Model]) -> Any:
    _note(cls, "", "null" if value is None else "type")
    return value
