"""Starts a sandbox in this process and tells one customer's story in it: ``python -m examples.demo``."""

import asyncio

from rich.console import Console

from examples.quickstart import story
from talon_async import TalonClient
from talon_async.sandbox import Sandbox


async def main(console: Console) -> None:
    """Tell the story.

    Args:
        console: Where it is told.
    """
    async with Sandbox() as deployment, TalonClient(deployment.url, api_key=deployment.api_key) as talon:
        console.print(f"A sandbox answers on {deployment.url}.")
        await story(talon, console)


if __name__ == "__main__":
    asyncio.run(main(Console()))
