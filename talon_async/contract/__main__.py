"""The command ``python -m talon_async.contract``: ``check``, ``extract`` and ``page``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from talon_async.contract._compare import compare
from talon_async.contract._document import FACTS, Document
from talon_async.contract._files import UnreadableDocumentError
from talon_async.contract._page import operations_page
from talon_async.contract._render import render_facts
from talon_async.contract._report import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand.

    Args:
        arguments: The command-line arguments (default: those of the process).

    Returns:
        0 on success, also if the document marks something as deprecated; 1 if the check found a difference
        that is not accepted or an accepted one that no longer exists; 2 if a file cannot be read or written,
        or is not a document of the client's operations.
    """
    options = _parser().parse_args(arguments)
    try:
        match options.subcommand:
            case "check":
                return _check(options.document, options.format)
            case "extract":
                _extract(options.document, options.output)
            case _:
                print(operations_page(), end="")
    except (UnreadableDocumentError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except RecursionError:
        print(f"{options.document}: it contains itself, or is nested too deeply", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m talon_async.contract",
        description="Compare the operations and models with the provider's OpenAPI document.",
    )
    subcommands = parser.add_subparsers(dest="subcommand", required=True)
    check = subcommands.add_parser(
        "check",
        help="compare the operations and models with a document",
        epilog="Exit status: 0 without new differences, also if something is deprecated; 1 with differences; "
        "2 if the document cannot be read or has none of the client's operations.",
    )
    check.add_argument(
        "document",
        nargs="?",
        type=Path,
        default=FACTS,
        help="an OpenAPI document or extracted facts, YAML or JSON (default: the facts in this package)",
    )
    check.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    extract = subcommands.add_parser(
        "extract", help="write the facts of a document, without prose and examples"
    )
    extract.add_argument("document", type=Path, help="an OpenAPI document, YAML or JSON")
    extract.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")
    subcommands.add_parser("page", help="write docs/operations.md to standard output")
    return parser


def _check(path: Path, form: str) -> int:
    comparison = compare(Document.load(path))
    if not comparison.shared:
        raise UnreadableDocumentError(
            f"{path}: none of its {comparison.published} operations is an operation of the client"
        )
    report = Report.of(path, comparison)
    print(report.json() if form == "json" else report.text(), end="")
    return 0 if report.passed else 1


def _extract(path: Path, output: Path | None) -> None:
    text = render_facts(Document.load(path).root)
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
