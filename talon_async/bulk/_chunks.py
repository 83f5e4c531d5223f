"""Spreads rows over lanes and cuts the rows of a lane into chunks, by the input alone."""

from collections.abc import Iterator, Sequence
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
        group: The group of its valid rows.
        uniques: What is unique among the rows.
    """

    lane: int
    number: int
    rows: list[Row] = attrs.field(factory=list)
    size: int = 0
    group: str | None = None
    uniques: set[str] = attrs.field(factory=set)

    def add(self, row: Row) -> bool:
        """Add a row, unless it needs another request; whether it was added."""
        if row.part is not None:
            size = self.size + len(row.part)
            if self.group is None:
                self.group = row.group
            elif row.group != self.group or size > MAX_BYTES or row.unique in self.uniques:
                return False
            self.size = size
            if row.unique is not None:
                self.uniques.add(row.unique)
        self.rows.append(row)
        return True

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
        self._lanes, self._max_rows = kind.lanes, kind.max_rows
        self._open: dict[int, Chunk] = {}
        self._counts: dict[int, int] = {}

    def add(self, row: Row) -> Sequence[Chunk]:
        """Add a row; return the chunks that are complete."""
        lane = crc32(row.order.encode("utf-8", "replace")) % self._lanes
        chunk = self._open.get(lane)
        if chunk is not None and chunk.add(row):
            return (self._open.pop(lane),) if len(chunk.rows) == self._max_rows else ()
        number = self._counts.get(lane, 0)
        self._counts[lane] = number + 1
        opened = Chunk(lane, number)
        opened.add(row)
        if self._max_rows > 1:
            self._open[lane] = opened
            return () if chunk is None else (chunk,)
        return (opened,)

    def rest(self) -> Iterator[Chunk]:
        """Yield the chunks that no further row completes."""
        while self._open:
            yield self._open.popitem()[1]
