"""The public boundary: what can be imported without an underscore, and nothing else."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Final

import pytest

import talon_async

PUBLIC_MODULES: Final = [
    "talon_async",
    "talon_async.bulk",
    "talon_async.bulk.ray",
    "talon_async.cli",
    "talon_async.client",
    "talon_async.config",
    "talon_async.contract",
    "talon_async.conversion",
    "talon_async.effects",
    "talon_async.errors",
    "talon_async.models",
    "talon_async.pagination",
    "talon_async.resources",
    "talon_async.sandbox",
    "talon_async.testing",
    "talon_async.testing.plugin",
]
"""The public modules, without those of each domain in `models` and `resources`: adding one is a decision."""


def modules() -> Iterator[str]:
    """Every module without an underscore in its path."""
    for module in pkgutil.walk_packages(talon_async.__path__, "talon_async."):
        if not any(part.startswith("_") for part in module.name.split(".")):
            yield module.name


DOMAINS: Final = [
    name for name in modules() if name.startswith(("talon_async.models.", "talon_async.resources."))
]


def test_the_public_modules_are_stated() -> None:
    """A module is public by decision; every other one has an underscore in its path."""
    assert sorted(["talon_async", *modules()]) == sorted([*PUBLIC_MODULES, *DOMAINS])


@pytest.mark.parametrize("name", [*PUBLIC_MODULES, *DOMAINS])
def test_a_public_module_names_what_it_exports(name: str) -> None:
    """Each public module has an ``__all__`` of names that exist, each once."""
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    assert [each for each in module.__all__ if not hasattr(module, each)] == []


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_a_star_import_gives_the_public_names(name: str) -> None:
    """``from ... import *`` gives the names of ``__all__`` and no others."""
    namespace: dict[str, object] = {}
    exec(f"from {name} import *", namespace)  # noqa: S102  a module of this package
    module = importlib.import_module(name)
    assert set(namespace) - {"__builtins__"} == set(module.__all__)
