"""Which handler answers which operation."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeAlias, TypeVar

from talon_async.operation import Operation

P = ParamSpec("P")
R = TypeVar("R")

Handler: TypeAlias = Callable[..., Any]
"""Takes the deployment, the body if the operation has one, and the parameters that a call gives, by name.

It gives the answer, or raises `RefusedError`.
"""

_handlers: dict[str, Handler] = {}


def handles(operation: Operation[R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the handler of an operation."""

    def register(handler: Callable[P, R]) -> Callable[P, R]:
        _handlers[operation.id] = handler
        return handler

    return register


def handlers() -> Mapping[str, Handler]:
    """All handlers in the modules of `talon_async.sandbox.handlers`, by operationId."""
    from talon_async.sandbox import handlers as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _handlers
