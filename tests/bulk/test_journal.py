"""The journal of a job: what it keeps after a crash at any moment, and which jobs it refuses."""

import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async import ConfigurationError, JournalError
from talon_async.bulk._journal import Journal
from tests.transport.support import Clock

IDENTITY: Final[dict[str, str | int]] = {
    "job": "nightly",
    "kind": "profiles",
    "input": "9f2c",
    "mapping": "77aa",
    "lanes": 4,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is."""
    return tmp_path / "nightly.journal"


@pytest.fixture
def fsyncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the files that are on disk for sure."""
    sizes: list[int] = []
    fsync = os.fsync

    def recorded(descriptor: int) -> None:
        fsync(descriptor)
        sizes.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(os, "fsync", recorded)
    return sizes


def state(journal: Journal) -> list[tuple[int, int | None]]:
    """What a journal knows of each lane."""
    return [(journal.completed(lane), journal.intended(lane)) for lane in range(4)]


def crash(journal: Journal) -> None:
    """End a journal as the end of its process does: what reached the operating system stays."""
    journal._file.flush()  # pyright: ignore[reportPrivateUsage]
    journal._file.close()  # pyright: ignore[reportPrivateUsage]
    journal._lock.close()  # pyright: ignore[reportPrivateUsage]


def test_a_new_journal_is_empty(path: Path) -> None:
    """No chunk of a new job is complete or intended."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert state(journal) == [(0, None)] * 4


def test_a_closed_journal_resumes(path: Path) -> None:
    """A later run finds the complete chunks of each lane."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        for lane, chunk in [(0, 0), (0, 1), (3, 0), (0, 2)]:
            journal.complete(lane, chunk)
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert state(journal) == [(3, None), (0, None), (0, None), (1, None)]


def test_an_intent_without_completion_is_found(path: Path) -> None:
    """A later run finds the chunk that may have been sent, until its completion is recorded."""
    journal = Journal.open(path, IDENTITY)
    journal.intend(1, 0)
    journal.complete(1, 0)
    journal.intend(1, 1)
    journal.intend(2, 0)
    crash(journal)
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert state(journal) == [(0, None), (1, 1), (0, 0), (0, None)]
        journal.complete(1, 1)
        assert journal.intended(1) is None
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert state(journal) == [(0, None), (2, None), (0, 0), (0, None)]


@pytest.mark.parametrize("chunk", [0, 2])
def test_chunks_complete_in_order(path: Path, chunk: int) -> None:
    """A chunk that is not the next one of its lane is a mistake, and is not recorded."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        journal.complete(0, 0)
        with pytest.raises(ValueError, match="not the next"):
            journal.complete(0, chunk)
        assert journal.completed(0) == 1


def test_a_crash_at_any_byte_loses_only_the_end(path: Path) -> None:
    """Cut off after any byte, a journal resumes with the records before the cut, and with no other."""
    journal = Journal.open(path, IDENTITY)
    written = path.stat().st_size
    known = {written: state(journal)}
    for chunk in range(12):
        journal.intend(chunk % 3, chunk // 3)
        known[path.stat().st_size] = state(journal)
        journal.complete(chunk % 3, chunk // 3)
        journal.intend(3, chunk)  # writes the completion to the disk, too
        known[path.stat().st_size] = state(journal)
    crash(journal)
    content = path.read_bytes()
    for size in range(written, len(content) + 1):
        path.write_bytes(content[:size])
        with closing(Journal.open(path, IDENTITY)) as resumed:
            found = state(resumed)
        before = known[max(at for at in known if at <= size)]
        after = known[min(at for at in known if at >= size)]
        if size in known:
            assert found == known[size]
        assert [a[0] for a in before] <= [b[0] for b in found] <= [c[0] for c in after]


@given(damage=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_damaged_records_are_never_believed(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    """Whatever bytes of the records are damaged, no chunk counts as complete that was not."""
    path = tmp_path_factory.mktemp("damage") / "nightly.journal"
    journal = Journal.open(path, IDENTITY)
    header = path.stat().st_size
    for chunk in range(20):
        journal.complete(chunk % 4, chunk // 4)
    crash(journal)
    content = bytearray(path.read_bytes())
    for at, flip in damage:
        content[header + at % (len(content) - header)] ^= flip
    path.write_bytes(content)
    with closing(Journal.open(path, IDENTITY)) as resumed:
        assert all(resumed.completed(lane) <= 5 for lane in range(4))
        for lane in range(4):
            resumed.complete(lane, resumed.completed(lane))


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"job": "weekly"}, "job is 'nightly' in the journal and 'weekly' in this job"),
        ({"kind": "events"}, "kind is 'profiles'"),
        ({"input": "0000"}, "input is '9f2c'"),
        ({"mapping": "0000"}, "mapping is '77aa'"),
        ({"lanes": 8, "kind": "events"}, "kind is .*; lanes is 4 in the journal and 8 in this job"),
    ],
)
def test_the_journal_of_another_job_is_refused(path: Path, changed: dict[str, str | int], text: str) -> None:
    """A journal of another job name, kind, input, mapping or lane count is refused, by what differs."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        journal.complete(0, 0)
    with pytest.raises(JournalError, match=text):
        Journal.open(path, {**IDENTITY, **changed})
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert journal.completed(0) == 1


@pytest.mark.parametrize(
    "content", [b"id,email\n1,a@shop.invalid\n", b"journal 1 {} 00000000\n", b"\xff\n", b"x"]
)
def test_another_file_is_not_overwritten(path: Path, content: bytes) -> None:
    """A file that is no journal, or whose header is damaged, is refused and not changed."""
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"nightly\.journal is not a journal"):
        Journal.open(path, IDENTITY)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    """An empty file, such as a temporary one, becomes a journal."""
    path.touch()
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert state(journal) == [(0, None)] * 4


