"""The command ``python -m talon_async.contract``: ``check``, ``extract`` and ``page``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from talon_async.contract._accepted_differences import ACCEPTED_DIFFERENCES
from talon_async.contract._compare import compare
from talon_async.contract._document import FACTS, Document, UnreadableDocumentError
from talon_async.contract._extract import render_facts
from talon_async.contract._page import operations_page
from talon_async.contract._schemas import Difference


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand.

    Args:
        arguments: The command-line arguments (default: those of the process).

    Returns:
        0 on success, 1 if the check found a difference that is not accepted or an accepted one that no longer
        exists, 2 if a file cannot be read or written.
    """
    options = _parser().parse_args(arguments)
    try:
        match options.subcommand:
            case "check":
                return _check(options.document)
            case "extract":
                _extract(options.document, options.output)
            case _:
                print(operations_page(), end="")
    except (UnreadableDocumentError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m talon_async.contract",
        description="Compare the operations and models with the provider's OpenAPI document.",
    )
    subcommands = parser.add_subparsers(dest="subcommand", required=True)
    check = subcommands.add_parser("check", help="compare the operations and models with a document")
    check.add_argument(
        "document",
        nargs="?",
        type=Path,
        default=FACTS,
        help="an OpenAPI document or extracted facts, YAML or JSON (default: the facts in this package)",
    )
    extract = subcommands.add_parser(
        "extract", help="write the facts of a document, without prose and examples"
    )
    extract.add_argument("document", type=Path, help="an OpenAPI document, YAML or JSON")
    extract.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    subcommands.add_parser("page", help="write docs/operations.md to standard output")
    return parser


def _check(path: Path) -> int:
    comparison = compare(Document.load(path))
    found = {(difference.place.name, difference.theirs): difference for difference in comparison.differences}
    new = [difference for key, difference in found.items() if key not in ACCEPTED_DIFFERENCES]
    obsolete = sorted(ACCEPTED_DIFFERENCES.keys() - found.keys())
    print(f"{comparison.shared} of {comparison.published} operations")
    for kind in ("missing", "extra", "different"):
        for difference in new:
            if difference.kind == kind:
                print(_description(difference))
    for place, theirs in obsolete:
        print(f"accepted, but no longer different: {place} ({theirs or 'not in the document'})")
    print(
        f"{len(ACCEPTED_DIFFERENCES) - len(obsolete)} accepted differences, "
        "each with its reason in talon_async/contract/_accepted_differences.py"
    )
    return 1 if new or obsolete else 0


def _description(difference: Difference) -> str:
    place = difference.place
    lines = [f"{difference.kind} {place.name}"]
    if place.route != place.name:
        lines.append(f"route: {place.route}")
    lines.append(f"document: {difference.theirs or 'nothing'}")
    lines.append(f"talon_async: {difference.ours or 'nothing'}")
    return "\n    ".join(lines)


def _extract(path: Path, output: Path | None) -> None:
    text = render_facts(Document.load(path).root)
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
