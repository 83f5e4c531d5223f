"""Packages whose names are imported on first use."""

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy_getattr(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Create the ``__getattr__`` of a package.

    Args:
        package: The name of the package.
        modules: The module that defines each public name.
    """

    def __getattr__(name: str) -> Any:  # noqa: N807  it becomes one
        try:
            module = modules[name]
        except KeyError:
            raise AttributeError(f"module {package!r} has no attribute {name!r}") from None
        value = getattr(importlib.import_module(module), name)
        setattr(sys.modules[package], name, value)
        return value

    return __getattr__
