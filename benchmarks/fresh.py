"""Python programs in fresh processes, each with a time limit."""

import subprocess
import sys
from typing import Final

from benchmarks.workers import Bounds, TimedOut

_PROGRAM_SECONDS: Final = 60.0


def run_fresh(
    code: str, bounds: Bounds, *arguments: str, seconds: float = _PROGRAM_SECONDS
) -> str | TimedOut:
    """Run a program in a fresh interpreter.

    Args:
        code: The program.
        bounds: The time limits.
        *arguments: Its arguments.
        seconds: Its time limit on the reference machine.

    Returns:
        What it prints, or `TimedOut`.
    """
    seconds = bounds.seconds(seconds)
    command = [sys.executable, "-c", code, *arguments]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return TimedOut(seconds)
    return done.stdout
