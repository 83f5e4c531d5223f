"""Where rows come from: iterables of models or mappings, and files."""

import contextlib
import csv
import gzip
import hashlib
import importlib
import io
import os
import zlib
from collections.abc import (
    AsyncIterable,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias, TypeVar

import attrs

from talon_async._codec.json import is_object, parse
from talon_async._extras import PARQUET, require
from talon_async.bulk._dead_letters import ADDED
from talon_async.errors import ConfigurationError

T = TypeVar("T")

Rows: TypeAlias = "Iterable[object] | AsyncIterable[object] | str | os.PathLike[str]"
"""Models or mappings, or the path of a file: ``.csv`` or ``.jsonl``, also with ``.gz``, or ``.parquet``."""

_SAMPLE: Final = 64 * 1024


@attrs.frozen
class Unreadable:
    """A row that cannot be read.

    Attributes:
        reason: Why.
        source: What was read.
    """

    reason: str
    source: Mapping[str, object]


@attrs.frozen(kw_only=True)
class Source:
    """Rows that can be read once.

    Attributes:
        rows: The rows.
        columns: The names of their columns; `None` if each row has its own.
        typed: Whether values have types; in CSV all are text.
        fingerprint: Identifies a file by its size, its beginning and its end; empty for other rows.
        fraction: How much has been read, from 0 to 1; `None` if that is not known.
    """

    rows: Iterable[object] | AsyncIterable[object]
    columns: Sequence[str] | None = None
    typed: bool = True
    fingerprint: str = ""
    fraction: Callable[[], float | None] = lambda: None


@contextlib.contextmanager
def opened(rows: Rows) -> Generator[Source, None, None]:
    """Open rows.

    Args:
        rows: The rows, or the path of a file.

    Raises:
        ConfigurationError: The suffix of the file is not supported, or it has no columns.
        MissingPackagesError: Parquet needs the extra ``parquet``.
        OSError: The file cannot be read.
    """
    if isinstance(rows, (str, os.PathLike)):
        with _opened_file(Path(rows)) as source:
            yield source
    else:
        yield Source(rows=rows)


@contextlib.contextmanager
def _opened_file(path: Path) -> Generator[Source, None, None]:
    suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
    if suffix == ".parquet":
        with _opened_parquet(path) as source:
            yield source
        return
    if suffix not in (".csv", ".jsonl", ".ndjson"):
        raise ConfigurationError(f"rows: expected a .csv, .jsonl or .parquet file, found {path}")
    with path.open("rb") as file:
        size = max(path.stat().st_size, 1)
        fingerprint = _fingerprint(file, size)
        data: Any = gzip.open(file) if path.suffix == ".gz" else file  # noqa: SIM115  closed with the file

        def fraction() -> float:
            return min(file.tell() / size, 1.0)

        if suffix != ".csv":
            yield Source(rows=_json_rows(_readable(data)), fingerprint=fingerprint, fraction=fraction)
            return
        with io.TextIOWrapper(data, "utf-8-sig", newline="") as text:
            cells = _readable(csv.reader(text))
            header = next(cells, None)
            if not header or len(set(header)) < len(header):
                raise ConfigurationError(f"rows: expected a header of different columns in {path}")
            yield Source(
                rows=_csv_rows(header, cells),
                columns=[name for name in header if name not in ADDED],
                typed=False,
                fingerprint=fingerprint,
                fraction=fraction,
            )


def _readable(lines: Iterable[T]) -> Iterator[T]:
    """Yield lines; a file that is damaged is an error that says so."""
    try:
        yield from lines
    except (csv.Error, EOFError, UnicodeDecodeError, gzip.BadGzipFile, zlib.error) as error:
        raise ConfigurationError(f"rows: the file cannot be read any further: {error}") from error


def _csv_rows(header: Sequence[str], cells: Iterable[list[str]]) -> Iterator[object]:
    for row in cells:
        if not row:
            continue  # an empty line
        values = {name: value for name, value in zip(header, row, strict=False) if name not in ADDED}
        if len(row) == len(header):
            yield values
        else:
            yield Unreadable(f"expected {len(header)} cells, found {len(row)}", values)


def _json_rows(lines: Iterable[bytes]) -> Iterator[object]:
    for line in lines:
        if line.isspace():
            continue
        try:
            document = parse(line)
        except ValueError as error:
            yield _unreadable(line, f"not valid JSON: {error}")
            continue
        if is_object(document):
            for name in ADDED:
                document.pop(name, None)
            yield document
        else:
            yield _unreadable(line, "expected a JSON object")


def _unreadable(line: bytes, reason: str) -> Unreadable:
    return Unreadable(reason, {"line": line.decode("utf-8", "replace").rstrip("\r\n")})


@contextlib.contextmanager
def _opened_parquet(path: Path) -> Generator[Source, None, None]:
    require(PARQUET, user=f"reading {path}", extra="parquet")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    with path.open("rb") as file:
        fingerprint = _fingerprint(file, path.stat().st_size)
    with parquet.ParquetFile(path) as table:
        count = max(table.metadata.num_rows, 1)
        read = 0

        def rows() -> Iterator[object]:
            nonlocal read
            for batch in table.iter_batches(batch_size=1000):
                for row in batch.to_pylist():
                    read += 1
                    yield {name: value for name, value in row.items() if name not in ADDED}

        yield Source(
            rows=rows(),
            columns=[name for name in table.schema_arrow.names if name not in ADDED],
            fingerprint=fingerprint,
            fraction=lambda: read / count,
        )


def _fingerprint(file: BinaryIO, size: int) -> str:
    digest = hashlib.sha256(file.read(_SAMPLE))
    file.seek(max(size - _SAMPLE, 0))
    digest.update(file.read(_SAMPLE))
    file.seek(0)
    return f"{size}-{digest.hexdigest()[:32]}"
