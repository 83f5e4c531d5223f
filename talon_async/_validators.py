"""Validators of settings and options, for attrs fields."""

import inspect
from collections.abc import Callable
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


def instance_of(cls: type, what: str) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """Create a validator for instances of a class.

    Args:
        cls: The class.
        what: What is expected, for the error, such as ``a RetryPolicy``.
    """

    def validate(_instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if not isinstance(value, cls):
            raise ConfigurationError(f"{attribute.name}: expected {what}, found {value!r}")

    return validate


def instance_or_none(cls: type, what: str) -> Callable[[Any, "attrs.Attribute[Any]", Any], None]:
    """Create a validator for instances of a class, or `None`."""
    validate_instance = instance_of(cls, f"{what} or None")

    def validate(instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
        if value is not None:
            validate_instance(instance, attribute, value)

    return validate


def hook_or_none(_instance: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    """Validate a plain function, or another callable that is not a coroutine function, or `None`."""
    if value is None:
        return
    called = value if inspect.isroutine(value) else getattr(value, "__call__", value)  # noqa: B004
    if not callable(value) or inspect.iscoroutinefunction(called):
        raise ConfigurationError(f"{attribute.name}: expected a function that is not async, found {value!r}")
