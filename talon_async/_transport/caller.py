"""What resources and listings have in common: they make their calls through one pipeline."""

from collections.abc import Callable

import attrs

from talon_async._transport.pipeline import Pipeline, Response


@attrs.frozen
class Caller:
    """The base of resources and listings."""

    _pipeline: Pipeline


def is_of(caller: Caller, pipeline: Pipeline) -> bool:
    """Whether a resource or listing belongs to the client of a pipeline."""
    return caller._pipeline.http is pipeline.http  # pyright: ignore[reportPrivateUsage]


def with_response_hook(caller: Caller, hook: Callable[[Response], None]) -> Caller:
    """Copy a resource or listing so that its calls hand each response to a hook."""
    pipeline = caller._pipeline  # pyright: ignore[reportPrivateUsage]
    return attrs.evolve(caller, pipeline=attrs.evolve(pipeline, on_response=hook))
