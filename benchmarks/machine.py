"""The machine of the run: its description, its speed, and the cores that the processes use."""

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks.payloads import large_response

CLIENT_CORE: Final = 0
SERVER_CORE: Final = 1

_PACKAGES: Final = (
    *("talon-async", "talon-one-sdk", "aiohttp", "anyio", "attrs", "cattrs", "httpx", "msgspec", "orjson"),
    *("pydantic", "urllib3"),
)

REFERENCE_SPEED: Final = 3500.0
"""The `speed` of the reference machine for the time limits: an idle Intel Xeon with CPython 3.11."""

_SLICES: Final = 5
_TURNS_OF_A_SLICE: Final = 100


def speed(clock: Callable[[], float] = time.perf_counter) -> float:
    """Measure this machine with a small loop over JSON in C and in Python.

    Args:
        clock: Returns the time in seconds. The default includes the time that other processes take:
            a busy machine also needs longer limits.

    Returns:
        Turns of the loop per second, as the median of five slices.
    """
    body = orjson.dumps(large_response())
    seconds: list[float] = []
    for _ in range(_SLICES):
        started = clock()
        for _ in range(_TURNS_OF_A_SLICE):
            _count(orjson.loads(body))
        seconds.append(clock() - started)
    return _TURNS_OF_A_SLICE / statistics.median(seconds)


def slowness(measured_speed: float) -> float:
    """How many times longer than the reference machine a machine takes; at least 1."""
    return max(1.0, REFERENCE_SPEED / measured_speed)


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_count, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(_count, value))
    return 1


def pin(core: int) -> None:
    """Pin this process, and those that it starts, to one core, where the system supports it."""
    if not hasattr(os, "sched_setaffinity"):
        return
    # A process inherits the cores of its parent, which may be pinned to another core.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def load() -> float:
    """The average number of processes that needed a core during the last minute."""
    return round(os.getloadavg()[0], 2)


def describe() -> dict[str, object]:
    """Describe the machine and the packages installed on it."""
    return {
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
