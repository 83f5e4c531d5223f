"""What every resource stands on."""

import attrs

from talon_async.transport.pipeline import Pipeline


@attrs.frozen
class Resource:
    """A part of the API whose methods make calls through one pipeline."""

    _pipeline: Pipeline
