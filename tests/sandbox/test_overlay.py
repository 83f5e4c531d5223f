"""Overlays: writable views that never change the mapping under them."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async.sandbox._domain.overlay import Overlay, nested_overlay

KEYS = st.sampled_from("abcde")
STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "delete", "append", "read"]), KEYS, st.integers(0, 9)), max_size=12
)


@given(base=st.dictionaries(KEYS, st.lists(st.integers(0, 9), max_size=2)), steps=STEPS)
@settings(deadline=None, derandomize=True)
def test_an_overlay_behaves_like_a_copy(
    base: dict[str, list[int]], steps: list[tuple[str, str, int]]
) -> None:
    """An overlay behaves like a deep copy under any changes, and its base does not change."""
    before, model, overlay = copy.deepcopy(base), copy.deepcopy(base), Overlay(base)
    for action, key, value in steps:
        for mapping in (model, overlay):
            if action == "set":
                mapping[key] = [value]
            elif action == "delete":
                mapping.pop(key, None)
            elif action == "append":
                mapping.setdefault(key, []).append(value)
            else:
                mapping.get(key)
        assert dict(overlay) == model
        assert (len(overlay), [key in overlay for key in "abcde"]) == (
            len(model),
            [key in model for key in "abcde"],
        )
    assert base == before


def test_only_values_that_are_read_are_copied() -> None:
    """Membership, length and iteration over keys copy nothing. Reading a value copies it once."""
    copied: list[Any] = []

    def fork(value: list[int]) -> list[int]:
        copied.append(value)
        return list(value)

    overlay = Overlay({number: [number] for number in range(1000)}, fork)
    assert len(list(overlay)) == len(overlay) == 1000
    assert 7 in overlay
    assert copied == []
    assert overlay[7] is overlay[7]
    assert copied == [[7]]


def test_inner_mappings_are_overlaid() -> None:
    """A write to an inner mapping stays in the overlay."""
    base = {1: {"card": ["A"]}}
    overlay = nested_overlay(base)
    overlay[1]["card"].append("B")
    overlay[1]["other"] = []
    assert overlay[1] == {"card": ["A", "B"], "other": []}
    assert base == {1: {"card": ["A"]}}
