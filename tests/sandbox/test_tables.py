"""The tables of handlers, sections and effect appliers are complete."""

import pytest

from talon_async._operations import OPERATIONS
from talon_async.models.effects import EFFECT_PROPS
from talon_async.sandbox._handlers.table import HANDLERS, check_complete
from talon_async.sandbox._rules.effects.table import APPLIERS


def test_every_operation_has_a_handler() -> None:
    """Each operation has its own handler function, and there are no others."""
    assert set(HANDLERS) == set(OPERATIONS)
    assert len(set(HANDLERS.values())) == len(HANDLERS)


def test_an_incomplete_table_is_an_error() -> None:
    """The check at import names the operations with a missing or extra handler."""
    operations = {"getSession", "updateSession"}
    with pytest.raises(LookupError, match="missing for updateSession, extra for no operation"):
        check_complete(operations, {"getSession"})
    with pytest.raises(LookupError, match="missing for no operation, extra for paintSession"):
        check_complete(operations, {*operations, "paintSession"})


def test_appliers_are_for_known_effects() -> None:
    """Each applier is for the properties of an existing effect type."""
    assert set(APPLIERS) <= {cls for cls in EFFECT_PROPS.values() if cls is not None}
