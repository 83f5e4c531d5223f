"""Validators of settings and options, for attrs fields."""

from typing import Any

import attrs

from talon_async.errors import ConfigurationError


def check_positive(name: str, value: Any) -> None:
    """Refuse a value that is not a number above 0.

    Raises:
        ConfigurationError: The value is not a number above 0.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationError(f"{name}: expected a number above 0, found {value!r}")


def positive(_instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate a number above 0."""
    check_positive(attribute.name, value)


def positive_whole_or_none(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate an integer above 0, or `None`."""
    if value is not None:
        positive_whole(instance, attribute, value)


def positive_whole(_instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate an integer above 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"{attribute.name}: expected an integer above 0, found {value!r}")
