"""Fresh processes: what an import takes in time and memory, and how long the first answer takes."""

import itertools
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from benchmarks.measure import OURS, PROVIDER, Case, Measurement, Unit
from benchmarks.server import running_server

_IMPORTS: Final = {
    OURS: "from talon_async import TalonClient",
    PROVIDER: "import talon_one",
    "talon_async, no name": "import talon_async",
    "httpx": "import httpx",
    "aiohttp": "import aiohttp",
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
import pathlib, time
started = time.perf_counter()
{code}
elapsed = time.perf_counter() - started
status = pathlib.Path("/proc/self/status")
if status.exists():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    import resource, sys
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print('{{"ms": %f, "MB": %f}}' % (elapsed * 1000, peak / 1024))
"""


def cases(rounds: int) -> list[Case]:
    """Measure imports and first calls."""
    measured = [
        *_compare("import", "import", _IMPORTS, rounds, ("ms", "MB")),
        *_compare("JSON", "import", _JSON_IMPORTS, rounds, ("ms",)),
    ]
    with running_server() as base_url:
        calls = {name: f"BASE_URL = {base_url!r}\n{code}" for name, code in _FIRST_CALL.items()}
        measured += _compare("import", "import and first call, 45 KB answer", calls, rounds, ("ms", "MB"))
    return measured


def _compare(
    group: str, name: str, codes: Mapping[str, str], rounds: int, units: tuple[Unit, ...]
) -> list[Case]:
    runs: dict[str, list[dict[str, float]]] = {entrant: [] for entrant in codes}
    for number, (entrant, code) in itertools.product(range(rounds + 1), codes.items()):
        result = _in_fresh_process(code)
        if number:  # the first round fills the disk cache
            runs[entrant].append(result)
    names: dict[Unit, str] = {"ms": name, "MB": f"{name}: peak memory"}
    return [
        Case(
            group,
            names[unit],
            unit,
            {entrant: Measurement.of(run[unit] for run in results) for entrant, results in runs.items()},
        )
        for unit in units
    ]


def _in_fresh_process(code: str) -> dict[str, float]:
    result = subprocess.run(
        [sys.executable, "-c", _MEASURED.format(code=code)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    figures: dict[str, float] = json.loads(result.stdout)
    return figures
