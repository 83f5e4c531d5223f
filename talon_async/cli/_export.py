"""The subcommand ``talon-async export``."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from talon_async import bulk
from talon_async.bulk import Export, JobStoppedError, Report
from talon_async.cli._failures import failure
from talon_async.cli._progress import JobDisplay, print_report
from talon_async.client import TalonClient
from talon_async.errors import TalonError


class Exported(StrEnum):
    """What is exported."""

    BALANCES = "balances"
    POINTS = "points"
    TRANSACTIONS = "transactions"
    ACHIEVEMENTS = "achievements"
    INVENTORIES = "inventories"


_OF_A_PROGRAM: Final[Mapping[Exported, Callable[[int], Export]]] = {
    Exported.BALANCES: bulk.balances,
    Exported.POINTS: bulk.points,
    Exported.TRANSACTIONS: bulk.transactions,
}
_OF_A_PROFILE: Final[Mapping[Exported, Callable[[], Export]]] = {
    Exported.ACHIEVEMENTS: bulk.achievements,
    Exported.INVENTORIES: bulk.inventories,
}


def export(
    what: Annotated[Exported, typer.Argument(help="What to export.")],
    out: Annotated[Path, typer.Argument(help="The file to write: .csv, .jsonl or .parquet.")],
    customers: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="A file with an integration ID a line.")
    ],
    program: Annotated[
        int | None, typer.Option(help="The loyalty program, for balances, points and transactions.")
    ] = None,
    rate: Annotated[float, typer.Option(help="The most requests per second.")] = 40.0,
    in_flight: Annotated[int, typer.Option(help="The most requests in flight.")] = 32,
    patience: Annotated[float, typer.Option(help="Stop when nothing succeeds for so many seconds.")] = 300.0,
) -> None:
    """Export what the service knows of customers to a file.

    The base URL and the API key are read from TALON_BASE_URL and TALON_API_KEY.

    Exit status: 0 if every customer is exported, 1 if some do not exist, 2 for a mistake in the command,
    3 if the export stopped; no file is then written.
    """
    if (what in _OF_A_PROGRAM) is (program is None):
        raise typer.BadParameter(
            "needed for balances, points and transactions, and only for them", param_hint="--program"
        )
    kind = _OF_A_PROFILE[what]() if program is None else _OF_A_PROGRAM[what](program)
    options: dict[str, Any] = {"rate": rate, "in_flight": in_flight, "patience": patience}
    console = Console(soft_wrap=True, highlight=False, markup=False)
    with JobDisplay(f"{what} to {out.name}") as display:
        try:
            report = asyncio.run(_run(customers, kind, out, display, options))
        except JobStoppedError as error:
            print_report(console, error.report)
            raise failure(f"{error}. No file was written.", code=3) from None
        except KeyboardInterrupt:
            raise failure("Interrupted. No file was written.", code=3) from None
        except (TalonError, OSError) as error:
            raise failure(str(error)) from None
    print_report(console, report)
    if report.refused:
        raise typer.Exit(1)


async def _run(
    customers: Path, what: Export, out: Path, display: JobDisplay, options: dict[str, Any]
) -> Report:
    async with TalonClient.from_env(timeout=30.0, deadline=60.0, max_connections=512) as talon:
        return await bulk.export(talon, customers, what, out, on_progress=display, **options)
