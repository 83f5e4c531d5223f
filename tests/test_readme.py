"""The README's promises that can be run."""

import asyncio
import re
import sys
from pathlib import Path

from talon_async.contract.page import client_methods
from talon_async.sandbox import Sandbox
from tests.sandbox.checked import checked_deployment

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


async def test_the_first_program_runs_as_it_is_pasted() -> None:
    """The first program prices its cart against the sandbox; only the port is another one here."""
    found = re.search(r"<!-- example: first program -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    async with Sandbox(checked_deployment()) as deployment:
        program = found[1].replace("http://127.0.0.1:8765", deployment.url)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-c", program, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
    assert process.returncode == 0
    assert output.decode().splitlines() == ["WELCOME10 is accepted", "10% off with WELCOME10: 9.90 off"]


def test_every_operation_stands_in_the_table() -> None:
    """The table of methods names each that the client has, and no other."""
    table = README.partition("\n## Operations\n")[2].partition("\n## ")[0]
    told = {
        f"{resource}.{method}"
        for resource, methods in re.findall(r"^\| `([^`]+)` \| (.+) \|$", table, re.MULTILINE)
        for method in re.findall(r"`(\w+)`", methods)
    }
    assert told == {way for _, way in client_methods()}
