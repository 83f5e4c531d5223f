"""The progress of a job, and its report, on a terminal."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text

from talon_async.bulk import Progress as JobProgress
from talon_async.bulk import Report


class _TimeLeft(ProgressColumn):
    """The time left, by the share of the input that has been read."""

    def render(self, task: Task) -> Text:
        """Render the column."""
        seconds, done = task.elapsed, task.completed
        if not seconds or not done or not task.total:
            return Text("")
        return Text(f"{duration(seconds * (1 - done) / done)} left")


class JobDisplay:
    """Shows a job on standard error while it runs, if that is a terminal.

    Args:
        title: What the job does.
    """

    def __init__(self, title: str) -> None:
        self.report = Report()
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}"),
            _TimeLeft(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task(title, total=None, figures="")

    def __enter__(self) -> "JobDisplay":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._progress.disable:  # rich 13 ends what it never began with an empty line
            self._progress.stop()

    def __call__(self, progress: JobProgress) -> None:
        """Show the progress."""
        report = self.report = progress.report
        rate = report.requests / report.seconds if report.seconds else 0.0
        figures = (
            f"{report.applied + report.resumed:,} applied, {report.refused:,} refused, "
            f"{rate:,.0f} of {progress.rate:,.0f} requests/s, limit {progress.in_flight}"
        )
        total = None if progress.fraction is None else 1.0
        self._progress.update(self._task, figures=figures, completed=progress.fraction, total=total)


def print_report(console: Console, report: Report) -> None:
    """Print the figures of a job and its first rows that were not applied."""
    figures = {
        "applied": report.applied,
        "refused": report.refused,
        "unknown": report.unknown,
        "complete before": report.resumed,
    }
    rows = ", ".join(f"{count:,} {name}" for name, count in figures.items() if count)
    console.print(f"Rows: {rows or 'none'}; {report.requests:,} requests in {duration(report.seconds)}.")
    for outcome in report.examples:
        console.print(f"  {outcome}")


def duration(seconds: float) -> str:
    """Write a duration, such as ``3 min 20 s`` or ``2.9 days``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    if seconds < 48 * 3600:
        return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"
    return f"{seconds / 86400:.1f} days"
