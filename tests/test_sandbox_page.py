"""docs/sandbox.md: its program and its table of options."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from talon_async.cli import app

PAGE = (Path(__file__).parent.parent / "docs" / "sandbox.md").read_text(encoding="utf-8")


async def test_the_program_prints_what_its_comments_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page's Python program prints what its comments say."""
    monkeypatch.chdir(tmp_path)
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert program is not None
    code = compile(program[1], "docs/sandbox.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running: Any = eval(code, {})  # noqa: S307  runs a program with top-level await
    assert inspect.iscoroutine(running)
    await running
    commented = re.findall(r"print\(.*\)  # .*: (\S+)$", program[1], re.MULTILINE)
    assert capsys.readouterr().out.split() == commented
    assert (tmp_path / "state.json").exists()


def test_the_table_has_every_option_of_the_command() -> None:
    """The table has exactly the options of ``talon-async sandbox``."""
    command: Any = get_command(app)
    options = [option for each in command.commands["sandbox"].params for option in each.opts]
    assert re.findall(r"^\| `(--[\w-]+)` \|", PAGE, re.MULTILINE) == options
