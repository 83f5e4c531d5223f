"""Which values JSON can represent and which limits they must meet, stated once as expressions.

`fast_check` writes the expressions into its generated functions; `validation` evaluates them to describe the
violation.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeGuard
from uuid import UUID

import attrs
import orjson

from talon_async._codec.json import is_object
from talon_async.models.base import Limit

_LONGEST_SHOWN: Final = 100
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def is_text(value: Any) -> bool:
    """Whether a value is a string that UTF-8 can encode: one without a lone surrogate."""
    return isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))


def has_repeats(items: Sequence[Any]) -> bool:
    """Whether an array contains duplicates."""
    return len(set(map(repr, items))) < len(items)


NAMES: Final[Mapping[str, Any]] = {
    "is_text": is_text,
    "has_repeats": has_repeats,
    "isfinite": math.isfinite,
    "fullmatch": re.fullmatch,
}
"""The globals of the expressions."""


@attrs.frozen
class NotAModel:
    """Stands in a request for a mapping where a model is expected, so that validation names its place."""

    value: Any


@attrs.frozen
class Rule:
    """A rule for values; ``{v}`` is the placeholder of the value, ``{b}`` of the bound.

    Attributes:
        broken: The Python expression that is true for a value that breaks the rule.
        expected: What is allowed, in words.
        found: What breaks the rule, in words.
        is_broken_by: Evaluates the expression for a value and a bound.
    """

    broken: str
    expected: str
    found: str
    is_broken_by: Callable[..., bool] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        test = eval(f"lambda v, b=None: {self.condition('v', 'b')}", dict(NAMES))  # noqa: S307  ours
        object.__setattr__(self, "is_broken_by", test)

    def condition(self, value: str, bound: str = "") -> str:
        """Return the expression for the names of a value and a bound."""
        return self.broken.format(v=value, b=bound)

    def problem(self, value: Any, bound: Any = None, **words: Any) -> tuple[str, str] | None:
        """Return what is expected and what was found; `None` if the value meets the rule."""
        if not self.is_broken_by(value, bound):
            return None
        return self.expected.format(b=bound, **words), self.found.format(v=value, **words)


SCALAR_RULES: Final[Mapping[type, Rule]] = {
    str: Rule("not is_text({v})", "valid Unicode string", "string with a lone surrogate"),
    int: Rule(f"not {-(2**63)} <= {{v}} < {2**64}", "integer of at most 64 bits", "larger integer"),
    float: Rule("not isfinite({v})", "finite number", "{v!r}"),
}
"""Which values of each Python class JSON can represent."""


def _never_broken(_value: Any) -> bool:
    return False


def _has_no_zone(value: datetime) -> bool:
    return value.tzinfo is None


SCALAR_TESTS: Final[Mapping[type, Callable[..., bool]]] = {
    bool: _never_broken,
    type(None): _never_broken,
    date: _never_broken,
    UUID: _never_broken,
    datetime: _has_no_zone,
    **{cls: rule.is_broken_by for cls, rule in SCALAR_RULES.items()},
}
"""Whether orjson cannot encode a value of exactly this class."""

LIMIT_RULES: Final[Mapping[str, Rule]] = {
    "min_length": Rule("len({v}) < {b}", "at least {b} {unit}", "{size} {unit}"),
    "max_length": Rule("len({v}) > {b}", "at most {b} {unit}", "{size} {unit}"),
    "minimum": Rule("{v} < {b}", "at least {b}", "{v}"),
    "maximum": Rule("{v} > {b}", "at most {b}", "{v}"),
    "pattern": Rule("not fullmatch({b}, {v})", "string that matches {b}", "another string"),
    "unique": Rule("has_repeats({v})", "unique items", "duplicate items"),
}
"""The rule for each attribute of `Limit`."""


def rules_of(limit: Limit | None) -> Iterator[tuple[Rule, Any]]:
    """Yield the rules of a limit, each with its bound."""
    for keyword, rule in LIMIT_RULES.items():
        bound = getattr(limit, keyword, None)
        if bound is not None and bound is not False:
            yield rule, bound


def limit_problems(limit: Limit | None, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the bounds of a limit that a value exceeds, as what is expected and what was found."""
    words: dict[str, Any] = {}
    if isinstance(value, str) or is_sequence(value):
        words = {"size": len(value), "unit": "characters" if isinstance(value, str) else "items"}
    for rule, bound in rules_of(limit):
        if problem := rule.problem(value, bound, **words):
            yield problem


def is_sequence(value: Any) -> TypeGuard[Sequence[Any]]:
    """Whether a value is a list, or a tuple or another sequence that is sent as an array."""
    if type(value) is str:  # by far the most common
        return False
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)


def plain(value: Any) -> Any:
    """Convert a validated value to the types that orjson encodes.

    Subclasses of JSON's types become the values that they stand for, such as enum members theirs; sequences
    become lists; a `Decimal` is sent with its own digits.
    """
    if type(value) is str:  # by far the most common
        return value
    if is_object(value):
        return {plain(name): plain(entry) for name, entry in value.items()}
    if is_sequence(value):
        return [plain(entry) for entry in value]
    match value:
        case bool():
            return value
        case Decimal():
            return orjson.Fragment(str(value))
        case str():
            return str.__str__(value)
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case _:
            return value


def json_problem(value: Any) -> tuple[Literal["type", "limit"], str, str] | None:
    """Return why JSON cannot represent a Python value that is neither object nor array.

    Returns:
        The kind of drift, what is expected and what was found; `None` if JSON can represent the value. A
        `datetime` with a time zone is sent as a timestamp, a `date` and a `UUID` as their ISO text, a
        `Decimal` as a number.
    """
    match value:
        case None | bool():
            return None
        case str() | int() | float():
            cls = next(cls for cls in SCALAR_RULES if isinstance(value, cls))
            problem = SCALAR_RULES[cls].problem(value)
            return ("type" if cls is str else "limit", *problem) if problem else None
        case datetime():
            return None if value.tzinfo is not None else ("type", "JSON value", kind_of(value))
        case date() | UUID():
            return None
        case Decimal():
            return None if value.is_finite() else ("limit", "finite number", repr(value))
        case _:
            return "type", "JSON value", kind_of(value)


def listed(members: Iterable[str]) -> str:
    """List the members of an enum."""
    return ", ".join(map(repr, sorted(members)))


def quoted(text: str) -> str:
    """Quote a text on one line, cut off if it is long."""
    return repr(cut(text))


def cut(text: str) -> str:
    """Cut off a long text."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (str, "string"),
    (int, "integer"),
    (float, "number"),
    (list, "array"),
    (dict, "object"),
)


def kind_of(value: object) -> str:
    """Return the JSON type of a value, or the Python class of a value that is not JSON."""
    if value is None:
        return "null"
    if isinstance(value, NotAModel):
        return f"{type(value.value).__name__}, not a model"
    if isinstance(value, datetime) and value.tzinfo is None:
        return "datetime without a time zone"
    for cls, name in _KINDS:
        if isinstance(value, cls):
            return name
    return type(value).__name__


def shown(name: str) -> str:
    """Return the name of a field as a report shows it: on one line, and cut off if it is long."""
    return cut(name if name.isprintable() else repr(name)[1:-1])
