"""How a command fails."""

import typer
from rich.console import Console


def failure(message: str, *, code: int = 2) -> typer.Exit:
    """Print an error in one line; return the exception that ends the command.

    Args:
        message: The error.
        code: The exit status.
    """
    Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(
        " ".join(message.split()), style="red"
    )
    return typer.Exit(code)
