"""The index of the models: every public name, and no other, can be imported from the package."""

import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

import talon_async
from talon_async import models
from talon_async.models.base import Model

INDEX = {domain: set(names.split()) for domain, names in models.NAMES_BY_DOMAIN.items()}
NAMES = {name for names in INDEX.values() for name in names}


def module_of(domain: str) -> ModuleType:
    """The module of a domain."""
    return importlib.import_module(f"talon_async.models.{domain}")


def defined_in(module: ModuleType) -> set[str]:
    """The public classes, aliases and constants that a module defines."""
    classes = {
        name
        for name, value in inspect.getmembers(module, inspect.isclass)
        if value.__module__ == module.__name__
    }
    return {name for name in classes | inspect.get_annotations(module).keys() if not name.startswith("_")}


def test_every_module_is_indexed() -> None:
    """The index lists all modules of models."""
    assert sorted(INDEX) == sorted(module.name for module in pkgutil.iter_modules(models.__path__))


@pytest.mark.parametrize("domain", sorted(INDEX))
def test_the_index_matches_the_modules_exports(domain: str) -> None:
    """The index, which is read before a module is imported, has the names in its ``__all__``."""
    assert INDEX[domain] == set(module_of(domain).__all__)


@pytest.mark.parametrize("domain", sorted(INDEX.keys() - {"base"}))
def test_a_domain_exports_all_that_it_defines(domain: str) -> None:
    """All classes, aliases and constants of a domain are public; only `base` has private codec markers."""
    assert INDEX[domain] == defined_in(module_of(domain))


def test_each_name_is_defined_once() -> None:
    """A name is defined in one module only."""
    assert sum(map(len, INDEX.values())) == len(NAMES)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_can_be_imported_from_the_package(name: str) -> None:
    """Models, enum aliases and constants can be imported from `talon_async`, and `dir` lists them."""
    domain = next(domain for domain, names in INDEX.items() if name in names)
    assert getattr(talon_async, name) is getattr(models, name) is getattr(module_of(domain), name)
    assert name in dir(talon_async)
    assert name in dir(models)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelled name raises `AttributeError`."""
    for package in (talon_async, models):
        with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute 'CartItems'"):
            package.CartItems  # noqa: B018


def models_of(domain: str) -> list[type[Model]]:
    """The models that a domain defines."""
    values: list[Any] = [getattr(module_of(domain), name) for name in sorted(INDEX[domain])]
    return [value for value in values if inspect.isclass(value) and issubclass(value, Model)]


@pytest.mark.parametrize("domain", sorted(INDEX))
def test_every_annotation_of_a_model_resolves(domain: str) -> None:
    """The annotations of a model can be resolved at run time."""
    for model in models_of(domain):
        assert get_type_hints(model, include_extras=True).keys() >= {"extra"}


def test_type_checkers_see_what_the_index_has() -> None:
    """The package's list for type checkers names each module of the index."""
    source = Path(str(models.__file__)).read_text("utf-8")
    for domain in INDEX:
        assert f"from talon_async.models.{domain} import *\n" in source
