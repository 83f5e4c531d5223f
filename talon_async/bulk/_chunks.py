"""Spreads rows over lanes and cuts the rows of a lane into chunks, by the input alone."""

from collections.abc import Iterator
from typing import Final
from zlib import crc32

import attrs

from talon_async.bulk._kinds import Kind
from talon_async.bulk._rows import Row

MAX_BYTES: Final = 4 * 2**20
"""The largest body of a request with several rows, in bytes; the service publishes no limit."""


@attrs.define
class Chunk:
    """Rows of one lane that are sent in one request, unless some are refused.

    Attributes:
        lane: The lane.
        number: The number of the chunk in its lane, counted from 0.
        rows: The rows, those that are not valid included.
        size: The bytes of the rows' parts.
        uniques: What is unique among the rows.
    """

    lane: int
    number: int
    rows: list[Row] = attrs.field(factory=list)
    size: int = 0
    uniques: set[str] = attrs.field(factory=set)

    @property
    def is_sent(self) -> bool:
        """Whether any of its rows is valid."""
        return any(row.part is not None for row in self.rows)


class Chunker:
    """Cuts rows into chunks.

    Args:
        kind: The kind of the rows.
    """

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._open: dict[int, Chunk] = {}
        self._counts: dict[int, int] = {}

    def add(self, row: Row) -> Iterator[Chunk]:
        """Add a row; yield the chunks that are complete."""
        lane = crc32(row.order.encode("utf-8", "replace")) % self._kind.lanes
        chunk = self._open.get(lane)
        if chunk is not None and not _takes(chunk, row):
            yield self._open.pop(lane)
            chunk = None
        if chunk is None:
            number = self._counts.get(lane, 0)
            self._counts[lane] = number + 1
            chunk = self._open[lane] = Chunk(lane, number)
        chunk.rows.append(row)
        if row.part is not None:
            chunk.size += len(row.part)
        if row.unique is not None:
            chunk.uniques.add(row.unique)
        if len(chunk.rows) == self._kind.max_rows:
            yield self._open.pop(lane)

    def rest(self) -> Iterator[Chunk]:
        """Yield the chunks that no further row completes."""
        while self._open:
            yield self._open.popitem()[1]


def _takes(chunk: Chunk, row: Row) -> bool:
    """Whether a request can have another row."""
    if row.part is None:
        return True
    first = next((each for each in chunk.rows if each.part is not None), row)
    return (
        row.group == first.group
        and row.unique not in chunk.uniques
        and chunk.size + len(row.part) <= MAX_BYTES
    )
