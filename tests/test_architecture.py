"""The layers: import-linter's contracts in pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in a directory."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
    return subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {code}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_downward() -> None:
    """No module imports upward, at its top or inside a function."""
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("module", "source", "contract"),
    [
        ("_codec/json.py", "from talon_async.client import TalonClient", "from floor to floor"),
        ("_codec/json.py", "def late():\n    from talon_async import client", "from floor to floor"),
        ("attic.py", "box = 1", "from floor to floor"),
        (
            "sandbox/_server/sandbox.py",
            "from talon_async.client import TalonClient",
            "never import the client",
        ),
        (
            "sandbox/_domain/carts.py",
            "def late():\n    from talon_async.sandbox._rules import rollback",
            "The sandbox's imports run downward",
        ),
        ("sandbox/attic.py", "box = 1", "The sandbox's imports run downward"),
        (
            "sandbox/_domain/carts.py",
            "from talon_async.sandbox._deployment.clock import Clock",
            "domain never sees a deployment",
        ),
        (
            "sandbox/_domain/amounts.py",
            "from talon_async.sandbox._domain import carts",
            "no import cycles",
        ),
        ("resources/base.py", "from talon_async import CartItem", "from floor to floor"),
        ("resources/base.py", "import httpx", "the HTTP libraries"),
    ],
)
def test_forbidden_imports_are_found(module: str, source: str, contract: str, tmp_path: Path) -> None:
    """Each contract fails on an import that it forbids."""
    shutil.copytree(ROOT / "talon_async", tmp_path / "talon_async")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "talon_async" / module
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{source}\n")
    run = lint_imports(tmp_path)
    broken = [line for line in run.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(contract in violation for violation in broken), run.stdout
