"""A mapping over another one that it never changes."""

import copy
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TypeVar

J = TypeVar("J")
K = TypeVar("K")
V = TypeVar("V")


class Overlay(MutableMapping[K, V]):
    """A writable view of a mapping: reads fall through to it, changes stay here.

    A value is copied when it is first read, so that changing it leaves the original as it is. What is never
    read costs nothing, however large the mapping is.

    Args:
        base: The mapping.
        fork: Copies a value.
    """

    def __init__(self, base: Mapping[K, V], fork: Callable[[V], V] = copy.deepcopy) -> None:
        self._base = base
        self._fork = fork
        self._own: dict[K, V] = {}
        self._deleted: set[K] = set()

    def __getitem__(self, key: K) -> V:
        if key not in self._own:
            if key in self._deleted:
                raise KeyError(key)
            self._own[key] = self._fork(self._base[key])
        return self._own[key]

    def __setitem__(self, key: K, value: V) -> None:
        self._own[key] = value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._own.pop(key, None)
        self._deleted.add(key)

    def __contains__(self, key: object) -> bool:
        return key in self._own or (key in self._base and key not in self._deleted)

    def __iter__(self) -> Iterator[K]:
        yield from (key for key in self._base if key not in self._deleted)
        yield from (key for key in list(self._own) if key not in self._base or key in self._deleted)

    def __len__(self) -> int:
        return (
            len(self._base)
            - sum(key in self._base for key in self._deleted)
            + sum(key not in self._base or key in self._deleted for key in self._own)
        )


def nested_overlay(base: Mapping[J, MutableMapping[K, V]]) -> MutableMapping[J, MutableMapping[K, V]]:
    """Lay an overlay over a mapping of mappings, without copying any of them."""

    def fork(inner: MutableMapping[K, V]) -> MutableMapping[K, V]:
        return Overlay(inner)

    return Overlay(base, fork)
