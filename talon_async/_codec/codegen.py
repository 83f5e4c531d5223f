"""Defines generated functions so that tracebacks and profilers show their source."""

import linecache
from collections.abc import Iterable
from typing import Any


def define(name: str, lines: Iterable[str], namespace: dict[str, Any], label: str) -> Any:
    """Define a function from generated source.

    Args:
        name: The name of the function that the source defines.
        lines: The lines of the source.
        namespace: The globals of the function.
        label: What the function is for, such as ``structure CartItem``; tracebacks show it as the file name.
    """
    source = "".join(f"{line}\n" for line in lines)
    filename = f"<talon_async {label}>"
    linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102  every name in it is an attribute's or ours
    return namespace[name]
