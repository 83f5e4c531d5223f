"""A run writes each row as it is measured, and its table has all rows."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.measure import OURS, PROVIDER, Case, Measurement, Target
from benchmarks.run import run
from benchmarks.workers import TimedOut

MACHINE = {"processor": "a CPU", "cores": 2, "platform": "Linux", "python": "CPython 3.11"}
TARGET = (Target(0.5, PROVIDER),)
FAST = Case("codec", "fast", "us", {OURS: Measurement.of([1]), PROVIDER: Measurement.of([4])}, TARGET)
SLOW = Case("codec", "slow", "us", {OURS: TimedOut(42.0), PROVIDER: Measurement.of([4])}, TARGET)
ALONE = Case("soak", "alone", "MB", {OURS: TimedOut(140.0)})
CASES = [FAST, SLOW, ALONE]


def test_every_row_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A row that timed out names its limit; its target is missed, and other rows are unaffected."""
    report.show(CASES, MACHINE)
    shown = capsys.readouterr().out
    for expected in ("1/4 x", "over 42 s", "over 140 s", "Meets 1 of 2 targets; missed: slow"):
        assert expected in shown


def test_every_row_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorded run and its page have the rows that timed out."""
    results, page = tmp_path / "results.json", tmp_path / "page.md"
    monkeypatch.setattr(report, "RESULTS", results)
    monkeypatch.setattr(report, "PAGE", page)
    report.save(CASES, MACHINE)
    recorded = json.loads(results.read_text())["cases"]
    assert [case["entrants"][OURS].get("seconds") for case in recorded] == [None, 42.0, 140.0]
    assert [target["met"] for case in recorded for target in case["targets"]] == [True, False]
    assert "| slow | us | over 42 s | 4.00 |" in page.read_text()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_an_interrupted_run_keeps_its_rows(tmp_path: Path, interruption: type[BaseException]) -> None:
    """The rows so far are in the file before the next is measured, and are shown."""
    path = tmp_path / "rows.jsonl"
    shown: list[str] = []

    def names() -> list[str]:
        return [json.loads(line)["name"] for line in path.read_text().splitlines()]

    def measure() -> Iterator[Case]:
        yield FAST
        assert names() == ["fast"]
        yield SLOW
        raise interruption

    def show(measured: Sequence[Case]) -> None:
        shown.extend(case.name for case in measured)

    with pytest.raises(interruption):
        run(measure(), path, show)
    assert names() == shown == ["fast", "slow"]
