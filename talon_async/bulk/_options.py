"""The options of a run."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import attrs

from talon_async._validators import hook_or_none, positive, positive_whole
from talon_async.bulk._values import Progress

StrPath: TypeAlias = str | os.PathLike[str]


@attrs.frozen(kw_only=True)
class Options:
    """The options of a run; `run` documents them."""

    rate: float = attrs.field(validator=positive)
    in_flight: int = attrs.field(validator=positive_whole)
    journal: Path | None = attrs.field(converter=attrs.converters.optional(Path))
    dead_letters: Path | None = attrs.field(converter=attrs.converters.optional(Path))
    on_progress: Callable[[Progress], None] | None = attrs.field(validator=hook_or_none)
    patience: float = attrs.field(validator=positive)
    max_refused: int = attrs.field(validator=positive_whole)
