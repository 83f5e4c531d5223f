"""Decodes hostile responses: ``python -m tests.security.read_responses URL LIMIT DEADLINE...``.

It prints, as JSON, the outcome of each call and its peak memory growth in bytes.
"""

import asyncio
import json
import re
import sys
from pathlib import Path

from talon_async import TalonClient, TalonError
from tests.transport.support import KEY, ONE_ATTEMPT


def _memory(what: str) -> int:
    """A figure of this process's memory on Linux, in bytes: ``VmRSS`` is in use, ``VmHWM`` the peak."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found
    return int(found[1]) * 1024


async def main(url: str, limit: str, *deadlines: str) -> None:
    """Make the calls one by one, each with its deadline."""
    outcomes: list[tuple[str, int]] = []
    async with TalonClient(url, api_key=KEY, retry=ONE_ATTEMPT, max_response_bytes=int(limit)) as talon:
        await talon.sessions.get("cart-1")  # loads everything that is loaded on first use
        for deadline in deadlines:
            call = talon.with_options(deadline=float(deadline)).sessions.get
            Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM  # noqa: ASYNC240
            before = _memory("VmRSS")
            try:
                await call("cart-1")
                end = "model"
            except TalonError as error:
                end = type(error).__name__
            outcomes.append((end, _memory("VmHWM") - before))
    print(json.dumps(outcomes))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