def test_two_runs_do_not_share_a_journal(path: Path) -> None:
    """While a run has the journal, another is refused; afterwards it is not."""
    journal = Journal.open(path, IDENTITY)
    with pytest.raises(JournalError, match="in use by another run"):
        Journal.open(path, IDENTITY)
    journal.close()
    journal.close()
    Journal.open(path, IDENTITY).close()


def test_a_refused_journal_is_not_locked(path: Path) -> None:
    """A run that is refused leaves the journal to the right one."""
    Journal.open(path, IDENTITY).close()
    with pytest.raises(JournalError):
        Journal.open(path, {**IDENTITY, "lanes": 8})
    Journal.open(path, IDENTITY).close()


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_the_owner_can_read_it(path: Path) -> None:
    """The journal and its lock have mode 0600."""
    with closing(Journal.open(path, IDENTITY)):
        modes = [stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()]
    assert modes == [0o600, 0o600]


def test_an_intent_is_on_disk_before_sending(path: Path, fsyncs: list[int]) -> None:
    """When `intend` returns, the intent and all before it are on disk."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        journal.complete(0, 0)
        journal.intend(0, 1)
        assert fsyncs[-1] == path.stat().st_size
        assert b"\ni 0 1 " in path.read_bytes()


def test_completions_reach_the_disk_in_groups(path: Path, fsyncs: list[int]) -> None:
    """One fsync covers the completions of a second, however many there are."""
    clock = Clock()
    with closing(Journal.open(path, IDENTITY, clock)) as journal:
        fsyncs.clear()
        for chunk in range(1000):
            journal.complete(0, chunk)
        assert not fsyncs
        clock.move(1.0)
        journal.complete(0, 1000)
        assert fsyncs == [path.stat().st_size]


def test_a_large_journal_stays_small(path: Path) -> None:
    """A journal has at most 60 bytes a chunk, does not grow forever, and closes as one line per lane."""
    largest = 0
    with closing(Journal.open(path, IDENTITY)) as journal:
        for chunk in range(210_000):
            journal.complete(chunk % 4, chunk // 4)
            if chunk % 1000 == 999:
                assert path.stat().st_size <= 60 * chunk
                largest = max(largest, path.stat().st_size)
    assert largest < 2_000_000
    assert len(path.read_bytes().splitlines()) == 1 + 4


WRITER = """
import sys
from pathlib import Path
from talon_async.bulk._journal import Journal

journal = Journal.open(Path(sys.argv[1]), {"job": "nightly", "lanes": 4})
while True:
    for lane in range(4):
        chunk = journal.completed(lane)
        if chunk % 7 == 0:
            journal.intend(lane, chunk)
            print(lane, chunk, flush=True)
        journal.complete(lane, chunk)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_a_killed_run_loses_no_intent_and_frees_the_lock(path: Path) -> None:
    """After `kill -9` amid writes the next run gets the lock and finds each intent that was recorded."""
    for lines in (5, 40, 200, 300, 500):
        command = [sys.executable, "-c", WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            printed = [process.stdout.readline() for _ in range(lines)]
            process.send_signal(signal.SIGKILL)
            printed += process.stdout.readlines()
        with closing(Journal.open(path, {"job": "nightly", "lanes": 4})) as journal:
            for lane, chunk in (map(int, line.split()) for line in printed if line.endswith("\n")):
                assert journal.completed(lane) > chunk or journal.intended(lane) == chunk
            completed = [journal.completed(lane) for lane in range(4)]
        assert min(completed) >= (lines // 4 - 1) * 7


def test_a_withdrawn_intent_is_forgotten(path: Path) -> None:
    """A chunk of which nothing was applied is no intent, also after the journal is opened again."""
    with closing(Journal.open(path, IDENTITY)) as journal:
        journal.intend(2, 0)
        journal.withdraw(2)
        assert journal.intended(2) is None
        journal.intend(3, 0)
        content = path.read_bytes()
    path.write_bytes(content)  # as a crash leaves it, without the compaction at the end
    with closing(Journal.open(path, IDENTITY)) as journal:
        assert (journal.intended(2), journal.intended(3)) == (None, 0)
