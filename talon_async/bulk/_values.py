"""What a job reports."""

from typing import Final, Literal, TypeAlias

import attrs

from talon_async.errors import TalonError

MAX_EXAMPLES: Final = 10
"""How many rows that were not applied a report shows."""

Status: TypeAlias = Literal["applied", "refused", "unknown"]
"""What became of a row.

``refused``: it is not valid, or the service refuses it. ``unknown``: it may have been applied, and cannot be
sent again without the risk that it counts twice.
"""


@attrs.frozen
class Outcome:
    """What became of one row.

    Attributes:
        number: The number of the row, counted from 1.
        key: What identifies the row: the customer, the event or the SKU; empty if the row has
            none.
        status: What became of the row.
        field: The field that is refused, as far as known.
        reason: Why the row is refused, or unknown; empty if it is applied.
    """

    number: int
    key: str
    status: Status
    field: str = ""
    reason: str = ""

    def __str__(self) -> str:
        place = f"{self.field}: " if self.field else ""
        return f"row {self.number} is {self.status}" + (f": {place}{self.reason}" if self.reason else "")


@attrs.frozen(kw_only=True)
class Report:
    """The result of a job.

    Attributes:
        rows: The rows read.
        applied: The rows that the service applied in this run.
        refused: The rows that are refused.
        unknown: The rows that may have been applied.
        resumed: The rows that an earlier run completed, by the journal; they are not among the other figures.
        requests: The requests sent; for `check`, how many are to be sent if none is refused.
        seconds: How long the run took.
        dead_letters: The rows in the file of dead letters, those of earlier runs of the job included.
        examples: The first ten outcomes that are refused or unknown.
    """

    rows: int = 0
    applied: int = 0
    refused: int = 0
    unknown: int = 0
    resumed: int = 0
    requests: int = 0
    seconds: float = 0.0
    dead_letters: int = 0
    examples: tuple[Outcome, ...] = ()


@attrs.frozen(kw_only=True)
class Progress:
    """The state of a job while it runs.

    Attributes:
        report: The figures so far.
        rate: The requests per second allowed now.
        in_flight: The requests in flight allowed now.
        fraction: How much of the input is complete, from 0 to 1; `None` if its size is not known.
    """

    report: Report
    rate: float
    in_flight: int
    fraction: float | None


class JobStoppedError(TalonError):
    """A job stopped before its end. With a journal, running it again resumes it.

    It stops when the API key is not accepted, when the service responds in a way that concerns no row, when
    too many rows are refused, and when nothing succeeds for too long. The error that led to it is its
    ``__cause__``.

    Attributes:
        report: The figures at the stop.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report or Report()


def first_error(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error in a group of them."""
    first = group.exceptions[0]
    return first_error(first) if isinstance(first, BaseExceptionGroup) else first  # pyright: ignore[reportUnknownArgumentType]
