"""The file of rows that were not applied, to mend and feed back."""

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from talon_async._codec.json import is_object, parse, render
from talon_async.bulk._values import Outcome
from talon_async.conversion import to_dict
from talon_async.errors import ConfigurationError
from talon_async.models.base import Model

ADDED: Final = ("_row", "_outcome", "_field", "_reason")
"""The columns added to those of the row; files of rows may have them, and they are ignored there."""


class DeadLetters:
    """Writes the rows that were not applied, each once: as CSV by the suffix ``.csv``, else as JSON lines.

    Args:
        path: The file, created with the first row. It can be read by its owner only.
        columns: The columns of the rows; `None` if they differ.
        resumed: Whether an earlier run of the same job may have written to the file.

    Raises:
        ConfigurationError: The file exists and is of another job, or CSV does not suit the rows.
        OSError: The file cannot be written.
    """

    def __init__(self, path: Path, columns: Sequence[str] | None, *, resumed: bool) -> None:
        self._columns = columns if path.suffix == ".csv" else None
        if path.suffix == ".csv" and columns is None:
            raise ConfigurationError(
                f"dead_letters: expected a .jsonl file, as the rows have no columns; found {path}"
            )
        written = path.read_bytes() if path.exists() else b""
        if written and not resumed:
            raise ConfigurationError(f"dead_letters: {path} exists; move it away, or name another file")
        written = written[: written.rfind(b"\n") + 1]  # a crash may have torn the last line
        try:
            self._numbers = self._read(written)
        except (KeyError, TypeError, ValueError):
            raise ConfigurationError(f"dead_letters: {path} is no file of dead letters") from None
        self._path, self._written = path, len(written)
        self._file: int | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, outcome: Outcome, source: bytes | None) -> None:
        """Write a row, unless an earlier run has.

        Args:
            outcome: What became of it.
            source: The row as read, as a JSON object.
        """
        if outcome.number in self._numbers:
            return
        self._numbers.add(outcome.number)
        row: dict[str, Any] = parse(source) if source else {}
        added = (outcome.number, outcome.status, outcome.field, outcome.reason)
        values = dict(zip(ADDED, added, strict=True))
        if self._columns is None:
            self._write(render({**row, **values}) + b"\n")
        else:
            self._write_cells([*(row.get(name, "") for name in self._columns), *values.values()])

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)

    def _read(self, written: bytes) -> set[int]:
        """The numbers of the rows that the file has."""
        if self._columns is not None:
            rows: list[Any] = list(csv.DictReader(io.StringIO(written.decode("utf-8"), newline="")))
            return {int(row["_row"]) for row in rows}
        return {int(row["_row"]) for row in map(parse, written.splitlines()) if is_object(row)}

    def _write_cells(self, cells: Sequence[Any]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(cells)
        self._write(text.getvalue().encode("utf-8"))

    def _write(self, line: bytes) -> None:
        if self._file is None:  # the first row of this run
            self._file = os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            os.ftruncate(self._file, self._written)
            if self._columns is not None and not self._written:
                self._write_cells([*self._columns, *ADDED])
        os.write(self._file, line)


def source_of(row: Any) -> bytes | None:
    """A row as a JSON object, for the dead letters; `None` if it is neither a model nor a mapping."""
    values: Any = to_dict(row) if isinstance(row, Model) else row
    if not isinstance(values, Mapping):
        return None
    fields = cast("Mapping[object, object]", values)
    return render({str(name): value if _is_plain(value) else str(value) for name, value in fields.items()})


def _is_plain(value: object) -> bool:
    try:
        render(value)
    except TypeError:
        return False
    return True
