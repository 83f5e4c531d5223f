"""The same models with cattrs' generated functions, as a reference for our own hooks."""

import types
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin

import cattrs
from cattrs.gen import make_dict_structure_fn, override

from talon_async._codec.shapes import Tagged, fields_of
from talon_async.models import EFFECT_PROPS, Effect, Model, Unset

Hook = Callable[[Any, Any], Any]


def default_converter() -> cattrs.Converter:
    """Make a converter with cattrs' generated functions and only the hooks these models need."""
    converter = cattrs.Converter(detailed_validation=False)

    def model(cls: type[Model]) -> Hook:
        options: dict[str, Any] = {
            field.attribute: override(
                rename=field.wire, struct_hook=_as_it_is if isinstance(field.shape, Tagged) else None
            )
            for field in fields_of(cls)
        }
        options |= {"extra": override(omit=True), "_cattrs_detailed_validation": False}
        return make_dict_structure_fn(cls, converter, **options)

    def effect(cls: type[Effect]) -> Hook:
        generated = model(cls)

        def structure(value: Any, _: Any) -> Any:
            result = generated(value, cls)
            props = EFFECT_PROPS[result.effect_type]
            if props is not None:
                result.props = converter.structure(value["props"], props)
            return result

        return structure

    def union(cls: Any) -> Hook:
        first, *others = [part for part in get_args(cls) if part not in (type(None), Unset)]
        if others or get_origin(first) is Literal:  # an open enum
            return _as_it_is
        hook = converter.get_structure_hook(first)
        return lambda value, _: None if value is None else hook(value, first)

    converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
    converter.register_structure_hook_factory(_is_model, model)
    converter.register_structure_hook_factory(_is_effect, effect)
    converter.register_structure_hook_factory(_is_union, union)
    return converter


def _as_it_is(value: Any, _: Any) -> Any:
    return value


def _is_model(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Model)


def _is_effect(cls: Any) -> bool:
    return cls is Effect


def _is_union(cls: Any) -> bool:
    return get_origin(cls) in (Union, types.UnionType)
