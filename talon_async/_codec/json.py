"""JSON text, by orjson: see ``benchmarks/`` for the choice."""

from typing import Any, TypeGuard

import orjson


def parse(text: bytes) -> Any:
    """Read a JSON document.

    Raises:
        ValueError: The text is no JSON, no UTF-8, or nested deeper than about a thousand levels.
    """
    return orjson.loads(text)


def render(document: Any) -> bytes:
    """Write a JSON document; moments inside it are written as RFC 3339.

    Raises:
        TypeError: A value has no JSON form, or a number has more than 64 bits.
    """
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Tell whether a value is a JSON array."""
    return isinstance(value, list)
