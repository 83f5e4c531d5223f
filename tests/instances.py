"""Instances of the contract's schemas: generated, full and minimal."""

import functools
from datetime import UTC, datetime
from typing import Any, Final

from hypothesis import strategies as st

from talon_async.models import EFFECT_PROPS
from tests.contract import Schema, effect_props

JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON value."""

_NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
_TIMESTAMPS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1)).map(
    lambda moment: moment.isoformat() + "Z"
)
_EFFECT_TYPES = sorted(tag for tag, cls in EFFECT_PROPS.items() if cls is not None)


@functools.cache
def instances(schema: Schema) -> st.SearchStrategy[Any]:
    """Generate instances of a schema, regardless of limits and patterns."""
    match schema:
        case Schema(kind="string"):
            return st.sampled_from(schema.members) if schema.members else st.text(max_size=8)
        case Schema(kind="integer"):
            return st.integers(0, 100) | st.integers(-(2**63), 2**64 - 1)
        case Schema(kind="number"):
            return _NUMBERS
        case Schema(kind="boolean"):
            return st.booleans()
        case Schema(kind="timestamp"):
            return _TIMESTAMPS
        case Schema(kind="array", item=Schema() as item):
            return st.lists(instances(item), max_size=2)
        case Schema(kind="map", item=Schema() as item):
            return st.dictionaries(st.text(max_size=6), instances(item), max_size=2)
        case Schema(kind="object", alternatives=()):
            return _objects(schema)
        case Schema(kind="object"):
            return st.one_of([instances(each) for each in schema.alternatives])
        case _:
            return JSON


def _objects(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    # At most four optional fields: all of them at every level would be larger than any real response.
    optional = sorted(schema.properties.keys() - schema.required)

    @st.composite
    def draw_object(draw: st.DrawFn) -> dict[str, Any]:
        chosen = draw(st.sets(st.sampled_from(optional), max_size=4)) if optional else set[str]()
        made: dict[str, Any] = {}
        for name, part in schema.properties.items():
            if part.kind == "effect props":
                made["effectType"] = draw(st.sampled_from(_EFFECT_TYPES))
                made[name] = draw(instances(effect_props(made["effectType"])))
            elif name in schema.required or name in chosen:
                made[name] = draw(instances(part))
        return made

    # A closure, because hypothesis prints the arguments of a composite with each failure.
    return draw_object()


def fullest(schema: Schema) -> Any:
    """An instance with every field, and with one item in each array and map."""
    return _instance(schema, optional=True)


def barest(schema: Schema) -> Any:
    """An instance with only the required fields, and with one item in each array and map."""
    return _instance(schema, optional=False)


def _instance(schema: Schema, *, optional: bool) -> Any:
    match schema:
        case Schema(kind="string"):
            return schema.members[0] if schema.members else "text"
        case Schema(kind="integer"):
            return 7
        case Schema(kind="number"):
            return 7.25
        case Schema(kind="boolean"):
            return True
        case Schema(kind="timestamp"):
            return datetime(2026, 5, 1, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
        case Schema(kind="array", item=Schema() as item):
            return [_instance(item, optional=optional)]
        case Schema(kind="map", item=Schema() as item):
            return {"name": _instance(item, optional=optional)}
        case Schema(kind="object", alternatives=()):
            made = {
                name: _instance(part, optional=optional)
                for name, part in schema.properties.items()
                if optional or name in schema.required
            }
            return made | {"effectType": "setDiscount"} if "effectType" in made else made
        case Schema(kind="object"):
            return _instance(schema.alternatives[-1 if optional else 0], optional=optional)
        case Schema(kind="effect props"):
            return _instance(effect_props("setDiscount"), optional=optional)
        case _:
            return {"any": ["JSON", 1, 1.5, True, None]}
