"""The public names of `talon_async.testing`."""

import pytest

from talon_async import testing

NAMES = {"InProcessTransport", "SentCall", "ServedSandbox", "last_sent", "make", "sent", "to_json"}


def test_the_public_names_are_listed() -> None:
    """`__all__`, `dir` and a star import give the same names."""
    scope: dict[str, object] = {}
    exec("from talon_async.testing import *", scope)  # noqa: S102
    assert scope.keys() - {"__builtins__"} == NAMES
    assert set(testing.__all__) == set(dir(testing)) == NAMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that the package does not have is an `AttributeError` that names it."""
    with pytest.raises(AttributeError, match=r"module 'talon_async.testing' has no attribute 'last_send'"):
        getattr(testing, "last_send")  # noqa: B009
