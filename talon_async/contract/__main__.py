"""The command line: ``python -m talon_async.contract PATH``, and ``--page``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from talon_async.contract._accepted_differences import ACCEPTED_DIFFERENCES
from talon_async.contract._compare import compare
from talon_async.contract._document import Document, UnreadableDocumentError
from talon_async.contract._page import operations_page
from talon_async.contract._schemas import Difference

if TYPE_CHECKING:
    from rich.table import Table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check, or write the page.

    Args:
        arguments: What stands on the command line; by default that of the process.

    Returns:
        0 if all is well, 1 if there is a difference that is not known or a known one that is none any more,
        2 if the check could not be made.
    """
    parser = argparse.ArgumentParser(
        prog="python -m talon_async.contract",
        description="Compare the operations and models with the provider's document.",
    )
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("path", nargs="?", type=Path, help="the provider's OpenAPI document, YAML or JSON")
    task.add_argument("--page", action="store_true", help="write docs/operations.md to the standard output")
    given = parser.parse_args(arguments)
    if given.page:
        print(operations_page(), end="")
        return 0
    try:
        return _check(given.path)
    except UnreadableDocumentError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(f"{error.name} is missing: pip install 'talon-async[contract]'", file=sys.stderr)
    return 2


def _check(path: Path) -> int:
    from rich.console import Console

    comparison = compare(Document.load(path))
    found = {(difference.place.name, difference.theirs): difference for difference in comparison.differences}
    new = [difference for key, difference in found.items() if key not in ACCEPTED_DIFFERENCES]
    gone = sorted(ACCEPTED_DIFFERENCES.keys() - found.keys())
    console = Console(highlight=False, markup=False)
    console.print(f"{comparison.shared} of {comparison.published} operations")
    if new:
        console.print(_table(new))
    for place, theirs in gone:
        console.print(f"known, but no longer so: {place} ({theirs or 'not in the document'})")
    console.print(
        f"{len(ACCEPTED_DIFFERENCES) - len(gone)} known differences, "
        "each with its reason in talon_async/contract/_accepted_differences.py"
    )
    return 1 if new or gone else 0


def _table(differences: Sequence[Difference]) -> "Table":
    from rich.table import Table

    table = Table(show_lines=True)
    for name in ("kind", "where", "the document", "talon_async"):
        table.add_column(name, overflow="fold")
    for kind in ("missing", "extra", "differing"):
        for difference in differences:
            if difference.kind == kind:
                place = difference.place
                where = place.name if place.name == place.route else f"{place.name}\n{place.route}"
                table.add_row(kind, where, difference.theirs, difference.ours)
    return table


if __name__ == "__main__":
    sys.exit(main())
