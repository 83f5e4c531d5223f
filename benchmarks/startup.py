"""Fresh processes: time and memory of an import, and time to the first response."""

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from typing import Final, Literal

import attrs

from benchmarks.fresh import run_fresh
from benchmarks.measure import HTTPX, LIMIT_OF_CALLS, OURS, PROVIDER, Case, Target, Unit, summarize
from benchmarks.server import running_server
from benchmarks.workers import Bounds, TimedOut

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

# On Linux, `ru_maxrss` survives `exec`, so it may be the parent's peak; `VmHWM` does not.
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
    """One figure of a fresh process: its key, its unit, and its targets."""

    name: str
    key: Literal["code", "whole", "peak"]
    unit: Unit
    targets: tuple[Target, ...] = ()


def cases(bounds: Bounds, *, rounds: int) -> Iterator[Case]:
    """Measure imports, and the time from a fresh process to its first response."""
    yield from _compare(
        _IMPORTS,
        rounds,
        bounds,
        _Figure("import", "code", "ms", (Target(1.4, HTTPX), Target(1 / 12, PROVIDER))),
        _Figure("import: peak memory of the process", "peak", "MB", (Target(40),)),
    )
    yield from _compare(_JSON_IMPORTS, rounds, bounds, _Figure("import of a JSON library", "code", "ms"))
    with running_server() as server:
        calls = {name: f"BASE_URL = {server.base_url!r}\n{code}" for name, code in _FIRST_CALL.items()}
        yield from _compare(
            calls,
            rounds,
            bounds,
            _Figure(
                "fresh process to first decoded session update, 45 KB",
                "whole",
                "ms",
                (Target(1 / 7, PROVIDER),),
            ),
            _Figure("first session update: peak memory of the process", "peak", "MB"),
        )


def _compare(codes: Mapping[str, str], rounds: int, bounds: Bounds, *figures: _Figure) -> Iterator[Case]:
    runs: dict[str, list[dict[str, float]] | TimedOut] = {entrant: [] for entrant in codes}
    for number, (entrant, code) in itertools.product(range(rounds + 1), codes.items()):
        so_far = runs[entrant]
        if isinstance(so_far, TimedOut):
            continue
        printed = run_fresh(_MEASURED.format(code=code), bounds, str(time.monotonic()))
        if isinstance(printed, TimedOut):
            runs[entrant] = printed
        elif number:  # the first round fills the disk cache
            so_far.append(json.loads(printed))
    for figure in figures:
        yield Case(
            "fresh process",
            figure.name,
            figure.unit,
            {
                entrant: summarize(run if isinstance(run, TimedOut) else [each[figure.key] for each in run])
                for entrant, run in runs.items()
            },
            figure.targets,
        )
