"""The subcommand ``talon-async import``."""

import asyncio
import contextlib
import json
import signal
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from talon_async import bulk
from talon_async.bulk import Job, JobStoppedError, Report
from talon_async.cli._failures import failure
from talon_async.cli._progress import JobDisplay, duration, print_report
from talon_async.client import TalonClient
from talon_async.errors import TalonError


class Kind(StrEnum):
    """What is imported."""

    PROFILES = "profiles"
    EVENTS = "events"
    ADVANCED_EVENTS = "advanced-events"
    AUDIENCE_MEMBERS = "audience-members"
    CATALOG = "catalog"
    RESERVATIONS = "reservations"
    RELEASES = "releases"
    REFERRALS = "referrals"


_JOBS: Final[Mapping[Kind, Callable[..., Job]]] = {
    Kind.PROFILES: bulk.profiles,
    Kind.EVENTS: bulk.events,
    Kind.ADVANCED_EVENTS: bulk.advanced_events,
    Kind.AUDIENCE_MEMBERS: bulk.audience_members,
    Kind.CATALOG: bulk.catalog,
    Kind.RESERVATIONS: bulk.reservations,
    Kind.RELEASES: bulk.releases,
    Kind.REFERRALS: bulk.referrals,
}

HELP: Final = (
    "Import the rows of a file: CSV or JSON lines, also with gzip, or Parquet.\n\n"
    "The base URL and the API key are read from TALON_BASE_URL and TALON_API_KEY.\n\n"
    "The journal records what is complete. The same command again goes on where an earlier one ended, "
    "however it ended. Rows that are refused, or of which it is unknown whether they were applied, are "
    "written to the dead letters, with the reason. Mend that file, and import it under a new name: the "
    "service repeats its refusals under the same name for 24 hours.\n\n"
    "Exit status: 0 if every row is applied, 1 if some are refused or unknown, 2 for a mistake in the "
    "command, 3 if the job stopped and can be resumed."
)


def read_pairs(texts: list[str], option: str) -> dict[str, str]:
    """Read the values of an option that names pairs, such as ``email=attributes.Email``.

    Args:
        texts: The values.
        option: The option.

    Raises:
        typer.BadParameter: A value is no pair.
    """
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"expected NAME=VALUE, found {text!r}", param_hint=option)
        pairs[name] = value
    return pairs


def import_rows(
    kind: Annotated[Kind, typer.Argument(help="What the rows are.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file of rows.")],
    name: Annotated[
        str,
        typer.Option(help="The name of the job. Another name sends the same rows as new requests."),
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD[:TYPE]",
            help="Where a column goes, such as email=attributes.Email or age=attributes.Age:integer; "
            "COLUMN=- ignores it. Types: text, integer, number, boolean, timestamp, list, json. Columns with "
            "the name of a field, and columns such as attributes.Email, need no --map. Can be repeated.",
        ),
    ] = None,
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="The value of a field that is the same in each row, such as type=visit. A number, true, "
            "false, null, an array or an object is read as JSON. Can be repeated.",
        ),
    ] = None,
    catalog_id: Annotated[
        int | None, typer.Option(help="The ID of the catalog, for the kind catalog.")
    ] = None,
    rate: Annotated[float, typer.Option(help="The most requests per second.")] = 40.0,
    in_flight: Annotated[int, typer.Option(help="The most requests in flight.")] = 32,
    journal: Annotated[Path | None, typer.Option(help="The journal (default: NAME.journal).")] = None,
    dead_letters: Annotated[
        Path | None,
        typer.Option(help="The dead letters (default: NAME.dead.csv, or NAME.dead.jsonl for JSON lines)."),
    ] = None,
    patience: Annotated[float, typer.Option(help="Stop when nothing succeeds for so many seconds.")] = 300.0,
    max_refused: Annotated[int, typer.Option(help="Stop when more rows are refused.")] = 1000,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show where the columns go, check every row, and send nothing.")
    ] = False,
) -> None:
    """Import the rows of a file."""
    job = _job(kind, file, name, columns or [], constants or [], catalog_id)
    console = Console(soft_wrap=True, highlight=False, markup=False)
    suffix = ".dead.jsonl" if ".jsonl" in file.suffixes or ".ndjson" in file.suffixes else ".dead.csv"
    journal = journal or Path(f"{name}.journal")
    dead_letters = dead_letters or Path(f"{name}{suffix}")
    options: dict[str, Any] = {
        "rate": rate,
        "in_flight": in_flight,
        "journal": journal,
        "dead_letters": dead_letters,
        "patience": patience,
        "max_refused": max_refused,
    }
    resume = f"Run the same command again to resume; {journal} records what is complete."
    with JobDisplay(f"{kind} of {file.name}") as display:
        try:
            if dry_run:
                _check(job, rate, console)
                return
            report = asyncio.run(_run(job, display, options))
        except JobStoppedError as error:
            print_report(console, error.report)
            raise failure(f"{error}. {resume}", code=3) from None
        except (KeyboardInterrupt, asyncio.CancelledError):
            print_report(console, display.report)
            raise failure(f"Interrupted. {resume}", code=3) from None
        except (TalonError, OSError) as error:
            raise failure(str(error)) from None
    print_report(console, report)
    if report.dead_letters:
        console.print(
            f"Mend the rows in {dead_letters} ({report.dead_letters:,}), and import them under a new --name."
        )
    if report.refused or report.unknown or report.dead_letters:
        raise typer.Exit(1)


def _job(
    kind: Kind, file: Path, name: str, columns: list[str], constants: list[str], catalog_id: int | None
) -> Job:
    if not name or Path(name).name != name:
        raise typer.BadParameter("expected a name without slashes", param_hint="--name")
    if (kind is Kind.CATALOG) is (catalog_id is None):
        raise typer.BadParameter("needed for the kind catalog, and only for it", param_hint="--catalog-id")
    values = {path: _constant(text) for path, text in read_pairs(constants, "--set").items()}
    try:
        mapping = bulk.Mapping(read_pairs(columns, "--map"), values) if columns or values else None
        arguments: dict[str, Any] = {} if catalog_id is None else {"catalog_id": catalog_id}
        return _JOBS[kind](file, name=name, mapping=mapping, **arguments)
    except TalonError as error:
        raise failure(str(error)) from None


def _constant(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _check(job: Job, rate: float, console: Console) -> None:
    for line in bulk.describe(job):
        console.print(f"  {line}")
    report = asyncio.run(bulk.check(job))
    valid = report.rows - report.refused
    console.print(
        f"{report.rows:,} rows, {valid:,} valid: {report.requests:,} requests, "
        f"at least {duration(report.requests / rate)} at {rate:g} requests per second. Nothing was sent."
    )
    for outcome in report.examples:
        console.print(f"  {outcome}")
    if report.refused:
        raise typer.Exit(1)


async def _run(job: Job, display: JobDisplay, options: dict[str, Any]) -> Report:
    running = asyncio.current_task()
    with contextlib.suppress(NotImplementedError):  # on Windows
        if running is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    async with TalonClient.from_env(timeout=30.0, deadline=60.0, max_connections=512) as talon:
        return await bulk.run(talon, job, on_progress=display, **options)
