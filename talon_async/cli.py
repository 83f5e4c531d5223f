"""The command ``python -m talon_async``."""

import asyncio
import contextlib
import signal
from typing import Annotated

import typer
from rich.console import Console

from talon_async.sandbox import Deployment, Sandbox

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def main() -> None:
    """Tools around talon_async, the async client of Talon.One's Integration API."""


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes any free port.")] = 8765,
    api_key: Annotated[str, typer.Option(help="The API key that calls must bear.")] = "sandbox-key",
) -> None:
    """Serve a local Talon.One deployment until Ctrl-C."""
    console = Console(soft_wrap=True, highlight=False)
    deployment = Deployment(api_key=api_key)
    try:
        # Where signals cannot be taken by the loop, Ctrl-C still comes as an exception.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(deployment, port, console))
    except OSError as error:
        Console(stderr=True).print(f"Cannot listen on 127.0.0.1:{port}: {error.strerror}", style="red")
        raise typer.Exit(1) from None
    console.print("The sandbox has ended; nothing of it is kept.")


async def _serve(deployment: Deployment, port: int, console: Console) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with Sandbox(deployment, port=port):
        console.print(f"The sandbox answers on [bold]{deployment.url}[/bold]")
        console.print(f"  API key       {deployment.api_key}", markup=False)
        console.print(
            f"  To try it     export TALON_BASE_URL={deployment.url} TALON_API_KEY={deployment.api_key}",
            markup=False,
        )
        for running in deployment.campaigns.values():
            codes = ", ".join(running.campaign.coupons)
            console.print(
                f"  Campaign      {running.campaign.name}" + (f" (coupon {codes})" if codes else ""),
                markup=False,
            )
        console.print("Ctrl-C ends it.")
        await ended.wait()
