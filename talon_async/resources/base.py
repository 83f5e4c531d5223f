"""The base of all resources."""

import attrs

from talon_async._transport.pipeline import Pipeline


@attrs.frozen
class Resource:
    """A part of the API; its methods make their calls through one pipeline."""

    _pipeline: Pipeline
