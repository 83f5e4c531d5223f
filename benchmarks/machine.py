"""The machine that the figures are from, and where on it the processes run."""

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Final

CLIENT_CORE: Final = 0
SERVER_CORE: Final = 1

_PACKAGES: Final = (
    *("talon-async", "talon-one-sdk", "aiohttp", "anyio", "attrs", "cattrs", "httpx", "msgspec", "orjson"),
    *("pydantic", "urllib3"),
)


def pin(core: int) -> None:
    """Keep this process, and those that it starts, on one core, where the system lets it."""
    if not hasattr(os, "sched_setaffinity"):
        return
    # A process begins on the cores of the one that started it, which may be pinned to another.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def load() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def describe() -> dict[str, object]:
    """Say what the machine is and what is installed on it."""
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
