"""Reports drift: once for each model, field and kind."""

import logging
from collections.abc import Callable
from typing import Any, Final

from talon_async._codec.scope import FULL, TOLERANT
from talon_async._codec.shapes import Shape
from talon_async._codec.structure import Note
from talon_async._codec.validation import MAX_DRIFTS, find_drift
from talon_async.errors import Drift

logger = logging.getLogger("talon_async.drift")

_MOST_REPORTED: Final = 1000
"""How many drifts are remembered and reported, should a service send new fields without end."""


class DriftReporter:
    """Detects drift in responses and reports each drift once.

    Missing required fields, wrong containers and unknown effect types are always detected, because decoding
    meets them anyway. Wrong scalars, unknown fields and unknown enum members cost a check of each response.
    They are detected only with a hook or in strict mode. Only objects with new drift are walked, so that a
    field which every response has slows none of them down.

    Args:
        strict: Whether drift is an error; it is then raised instead of reported.
        hook: Called with each new drift.
    """

    def __init__(self, *, strict: bool = False, hook: Callable[[Drift], None] | None = None) -> None:
        self.strict = strict
        self._hook = hook
        self._reported: set[Note] = set()

    def inspect(self, shape: Shape, document: Any, notes: set[Note]) -> tuple[Drift, ...]:
        """Find and report the drift of a response, given the notes of its decoding.

        Returns:
            In strict mode all drift that was found; otherwise what was looked at for drift that is new.
        """
        if self.strict:
            return tuple(find_drift(shape, document, FULL))
        if len(self._reported) == _MOST_REPORTED or (self._hook is None and self._reported.issuperset(notes)):
            return ()
        scope = TOLERANT if self._hook is None else FULL
        drifts = tuple(find_drift(shape, document, scope, reported=self._reported))
        for drift in drifts:
            self._report(drift)
        if len(drifts) == MAX_DRIFTS:
            logger.warning("a response has %d drifts or more; the rest of it is not checked", MAX_DRIFTS)
        return drifts

    def _report(self, drift: Drift) -> None:
        key = (drift.model, drift.field, drift.kind)
        if key in self._reported or len(self._reported) >= _MOST_REPORTED:
            return
        self._reported.add(key)
        logger.warning("a response does not match the schema: %s.%s at %s", drift.model, drift.field, drift)
        if self._hook is not None:
            try:
                self._hook(drift)
            except Exception:
                # A checkout must not fail because of a field that it does not read.
                logger.exception("the on_drift hook failed")
