"""JSON encoding and decoding, by orjson; ``benchmarks/`` explains the choice."""

from typing import Any, TypeGuard

import orjson


def parse(text: bytes) -> Any:
    """Decode a JSON document.

    Raises:
        ValueError: The text is not valid JSON, not UTF-8, or nested deeper than about a thousand levels.
    """
    return orjson.loads(text)


def render(document: Any) -> bytes:
    """Encode a JSON document; `datetime` values are written as RFC 3339.

    Raises:
        TypeError: JSON cannot represent a value, or a number has more than 64 bits.
    """
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Whether a value is a JSON array."""
    return isinstance(value, list)
