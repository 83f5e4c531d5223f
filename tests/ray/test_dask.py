"""The recipe for Dask in docs/bulk-ray.md."""

import asyncio
import importlib
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from talon_async.sandbox import Sandbox
from tests.sandbox.checked import checked_deployment

PAGE = (Path(__file__).parents[2] / "docs" / "bulk-ray.md").read_text(encoding="utf-8")


REPORT = """
import atexit
atexit.register(lambda: print("closed:", visits_writer.loop.is_closed()))  # the last of the exit handlers
"""


def example(name: str) -> str:
    """A program of the page."""
    program = re.search(rf"<!-- example: {name} -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    assert program is not None
    return program[1]


async def test_threads_share_one_client_that_is_closed_at_exit(tmp_path: Path) -> None:
    """The recipe writes partitions from several threads, each event once, and closes its client."""
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    visits = tmp_path / "visits"
    visits.mkdir()
    for part in range(4):
        numbers = range(part * 50, part * 50 + 50)
        names = [f"customer-{number % 9}" for number in numbers]
        columns = {"visit_id": numbers, "profile_id": names, "type": ["visited"] * 50}
        parquet.write_table(arrow.table(columns), visits / f"{part}.parquet")
    fast = example("dask").replace("rate=20.0", "rate=1e6")
    (tmp_path / "visits_writer.py").write_text(fast)
    async with Sandbox(checked_deployment()) as deployment:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-X", "dev", "-c", REPORT + example("dask job")),
            cwd=tmp_path,
            env={**os.environ, "TALON_BASE_URL": deployment.url, "TALON_API_KEY": deployment.api_key},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert output == b"closed: True\n"
    counted = Counter(event.profile_id for event in deployment.store.events if event.type == "visited")
    assert counted == Counter(f"customer-{number % 9}" for number in range(200))
    outcomes = parquet.read_table(tmp_path / "outcomes").to_pylist()
    assert sorted(row["id"] for row in outcomes) == list(range(200))
    assert {row["outcome"] for row in outcomes} == {"applied"}
