"""The command ``talon-async``, also available as ``python -m talon_async``: one module per subcommand."""

import typer

from talon_async.cli._sandbox import sandbox

__all__ = ["app"]

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command()(sandbox)


@app.callback()
def main() -> None:
    """Tools for talon_async, the async client of Talon.One's Integration API."""
