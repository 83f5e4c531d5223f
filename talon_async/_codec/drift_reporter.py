"""Who is told of drift, and how often: once for each model, field and kind."""

import logging
from collections.abc import Callable
from typing import Any, Final

from talon_async._codec.scope import FULL, TOLERANT
from talon_async._codec.shapes import Shape
from talon_async._codec.structure import Note
from talon_async._codec.validation import find_drift
from talon_async.errors import Drift

logger = logging.getLogger("talon_async.drift")

_MOST_REPORTED: Final = 10_000
"""How much is remembered, and told, of a service that makes up new fields without end."""


class DriftReporter:
    """Looks through answers for drift and reports what is new.

    Absent promised fields, wrong containers and unknown effect types are always found, since reading
    the answer meets them anyway. The rest, wrong scalars and unknown fields and enum members, costs a
    second walk over each answer and is looked for only with a hook or in strict mode.

    Args:
        strict: Whether drift is an error; nothing is reported then, for it is raised.
        hook: Is called with each drift that is new.
    """

    def __init__(self, *, strict: bool = False, hook: Callable[[Drift], None] | None = None) -> None:
        self.strict = strict
        self._hook = hook
        self._reported: set[Note] = set()

    def inspect(self, shape: Shape, document: Any, notes: set[Note]) -> tuple[Drift, ...]:
        """Find and report the drift of an answer, given what was noted as it was read."""
        if self.strict:
            return tuple(find_drift(shape, document, FULL))
        if self._hook is None and self._reported.issuperset(notes):
            return ()
        drifts = tuple(find_drift(shape, document, TOLERANT if self._hook is None else FULL))
        for drift in drifts:
            self._report(drift)
        return drifts

    def _report(self, drift: Drift) -> None:
        key = (drift.model, drift.field, drift.kind)
        if key in self._reported or len(self._reported) >= _MOST_REPORTED:
            return
        self._reported.add(key)
        logger.warning("an answer drifts from the contract: %s.%s at %s", drift.model, drift.field, drift)
        if self._hook is not None:
            try:
                self._hook(drift)
            except Exception:
                # A checkout must not fail over a field that it does not read.
                logger.exception("the drift hook failed")
