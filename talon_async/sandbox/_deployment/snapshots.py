"""Snapshots: writes the records of a `Store` to a file and reads them back, by its annotations."""

import types
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, MutableMapping, Set
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs
import orjson
from cattrs import Converter
from cattrs.cols import (
    is_mapping,
    is_sequence,
    list_structure_factory,
    mapping_structure_factory,  # pyright: ignore[reportUnknownVariableType]  the stubs leave a part open
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from talon_async._codec.json import is_object
from talon_async._codec.scope import Scope
from talon_async._codec.shapes import is_model, shape_of
from talon_async._codec.structure import ModelReaders
from talon_async._codec.timestamps import read_timestamp
from talon_async._codec.unstructure import unstructure_hook
from talon_async._codec.validation import find_drift
from talon_async._codec.value_checks import kind_of
from talon_async.models.base import Model, Verbatim
from talon_async.sandbox._deployment.store import Store

FORMAT: Final = 2
_STORED: Final = Scope(null=True)
"""What models in a snapshot are checked for."""
_RECORDS: Final = [field for field in attrs.fields(Store) if field.name != "seed"]


@attrs.frozen(kw_only=True)
class Heading:
    """The metadata of a snapshot.

    Attributes:
        seed: The seed of the store.
        ahead: The offset of the clock.
        campaigns: The names of the campaigns, by ID: the configuration that the records belong to.
    """

    seed: int
    ahead: timedelta
    campaigns: dict[int, str]


def write_snapshot(path: Path, heading: Heading, store: Store) -> None:
    """Write a snapshot; an existing file is replaced only once the new one is complete.

    Args:
        path: The file.
        heading: The metadata.
        store: The records.

    Raises:
        OSError: The file cannot be written.
        TypeError: A record holds a value that JSON cannot represent.
    """
    records = {field.name: _top(getattr(store, field.name), field.type) for field in _RECORDS}
    document = {"format": FORMAT, "heading": _CONVERTER.unstructure(heading), "records": records}
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(orjson.dumps(document, default=_plain, option=orjson.OPT_UTC_Z))
    part.replace(path)


def _top(value: Any, annotation: Any) -> Any:
    # Mappings that JSON can represent are serialized record by record: converting them all at once would
    # take several times their memory.
    if is_mapping(annotation) and not _has_other_keys(annotation):
        return value
    return _CONVERTER.unstructure(value, unstructure_as=annotation)


def _plain(value: Any) -> Any:
    document = _CONVERTER.unstructure(value)
    if document is value:
        raise TypeError(f"a snapshot cannot hold a value of type {type(value).__name__}")
    return document


def read_snapshot(path: Path) -> tuple[Heading, Store]:
    """Read a snapshot.

    Args:
        path: The file.

    Returns:
        The metadata and the records.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a snapshot, or was written by another release.
    """
    try:
        return _read(orjson.loads(path.read_bytes()))
    except ValueError as error:
        raise ValueError(f"{path} is not a snapshot of this release: {error}") from error


def _read(document: Any) -> tuple[Heading, Store]:
    found = document.get("format") if is_object(document) else None
    if found != FORMAT:
        raise ValueError(f"expected format {FORMAT}, found {found}")
    heading = _structure(document, "heading", Heading)
    records = _structure(document, "records", dict[str, Any])
    store = Store(seed=heading.seed)
    for field in _RECORDS:
        annotation: Any = field.type
        value = _structure(records, field.name, annotation)
        empty = getattr(store, field.name)
        setattr(store, field.name, deque(value, maxlen=empty.maxlen) if isinstance(empty, deque) else value)
    return heading, store


def _structure(document: Mapping[str, Any], name: str, cls: Any) -> Any:
    """Read a part of a snapshot.

    Raises:
        ValueError: It is missing, or something in it has another kind.
    """
    try:
        return _CONVERTER.structure(document[name], cls)
    except KeyError as error:
        raise ValueError(f"{name}: {error} is missing") from error
    except Exception as error:  # cattrs raises a bare one for a value that is not in a literal
        raise ValueError(f"{name}: {error}") from error


def _check(value: Any, *kinds: type) -> Any:
    """Return a value of one of some kinds; `True` is not an integer.

    Raises:
        ValueError: It has another kind.
    """
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join(kind_of(kind()) for kind in kinds)
        raise ValueError(f"expected {expected}, found {kind_of(value)}")
    return value


def _read_moment(text: Any) -> datetime:
    moment = read_timestamp(_check(text, str))
    if not isinstance(moment, datetime):
        raise ValueError(f"expected a timestamp, found {text!r}")  # noqa: TRY004  a text of another form
    return moment


def _read_seconds(value: Any) -> timedelta:
    return timedelta(seconds=_check(value, float, int))


def _read_plain(value: Any, annotation: Any) -> Any:
    parts = [str if get_origin(part) is Literal else part for part in get_args(annotation)]
    return _check(value, *parts)


def _new_converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={Set: list}, detailed_validation=False)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, lambda value, cls: _check(value, cls))
    converter.register_structure_hook(float, lambda value, _: _check(value, float, int))
    converter.register_structure_hook(datetime, lambda text, _: _read_moment(text))
    converter.register_unstructure_hook(timedelta, timedelta.total_seconds)
    converter.register_structure_hook(timedelta, lambda value, _: _read_seconds(value))
    converter.register_unstructure_hook(bytes, bytes.decode)
    converter.register_structure_hook(bytes, lambda text, _: _check(text, str).encode())
    converter.register_structure_hook_func(_is_plain, _read_plain)

    def read_array(cls: Any) -> Callable[[Any, Any], Any]:
        read = list_structure_factory(cls, converter)
        if get_origin(cls) is tuple:
            return lambda value, cls: tuple(read(_check(value, list), cls))
        return lambda value, cls: read(_check(value, list), cls)

    def read_object(cls: Any) -> Callable[[Any, Any], Any]:
        read = mapping_structure_factory(
            cls, converter, structure_to=OrderedDict if get_origin(cls) is OrderedDict else dict
        )
        return lambda value, cls: read(_check(value, dict), cls)

    def read_record(cls: Any) -> Callable[[Any, Any], Any]:
        read = make_dict_structure_fn(cls, converter, _cattrs_include_init_false=True)
        return lambda value, cls: read(_check(value, dict), cls)

    def read_model(cls: type[Model]) -> Callable[[Any, Any], Any]:
        read, shape = readers.structure_hook(cls), shape_of(cls)

        def read_checked(value: Any, cls: Any) -> Any:
            for drift in find_drift(shape, value, _STORED, cls.__name__):
                raise ValueError(f"{drift.path}: expected {drift.expected}, found {drift.found}")
            return read(value, cls)

        return read_checked

    def write_record(cls: Any) -> Callable[[Any], Any]:
        return make_dict_unstructure_fn(cls, converter, _cattrs_include_init_false=True)

    def read_pairs(cls: Any) -> Callable[[Any, Any], Any]:
        read_list = converter.get_structure_hook(_pairs(cls))

        def read(document: Any, _: Any) -> Any:
            pairs, origin = read_list(document, _pairs(cls)), get_origin(cls)
            return dict(pairs) if origin is MutableMapping else origin(pairs)

        return read

    def write_pairs(cls: Any) -> Callable[[Any], Any]:
        write_list = converter.get_unstructure_hook(_pairs(cls))
        return lambda mapping: write_list(list(mapping.items()))

    def write_model(cls: type[Model]) -> Callable[[Any], Any]:
        return unstructure_hook(cls, converter.unstructure, read_only=True)

    readers = ModelReaders(keep_null=True)
    converter.register_structure_hook_factory(is_sequence, read_array)
    converter.register_structure_hook_factory(_has_text_keys, read_object)
    # Later hooks take precedence: models are attrs classes, too.
    converter.register_structure_hook_factory(attrs.has, read_record)
    converter.register_unstructure_hook_factory(attrs.has, write_record)
    converter.register_structure_hook_factory(_has_other_keys, read_pairs)
    converter.register_unstructure_hook_factory(_has_other_keys, write_pairs)
    converter.register_structure_hook_factory(is_model, read_model)
    converter.register_unstructure_hook_factory(is_model, write_model)
    converter.register_unstructure_hook_func(_is_verbatim, lambda value: value.raw)
    return converter


def _is_plain(annotation: Any) -> bool:
    """Whether an annotation is a union of JSON types, such as an open enum."""
    return get_origin(annotation) in (Union, types.UnionType) and all(
        part in (str, int, float, bool, type(None)) or get_origin(part) is Literal
        for part in get_args(annotation)
    )


def _has_other_keys(annotation: Any) -> bool:
    """Whether an annotation is a mapping whose keys are not strings."""
    return is_mapping(annotation) and bool(get_args(annotation)) and get_args(annotation)[0] is not str


def _has_text_keys(annotation: Any) -> bool:
    """Whether an annotation is a mapping that JSON can represent as an object."""
    return is_mapping(annotation) and not _has_other_keys(annotation)


def _pairs(annotation: Any) -> Any:
    """The type of a mapping's items as a list of pairs."""
    return types.GenericAlias(list, types.GenericAlias(tuple, get_args(annotation)))


def _is_verbatim(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Verbatim)


_CONVERTER: Final = _new_converter()
