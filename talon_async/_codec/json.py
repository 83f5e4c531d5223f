"""JSON encoding and decoding, by orjson; ``benchmarks/`` explains the choice."""

from typing import Any, Final, TypeGuard

import orjson

MAX_OBJECTS: Final = 500_000
"""The most objects of a response; 64 MiB of complete effects have fewer, and of empty ones 22 million."""

MAX_VALUES: Final = 5_000_000
"""The most values of a response."""


def has_excess(text: bytes) -> bool:
    """Whether a document has more than `MAX_OBJECTS` objects or `MAX_VALUES` values.

    They are counted by the braces and commas, those in strings included, before anything is decoded.
    """
    if len(text) <= 2 * MAX_OBJECTS:  # an object takes two bytes
        return False
    return text.count(b"{") > MAX_OBJECTS or text.count(b",") >= MAX_VALUES


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


def shared_name(name: str) -> str:
    """Return the string object that `parse` uses for the names of fields equal to `name`.

    orjson keeps the names that it has met, and a dictionary finds a key that is the same object faster than
    one that is equal. Nothing depends on it: a name that orjson has dropped is still equal.
    """
    (shared,) = parse(render({name: None}))
    return str(shared)
