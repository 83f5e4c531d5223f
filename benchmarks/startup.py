"""Fresh processes: what an import takes in time and memory, and how long the first answer takes."""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Final, Literal

import attrs

from benchmarks.measure import HTTPX, LIMIT_OF_CALLS, OURS, PROVIDER, Case, Measurement, Target, Unit
from benchmarks.server import running_server

WITH_CLIENT: Final = "its TalonClient"

_IMPORTS: Final = {
    OURS: "import talon_async",
    PROVIDER: "import talon_one",
    HTTPX: "import httpx",
    LIMIT_OF_CALLS: "import aiohttp, orjson",
    WITH_CLIENT: "from talon_async import TalonClient",
    "bare Python": "pass",
}
_JSON_IMPORTS: Final = {"orjson": "import orjson", "msgspec": "import msgspec", "json": "import json"}

_FIRST_CALL: Final = {
    OURS: """
import asyncio
from talon_async import NewCustomerSessionV2, TalonClient

async def first_call() -> None:
    async with TalonClient(BASE_URL, api_key="benchmark-key") as talon:
        state = await talon.sessions.update("large-1", NewCustomerSessionV2(profile_id="customer-1"))
        assert len(state.effects) == 30

asyncio.run(first_call())
""",
    PROVIDER: """
import talon_one

configuration = talon_one.Configuration(host=BASE_URL, api_key={"api_key_v1": "benchmark-key"})
with talon_one.ApiClient(configuration) as client:
    request = talon_one.IntegrationRequest(
        customer_session=talon_one.NewCustomerSessionV2(profile_id="customer-1")
    )
    state = talon_one.IntegrationApi(client).update_customer_session_v2("large-1", request)
    assert len(state.effects) == 30
""",
}

# Linux hands a process's peak on to what it executes, so `ru_maxrss` may be the parent's: `VmHWM` is not.
_MEASURED: Final = """
import pathlib, sys, time
started = time.perf_counter()
{code}
elapsed = time.perf_counter() - started
whole = time.monotonic() - float(sys.argv[1])
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print('{{"code": %f, "whole": %f, "peak": %f}}' % (elapsed * 1000, whole * 1000, peak / 1024))
"""


@attrs.frozen
class _Figure:
    """One thing to tell of a fresh process: by which key, in which unit, and what it is to reach."""

    name: str
    key: Literal["code", "whole", "peak"]
    unit: Unit
    targets: tuple[Target, ...] = ()


def cases(rounds: int) -> list[Case]:
    """Measure imports, and the way from a fresh process to its first answer."""
    measured = [
        *_compare(
            _IMPORTS,
            rounds,
            _Figure("import", "code", "ms", (Target(1.4, HTTPX), Target(1 / 12, PROVIDER))),
            _Figure("import: peak memory of the process", "peak", "MB", (Target(40),)),
        ),
        *_compare(_JSON_IMPORTS, rounds, _Figure("import of a JSON library", "code", "ms")),
    ]
    with running_server() as server:
        calls = {name: f"BASE_URL = {server.base_url!r}\n{code}" for name, code in _FIRST_CALL.items()}
        measured += _compare(
            calls,
            rounds,
            _Figure(
                "fresh process to first decoded session update, 45 KB",
                "whole",
                "ms",
                (Target(1 / 6, PROVIDER),),
            ),
            _Figure("first session update: peak memory of the process", "peak", "MB"),
        )
    return measured


def _compare(codes: Mapping[str, str], rounds: int, *figures: _Figure) -> list[Case]:
    runs: dict[str, list[dict[str, float]]] = {entrant: [] for entrant in codes}
    for number, (entrant, code) in itertools.product(range(rounds + 1), codes.items()):
        result = _in_fresh_process(code)
        if number:  # the first round fills the disk cache
            runs[entrant].append(result)
    return [
        Case(
            "fresh process",
            figure.name,
            figure.unit,
            {
                entrant: Measurement.of(run[figure.key] for run in results)
                for entrant, results in runs.items()
            },
            figure.targets,
        )
        for figure in figures
    ]


def _in_fresh_process(code: str) -> dict[str, float]:
    result = subprocess.run(
        [sys.executable, "-c", _MEASURED.format(code=code), str(time.monotonic())],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    figures: dict[str, float] = json.loads(result.stdout)
    return figures
