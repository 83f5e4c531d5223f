"""The base class of resources."""

from collections.abc import Callable

import attrs

from talon_async._transport.pipeline import Pipeline, Response


@attrs.frozen
class Resource:
    """A part of the API whose methods make calls through one pipeline."""

    _pipeline: Pipeline


def is_of(resource: Resource, pipeline: Pipeline) -> bool:
    """Whether a resource belongs to the client of a pipeline."""
    return resource._pipeline.http is pipeline.http  # pyright: ignore[reportPrivateUsage]


def with_response_hook(resource: Resource, hook: Callable[[Response], None]) -> Resource:
    """Copy a resource so that each successful call passes its response to a hook."""
    pipeline = resource._pipeline  # pyright: ignore[reportPrivateUsage]
    return attrs.evolve(resource, pipeline=attrs.evolve(pipeline, on_response=hook))
