"""The README: its first program, and its tables."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import attrs

import talon_async
from talon_async import TalonError
from talon_async._transport.settings import Settings
from talon_async.contract._page import client_methods
from talon_async.sandbox import AttributeDeclarations, Deployment, RecordedCall, Sandbox
from tests.sandbox.checked import checked_deployment

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text of a section."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


async def test_the_first_program_prints_what_the_readme_says() -> None:
    """The first program runs as pasted, except for the sandbox's port."""
    program = re.search(r"<!-- example: first program -->\n```python\n(.*?)```", README, re.DOTALL)
    printed = re.search(r"It prints:\n\n```text\n(.*?)```", README, re.DOTALL)
    assert program is not None
    assert printed is not None
    async with Sandbox(checked_deployment()) as deployment:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            "-c",
            program[1].replace("http://127.0.0.1:8765", deployment.url),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
    assert process.returncode == 0
    assert output.decode().splitlines() == printed[1].splitlines()


async def test_the_import_command_imports_resumes_and_names_bad_rows(tmp_path: Path) -> None:
    """The command imports 50,000 rows, goes on after it was killed half-way, and names three bad rows."""
    command = re.search(r"<!-- example: import -->\n```console\n\$ talon-async (.*?)\n```", README)
    assert command is not None
    attributes: AttributeDeclarations = {"CustomerProfile": {"Email": "string"}}
    bad = (7, 20_000, 49_999)
    ids = ("x" * 1001 if number in bad else f"customer-{number}" for number in range(50_000))
    lines = [f"{each},{number}@shop.test" for number, each in enumerate(ids)]
    (tmp_path / "customers.csv").write_text("\n".join(["id,email", *lines, ""]))
    process: asyncio.subprocess.Process | None = None

    def kill(call: RecordedCall) -> None:
        if call.number == 30 and process is not None:
            process.kill()

    async with Sandbox(Deployment(attributes=attributes, observers=[kill])) as deployment:
        statuses: list[int] = []
        for _ in range(2):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "talon_async", *command[1].split()),
                cwd=tmp_path,
                env={**os.environ, "TALON_BASE_URL": deployment.url, "TALON_API_KEY": deployment.api_key},
                stdout=asyncio.subprocess.DEVNULL,
            )
            statuses.append(await process.wait())
    assert statuses == [-signal.SIGKILL, 1]
    emails = {name: each.profile.attributes["Email"] for name, each in deployment.profiles.items()}
    assert emails == {f"customer-{n}": f"{n}@shop.test" for n in range(50_000) if n not in bad}
    letters = (tmp_path / "nightly.dead.csv").read_text().splitlines()[1:]
    assert sorted(int(line.split(",")[2]) for line in letters) == [number + 1 for number in bad]


def test_the_configuration_table_has_every_setting_with_its_default() -> None:
    """The table has exactly one row per setting, with its default as Python writes it."""
    rows: list[tuple[str, str]] = re.findall(
        r"^\| `(\w+)` \| `?([^|`]+)`? \|", section("Configuration"), re.MULTILINE
    )
    assert sorted(rows) == sorted((field.name, default_of(field)) for field in attrs.fields(Settings))


def default_of(setting: "attrs.Attribute[Any]") -> str:
    """The default of a setting, as the table has it."""
    if setting.default is attrs.NOTHING:
        return "required"
    default: Any = setting.default
    return repr(default.factory() if isinstance(default, attrs.Factory) else default)  # type: ignore[arg-type]


def test_the_table_of_errors_has_every_class() -> None:
    """The table has exactly the public error classes."""
    rows = re.findall(r"^\| `(\w+)` \|", section("Errors"), re.MULTILINE)
    public = [getattr(talon_async, name) for name in dir(talon_async) if name.endswith("Error")]
    classes = [each for each in public if issubclass(each, TalonError) and each is not TalonError]
    assert sorted(rows) == sorted(each.__name__ for each in classes)


def test_every_operation_is_in_the_table() -> None:
    """The table of methods has exactly the client's methods."""
    named = {
        f"{resource}.{method}"
        for resource, methods in re.findall(r"^\| `([^`]+)` \| (.+) \|$", section("Operations"), re.MULTILINE)
        for method in re.findall(r"`(\w+)`", methods)
    }
    assert named == {method for _, method in client_methods()}
