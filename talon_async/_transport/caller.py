"""What resources and listings have in common: they make their calls through one pipeline."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

import attrs

from talon_async._transport.pipeline import Pipeline, Response


@attrs.frozen
class Caller:
    """The base of resources and listings."""

    _pipeline: Pipeline


C = TypeVar("C", bound=Caller)


class Resource(Generic[C]):
    """A resource of a client, created when it is first used.

    On the class of the client it is the class of the resource, so that `unittest.mock.create_autospec` finds
    its methods.

    Args:
        import_class: The decorated method, which imports and returns the class of the resource.
    """

    def __init__(self, import_class: Callable[[Any], type[C]]) -> None:
        self._import_class = import_class
        self.__doc__ = import_class.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, client: None, owner: type) -> type[C]: ...

    @overload
    def __get__(self, client: Any, owner: type) -> C: ...

    def __get__(self, client: Any, owner: type) -> C | type[C]:
        cls = self._import_class(client)
        if client is None:
            return cls
        resource = client.__dict__[self._name] = cls(client._pipeline)  # which the next access finds
        return resource


def pipeline_of(caller: Caller) -> Pipeline:
    """The pipeline of a resource or listing, for requests that are already encoded."""
    return caller._pipeline  # pyright: ignore[reportPrivateUsage]


def is_of(caller: Caller, pipeline: Pipeline) -> bool:
    """Whether a resource or listing belongs to the client of a pipeline."""
    return caller._pipeline.http is pipeline.http  # pyright: ignore[reportPrivateUsage]


def with_response_hook(caller: Caller, hook: Callable[[Response], None]) -> Caller:
    """Copy a resource or listing so that its calls hand each response to a hook."""
    pipeline = caller._pipeline  # pyright: ignore[reportPrivateUsage]
    return attrs.evolve(caller, pipeline=attrs.evolve(pipeline, on_response=hook))
