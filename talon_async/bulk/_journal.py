"""The journal of a job: which chunks are complete, kept on disk, so that a job resumes after a crash.

A text file: a header with the identity of the job, then one line per record. Each line ends with its CRC-32.

    journal 1 {"job":"nightly","lanes":32} 5c1de2a0
    c 7 1250 9f8e7d6c     the first 1250 chunks of lane 7 are complete
    i 7 1250 0b6a1c3d     chunk 1250 of lane 7 is about to be sent
    w 7 1250 5d0c9a41     nothing of it was applied

A record is true on its own, but for a withdrawal, which follows its intent. So a reader skips the lines that
a crash has torn, and the compacted form is the last record of each lane. The file is replaced as a whole, by
a rename, when it is opened, when it has grown, and when it is closed.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Final, TypeAlias
from zlib import crc32

from talon_async.errors import JournalError

Scalar: TypeAlias = str | int | float | bool | None

_HEADER: Final = "journal 1"
_GROUP_SECONDS: Final = 1.0
_COMPACT_AFTER: Final = 100_000


class Journal:
    """Records the complete chunks of each lane; `open` makes or resumes one."""

    def __init__(
        self, path: Path, identity: Mapping[str, Scalar], lock: IO[bytes], clock: Callable[[], float]
    ) -> None:
        self._path = path
        self._identity = identity
        self._lock = lock
        self._clock = clock
        self._completed: dict[int, int] = {}
        self._intents: dict[int, int] = {}
        self._read()
        self._file = self._rewrite()

    @classmethod
    def open(
        cls, path: Path, identity: Mapping[str, Scalar], clock: Callable[[], float] = time.monotonic
    ) -> "Journal":
        """Make a journal, or resume the one of an earlier run.

        Args:
            path: The file; a lock file is kept beside it.
            identity: What the chunks depend on: the job's name, kind, input, mapping and number of lanes.
            clock: Returns the time, in seconds.

        Raises:
            JournalError: The file is in use, belongs to another job, or is no journal.
        """
        lock = _locked(path.with_name(f"{path.name}.lock"), path)
        try:
            return cls(path, identity, lock, clock)
        except BaseException:
            lock.close()
            raise

    def completed(self, lane: int) -> int:
        """How many chunks of a lane are complete, counted from the first."""
        return self._completed.get(lane, 0)

    def intended(self, lane: int) -> int | None:
        """The chunk of a lane that may have been sent, and is not recorded as complete."""
        intent = self._intents.get(lane)
        return intent if intent is not None and intent >= self.completed(lane) else None

    def complete(self, lane: int, chunk: int) -> None:
        """Record that a chunk is complete; after a crash of the machine the last second may be missing.

        Args:
            lane: The lane.
            chunk: The chunk, in order: the number of complete chunks of the lane.
        """
        if chunk != self.completed(lane):
            raise ValueError(f"chunk {chunk} of lane {lane} is not the next one, {self.completed(lane)}")
        self._completed[lane] = chunk + 1
        self._append(f"c {lane} {chunk + 1}")
        if self._clock() - self._synced >= _GROUP_SECONDS:
            self._sync()
        if self._records >= _COMPACT_AFTER:
            self._compact()

    def intend(self, lane: int, chunk: int) -> None:
        """Record that a chunk is about to be sent; the record is on disk when this returns."""
        self._intents[lane] = chunk
        self._append(f"i {lane} {chunk}")
        self._sync()

    def withdraw(self, lane: int) -> None:
        """Record that nothing of the intended chunk of a lane was applied, so that it can be sent again."""
        self._append(f"w {lane} {self._intents.pop(lane)}")

    def close(self) -> None:
        """Compact the journal and release its lock."""
        if not self._lock.closed:
            try:
                self._compact()
                self._file.close()
            finally:
                self._lock.close()

    def _append(self, record: str) -> None:
        self._file.write(_line(record))
        self._records += 1

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._synced = self._clock()

    def _read(self) -> None:
        try:
            header, *lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        if header or lines:
            self._check(_record(header))
        for line in lines:
            match (_record(line) or "").split(" "):
                case ["c", lane, count]:
                    self._completed[int(lane)] = max(int(count), self.completed(int(lane)))
                case ["i", lane, chunk]:
                    self._intents[int(lane)] = int(chunk)
                case ["w", lane, _]:
                    self._intents.pop(int(lane), None)
                case _:
                    pass  # torn

    def _check(self, header: str | None) -> None:
        if header is None or not header.startswith(_HEADER):
            raise JournalError(f"{self._path} is not a journal of talon_async, or its first line is damaged")
        found: dict[str, Scalar] = json.loads(header.removeprefix(_HEADER))
        names = [*self._identity, *(name for name in found if name not in self._identity)]
        differences = [
            f"{name} is {found.get(name)!r} in the journal and {self._identity.get(name)!r} in this job"
            for name in names
            if found.get(name) != self._identity.get(name)
        ]
        if differences:
            raise JournalError(f"{self._path} belongs to another job: {'; '.join(differences)}")

    def _compact(self) -> None:
        self._file.close()
        self._file = self._rewrite()

    def _rewrite(self) -> IO[bytes]:
        """Replace the file by its compacted form, and open it to append."""
        records = [f"{_HEADER} {json.dumps(dict(self._identity))}"]
        records += [f"c {lane} {count}" for lane, count in self._completed.items()]
        records += [
            f"i {lane} {self._intents[lane]}" for lane in self._intents if self.intended(lane) is not None
        ]
        new = self._path.with_name(f"{self._path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(map(_line, records))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        _sync_folder(self._path.parent)
        self._records = 0
        self._synced = self._clock()
        return self._path.open("ab", buffering=0)  # so that a killed process loses nothing


def _line(record: str) -> bytes:
    text = record.encode()
    return b"%b %08x\n" % (text, crc32(text))


def _record(line: bytes) -> str | None:
    """The record of a line, or `None` if the line is torn."""
    text, _, checksum = line.rpartition(b" ")
    return text.decode() if checksum == b"%08x" % crc32(text) else None


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _locked(path: Path, journal: Path) -> IO[bytes]:
    """Take a lock that the operating system releases when the process ends, however it ends."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise JournalError(f"{journal} is in use by another run of the job") from None
    return file
