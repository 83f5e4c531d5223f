"""The examples: they run, and tell what the README says they tell."""

import io

import pytest
from rich.console import Console

from examples import demo, quickstart
from talon_async import TalonClient
from talon_async.sandbox import Deployment, Sandbox
from tests.sandbox.checked import checked_deployment


def page() -> tuple[Console, io.StringIO]:
    """A console that writes to memory."""
    text = io.StringIO()
    return Console(file=text, width=120), text


async def test_the_demo_tells_the_whole_story() -> None:
    """A wrong code, the right one, the price, points, a refusal and a return all come up."""
    console, text = page()
    await demo.main(console)
    told = text.getvalue()
    for part in [
        "WELCOME01 cannot be used: CouponNotFound",
        "To pay: 124.50",
        "WELCOME10 can be used",
        "To pay: 112.05 instead of 124.50",
        "124.5 points earned",
        "Points: 124.5",
        "BadRequestError",
        "0.85 of the discount taken back",
        "8.5 points taken back",
        "The order is now partially_returned.",
        "Points: 116",
    ]:
        assert part in told


async def test_the_story_can_be_told_twice(talon: TalonClient, deployment: Deployment) -> None:
    """Each run has customers and carts of its own."""
    console, _ = page()
    await quickstart.story(talon, console)
    await quickstart.story(talon, console)
    assert (len(deployment.sessions), len(deployment.profiles)) == (2, 2)


async def test_the_quickstart_goes_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a program, it takes address and key from the environment."""
    async with Sandbox(checked_deployment()) as deployment:
        monkeypatch.setenv("TALON_BASE_URL", deployment.url)
        monkeypatch.setenv("TALON_API_KEY", deployment.api_key)
        await quickstart.main()
    assert len(deployment.sessions) == 1
