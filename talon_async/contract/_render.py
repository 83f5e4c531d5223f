"""Renders facts as JSON."""

import json
from typing import Any, Final

from talon_async._codec.json import is_array, is_object
from talon_async.contract._extract import Node

_WIDTH: Final = 110


def render_facts(facts: Node) -> str:
    """Render facts as JSON, with each object or array on one line where it fits, for short diffs."""
    return f"{_render(facts, 0)}\n"


def _render(value: Any, indent: int, key: str = "") -> str:
    line = key + json.dumps(value, ensure_ascii=False)
    if is_object(value):
        opening, closing = "{}"
        parts = [_render(inner, indent + 2, f"{json.dumps(name)}: ") for name, inner in value.items()]
    elif is_array(value):
        opening, closing = "[]"
        parts = [_render(inner, indent + 2) for inner in value]
    else:
        return line
    if indent + len(line) <= _WIDTH:
        return line
    margin = "\n" + " " * indent
    body = ",".join(f"{margin}  {part}" for part in parts)
    return f"{key}{opening}{body}{margin}{closing}"
