"""Mutates responses: their values, their JSON text, and their bytes."""

import copy
import functools
import json
import random
from collections.abc import Callable, Sequence
from typing import Any, Final

from talon_async._codec.json import is_array, is_object
from talon_async._operations import OPERATIONS
from talon_async.models import EFFECT_PROPS
from tests.contract import effect_props, response_of
from tests.instances import barest, fullest

Chance = random.Random

DEPTHS: Final = (2, 100, 250, 900, 1000, 1100, 100_000)
ODD_VALUES: Final[Sequence[Any]] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    -(2**64),
    10**400,
    1e308,
    -0.0,
    float("nan"),
    float("inf"),
    "",
    "x" * 5000,
    "\ud800",
    "\0\x1b\u202e",
    "2026-05-01T12:00:00Z",
    "2026-13-45T99:99:99+99:99",
    "0000-01-01T00:00:00-23:59",
    "NaN",
    [],
    [[]],
    [None],
    {},
    {"": None},
    {"effectType": "setDiscount", "props": []},
    {"id": {"id": {"id": 1}}},
)
ODD_NAMES: Final = ("", "extra", "self", "__class__", "effectType", "props", "data", "\u0000", "a" * 300)
ODD_BYTES: Final = (
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"1e999",
    b"-",
    b"NaN",
    b'"\\ud800"',
    b'"\\u',
    b",",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b"/**/",
    b"\r\n",
    b"9" * 5000,
)


@functools.cache
def valid_responses(operation_id: str) -> Sequence[Any]:
    """Valid responses of an operation: the smallest, the largest, and one with an effect of each type."""
    schema = response_of(operation_id)
    if schema is None:
        return ({},)
    responses = [barest(schema), fullest(schema)]
    if "effects" in schema.properties:
        known = [tag for tag, cls in EFFECT_PROPS.items() if cls is not None]
        for make in (barest, fullest):
            responses += [
                {**responses[0], "effects": [{"effectType": tag, "props": make(effect_props(tag))}]}
                for tag in known
            ]
    return responses


def mutated_response(chance: Chance) -> tuple[str, int, bytes]:
    """Make a mutated response: its operation, status and body."""
    operation_id = chance.choice(_IDS)
    if chance.random() < 0.1:
        return (
            operation_id,
            chance.choice((301, 400, 401, 404, 409, 429, 500, 503, 599)),
            _mutated(_ERROR, chance),
        )
    return (
        operation_id,
        chance.choice((200, 200, 200, 201, 204)),
        _mutated(chance.choice(valid_responses(operation_id)), chance),
    )


_IDS: Final = list(OPERATIONS)
_ERROR: Final = {
    "message": "The submitted data was invalid",
    "StatusCode": 400,
    "errors": [
        {
            "title": "enum",
            "details": "not one of",
            "source": {"pointer": "/state", "parameter": "dry", "line": 7},
        }
    ],
}


def _mutated(response: Any, chance: Chance) -> bytes:
    document = json.loads(json.dumps(response))  # a copy to mutate
    if chance.random() < 0.8:
        for _ in range(chance.randint(1, 4)):
            document = _mutated_document(document, chance)
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 3)):
            text = chance.choice(BYTE_MUTATIONS)(text, chance)
    return text


def _mutated_document(document: Any, chance: Chance) -> Any:
    """Mutate one value anywhere in a document."""
    places = list(_places(document))
    if not places:
        return _odd_value(chance)
    container, key = chance.choice(places)
    chance.choice(_VALUE_MUTATIONS)(container, key, chance)
    return document


def _places(value: Any) -> list[tuple[Any, Any]]:
    """All values inside a document, as container and key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        container: Any = waiting.pop()
        for key in _keys(container):
            found.append((container, key))
            if is_object(container[key]) or is_array(container[key]):
                waiting.append(container[key])
    return found


def _keys(container: Any) -> Sequence[Any]:
    if is_object(container):
        return list(container)
    return range(len(container)) if is_array(container) else ()


def _retype(container: Any, key: Any, chance: Chance) -> None:
    container[key] = _odd_value(chance)


def _odd_value(chance: Chance) -> Any:
    return copy.deepcopy(chance.choice(ODD_VALUES))


def _wrap(container: Any, key: Any, chance: Chance) -> None:
    inner = container[key]
    container[key] = [inner] if chance.random() < 0.5 else {"value": inner}


def _unwrap(container: Any, key: Any, _: Chance) -> None:
    inner = container[key]
    if is_array(inner) and inner:
        container[key] = inner[0]
    elif is_object(inner) and inner:
        container[key] = next(iter(inner.values()))


def _remove(container: Any, key: Any, _: Chance) -> None:
    del container[key]


def _duplicate(container: Any, key: Any, chance: Chance) -> None:
    if is_array(container):
        container.extend([container[key]] * chance.choice((1, 50)))
    else:
        container[chance.choice(ODD_NAMES)] = container[key]


def _swap(container: Any, key: Any, chance: Chance) -> None:
    other = chance.choice(_keys(container))
    container[key], container[other] = container[other], container[key]


def _mutate_text(container: Any, key: Any, chance: Chance) -> None:
    if isinstance(container[key], str):
        container[key] = chance.choice((container[key].swapcase(), container[key] + " ", container[key][:-1]))


_VALUE_MUTATIONS: Final[Sequence[Callable[[Any, Any, Chance], None]]] = (
    _retype,
    _retype,
    _retype,
    _wrap,
    _unwrap,
    _remove,
    _remove,
    _duplicate,
    _swap,
    _mutate_text,
)


def _flip(text: bytes, chance: Chance) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncate(text: bytes, chance: Chance) -> bytes:
    return text[: chance.randrange(len(text) + 1)] or b"{"


def _insert(text: bytes, chance: Chance) -> bytes:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(ODD_BYTES) + text[place:]


def _replace_value(text: bytes, chance: Chance) -> bytes:
    """Replace the text after a colon, which need not be a whole value."""
    head, colon, tail = text.partition(b": ")
    for _ in range(chance.randrange(20)):
        more, found, rest = tail.partition(b": ")
        if not found:
            break
        head, tail = head + colon + more, rest
    end = next((n for n, byte in enumerate(tail) if byte in b",}]"), len(tail))
    return (
        head
        + colon
        + (_nest(b"", chance) if chance.random() < 0.5 else chance.choice(ODD_BYTES))
        + tail[end:]
    )


def _nest(text: bytes, chance: Chance) -> bytes:
    depth = chance.choice(DEPTHS[:-1] if chance.random() < 0.99 else DEPTHS)
    start, end = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'{"effects":[', b"]}")))
    return start * depth + (text or b"1") + end * depth


def _repeat_part(text: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(text))
    end = start + chance.randrange(1, 40)
    return text[:end] + text[start:end] + text[end:]


def _cut_part(text: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randrange(1, 40) :] or b"["


BYTE_MUTATIONS: Final[Sequence[Callable[[bytes, Chance], bytes]]] = (
    _flip,
    _truncate,
    _insert,
    _replace_value,
    _replace_value,
    _nest,
    _repeat_part,
    _cut_part,
)
