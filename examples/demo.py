"""Starts a sandbox and prices a customer's cart in it, step by step: ``python -m examples.demo``."""

import asyncio

from rich.console import Console

from examples.quickstart import run
from talon_async import TalonClient
from talon_async.sandbox import Sandbox


async def main(console: Console) -> None:
    """Run the quickstart on a sandbox.

    Args:
        console: Where to print.
    """
    async with Sandbox() as deployment, TalonClient(deployment.url, api_key=deployment.api_key) as talon:
        console.print(f"A sandbox is running at {deployment.url}.")
        await run(talon, console)


if __name__ == "__main__":
    asyncio.run(main(Console()))
