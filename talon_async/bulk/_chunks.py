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
        group: The group of its valid rows.
        uniques: What is unique among the rows.
    """

    lane: int
    number: int
    rows: list[Row] = attrs.field(factory=list)
    size: int = 0
    group: str | None = None
    uniques: set[str] = attrs.field(factory=set)

    def takes(self, row: Row) -> bool:
        """Whether the request can have another row."""
        return row.part is None or (
            (self.group is None or row.group == self.group)
            and row.unique not in self.uniques
            and self.size + len(row.part) <= MAX_BYTES
        )

    def add(self, row: Row) -> None:
        """Add a row."""
        self.rows.append(row)
        if row.part is not None:
            self.group = row.group
            self.size += len(row.part)
            if row.unique is not None:
                self.uniques.add(row.unique)

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

    def add(self, row: Row) -> list[Chunk]:
        """Add a row; return the chunks that are complete."""
        lane = crc32(row.order.encode("utf-8", "replace")) % self._kind.lanes
        chunk = self._open.get(lane)
        complete: list[Chunk] = []
        if chunk is not None and not chunk.takes(row):
            complete.append(chunk)
            chunk = None
        if chunk is None:
            number = self._counts.get(lane, 0)
            self._counts[lane] = number + 1
            chunk = self._open[lane] = Chunk(lane, number)
        chunk.add(row)
        if len(chunk.rows) == self._kind.max_rows:
            complete.append(self._open.pop(lane))
        return complete

    def rest(self) -> Iterator[Chunk]:
        """Yield the chunks that no further row completes."""
        while self._open:
            yield self._open.popitem()[1]
