"""Files that an export writes: CSV, JSON lines, Parquet."""

import csv
import gzip
import importlib
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from talon_async._codec.json import is_array, is_object, render
from talon_async._codec.shapes import FieldShape, Scalar, fields_of
from talon_async._extras import PARQUET, require
from talon_async.errors import ConfigurationError
from talon_async.models.base import Model

_ROWS_PER_GROUP: Final = 10_000


class Target(Protocol):
    """A file that takes rows."""

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows."""
        ...

    def close(self) -> None:
        """Complete the file."""
        ...


def open_target(path: Path, written: Path, first: Sequence[str], model: type[Model]) -> Target:
    """Open a file by the suffix of its path.

    Args:
        path: The path that the file will have.
        written: The path that it has while it is written.
        first: The columns before those of the model; they are text.
        model: The model of a row.

    Raises:
        ConfigurationError: The suffix is not supported.
        MissingPackagesError: Parquet needs the extra ``parquet``.
        OSError: The file cannot be written.
    """
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix == ".parquet" and path.suffix != ".gz":
        require(PARQUET, user=f"writing {path}", extra="parquet")
        return _Parquet(written, first, model)
    if suffix not in (".csv", ".jsonl", ".ndjson"):
        raise ConfigurationError(f"out: expected a .csv, .jsonl or .parquet file, found {path}")
    descriptor = os.open(written, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    raw = os.fdopen(descriptor, "wb")
    file: Any = gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) if path.suffix == ".gz" else raw
    columns = [*first, *(field.wire for field in fields_of(model))]
    return _Csv(raw, file, columns) if suffix == ".csv" else _JsonLines(raw, file)


class _JsonLines:
    def __init__(self, raw: Any, file: Any) -> None:
        self._raw, self._file = raw, file

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self._file.write(render(dict(row)) + b"\n")

    def close(self) -> None:
        self._file.close()
        self._raw.close()


class _Csv(_JsonLines):
    def __init__(self, raw: Any, file: Any, columns: Sequence[str]) -> None:
        super().__init__(raw, file)
        self._columns = columns
        self._put(columns)

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self._put([_as_cell(row.get(column)) for column in self._columns])

    def _put(self, cells: Sequence[Any]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(cells)
        self._file.write(text.getvalue().encode("utf-8"))


class _Parquet:
    def __init__(self, path: Path, first: Sequence[str], model: type[Model]) -> None:
        arrow: Any = importlib.import_module("pyarrow")
        parquet: Any = importlib.import_module("pyarrow.parquet")
        types = {str: arrow.string(), int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_()}
        self._classes: dict[str, type] = dict.fromkeys(first, str)
        self._classes |= {field.wire: _class_of(field) for field in fields_of(model)}
        self._arrow = arrow
        self._schema = arrow.schema([(name, types[cls]) for name, cls in self._classes.items()])
        os.close(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        self._file = parquet.ParquetWriter(path, self._schema)
        self._rows: list[dict[str, Any]] = []

    def write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            self._rows.append({name: _as(cls, row.get(name)) for name, cls in self._classes.items()})
        if len(self._rows) >= _ROWS_PER_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def _class_of(field: FieldShape) -> type:
    """The class of a column: that of the field, or text for what has several parts or classes."""
    match field.shape:
        case Scalar(classes=classes):
            given = [cls for cls in (bool, int, float) if cls in classes]
            return float if float in given else given[0] if len(given) == 1 and str not in classes else str
        case _:
            return str


def _as(cls: type, value: Any) -> Any:
    """A value for a column; a value of another type, in a response that drifts, is `None` or text."""
    if value is None:
        return None
    if cls is str:
        cell = _as_cell(value)
        return cell if isinstance(cell, str) else str(cell)
    if cls is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if type(value) is cls else None


def _as_cell(value: Any) -> Any:
    """A value for a cell of text: objects and arrays as JSON, booleans as in JSON."""
    if is_object(value) or is_array(value):
        return render(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
