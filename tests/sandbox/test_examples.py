"""The examples run, and print each step of the purchase."""

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


async def test_the_demo_prints_each_step() -> None:
    """The demo shows an unknown code, a valid one, the price, points, an error and a return."""
    console, text = page()
    await demo.main(console)
    output = text.getvalue()
    for step in [
        "WELCOME01 is rejected: CouponNotFound",
        "To pay: 124.50",
        "WELCOME10 is accepted",
        "To pay: 112.05 instead of 124.50",
        "124.5 points earned",
        "Points: 124.5",
        "BadRequestError",
        "0.85 of the discount rolled back",
        "8.5 points rolled back",
        "The order is now partially_returned.",
        "Points: 116",
    ]:
        assert step in output


async def test_the_quickstart_can_run_twice(talon: TalonClient, deployment: Deployment) -> None:
    """Each run creates its own customer and cart."""
    console, _ = page()
    await quickstart.run(talon, console)
    await quickstart.run(talon, console)
    assert (len(deployment.sessions), len(deployment.profiles)) == (2, 2)


async def test_the_quickstart_is_configured_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as a program, the quickstart reads address and key from the environment."""
    async with Sandbox(checked_deployment()) as deployment:
        monkeypatch.setenv("TALON_BASE_URL", deployment.url)
        monkeypatch.setenv("TALON_API_KEY", deployment.api_key)
        await quickstart.main()
    assert len(deployment.sessions) == 1
