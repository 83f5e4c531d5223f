"""Counts work: unlike seconds, instructions do not depend on the machine and its load."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def instructions_of(run: Callable[[], object]) -> int:
    """Count the instructions of Python's virtual machine that a function takes."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count
