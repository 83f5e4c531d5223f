"""What the modules of `handlers` do: answer an operation, carry out an effect, tell a part of an answer."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping, Set
from typing import Any, ParamSpec, TypeAlias, TypeVar

import attrs

from talon_async._operations.operation import Operation
from talon_async.models.base import Model
from talon_async.models.effects import EffectProps

P = ParamSpec("P")
R = TypeVar("R")
Made = TypeVar("Made", bound=EffectProps | tuple[EffectProps, ...] | None)

Handler: TypeAlias = Callable[..., Any]
"""Takes the deployment, the body if the operation has one, and the parameters that a call gives, by name.

It gives the answer, or raises `ApiError`.
"""

CarryOut: TypeAlias = Callable[..., EffectProps | tuple[EffectProps, ...] | None]
"""Takes the deployment, the context and the properties of an effect that takes hold.

It gives the properties of what the effect becomes, if it becomes another one as it takes hold; in a tuple
they are followed by those of further effects that this one has.
"""

Tell: TypeAlias = Callable[..., Any]
"""Takes the deployment and the result of a call, and gives a part of its answer."""


@attrs.frozen
class Part:
    """A part of an answer that calls can ask for.

    Attributes:
        attribute: Where it stands in the answer's model.
        tell: What makes it.
    """

    attribute: str
    tell: Tell


_handlers: dict[str, Handler] = {}
_parts: dict[str, Part] = {}
_carried_out: dict[type, CarryOut] = {}
_at_once: set[type] = set()


def handles(operation: Operation[R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the handler of an operation."""

    def register(handler: Callable[P, R]) -> Callable[P, R]:
        _handlers[operation.id] = handler
        return handler

    return register


def carries_out(
    *kinds: type[Model], at_once: bool = False
) -> Callable[[Callable[P, Made]], Callable[P, Made]]:
    """Make a function carry out the effects that have these properties.

    Args:
        kinds: The classes of properties.
        at_once: Whether they take hold while a session is still open, each time that a rule gives them.
    """

    def register(carry_out: Callable[P, Made]) -> Callable[P, Made]:
        _carried_out.update(dict.fromkeys(kinds, carry_out))
        if at_once:
            _at_once.update(kinds)
        return carry_out

    return register


def tells(part: str, attribute: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function tell a part of answers.

    Args:
        part: Its name in a call's ``responseContent``.
        attribute: Where it stands in the answer's model.
    """

    def register(tell: Callable[P, R]) -> Callable[P, R]:
        _parts[part] = Part(attribute, tell)
        return tell

    return register


def handlers() -> Mapping[str, Handler]:
    """All handlers, by operationId."""
    _load()
    return _handlers


def effects_carried_out() -> Mapping[type, CarryOut]:
    """What carries out an effect, by the class of its properties; other effects are for the client alone."""
    _load()
    return _carried_out


def effects_at_once() -> Set[type]:
    """The classes of properties whose effects take hold while a session is still open."""
    _load()
    return _at_once


def answer_parts() -> Mapping[str, Part]:
    """What tells each part of an answer, by its name in a call's ``responseContent``."""
    _load()
    return _parts


@functools.cache
def _load() -> None:
    from talon_async.sandbox import _handlers as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
