"""The command ``talon-async``, also available as ``python -m talon_async``: one module per subcommand."""

from typing import Annotated

import typer

from talon_async._version import __version__
from talon_async.cli._export import export
from talon_async.cli._import import HELP, import_rows
from talon_async.cli._sandbox import sandbox

__all__ = ["app"]

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command("import", help=HELP)(import_rows)
app.command()(export)
app.command()(sandbox)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"talon-async {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Tools for talon_async, the async client of Talon.One's Integration API."""
