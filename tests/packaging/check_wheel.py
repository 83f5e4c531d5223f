"""Checks the installed wheel: ``python -I check_wheel.py WHEEL SDIST README``, from any environment.

It compares the files of wheel and sdist, then runs the README's first program against the sandbox, both from
the installed package.
"""

import contextlib
import importlib.metadata
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Generator
from pathlib import Path, PurePosixPath

PACKAGE = "talon_async"
REQUIRED = {f"{PACKAGE}/py.typed", f"{PACKAGE}/sandbox/_server/sandbox.py"}
EXPECTED = ["WELCOME10 is accepted", "10% off with WELCOME10: 9.90 off"]


def check_contents(wheel: Path, sdist: Path) -> None:
    """Compare the packaged files: all of the package, its license, and nothing else."""
    with zipfile.ZipFile(wheel) as packed:
        in_wheel = set(packed.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {str(PurePosixPath(*Path(name).parts[1:])) for name in archive.getnames()}
    package = {name for name in in_wheel if name.startswith(f"{PACKAGE}/")}
    metadata = in_wheel - package
    source = {name for name in in_sdist if name.startswith(f"{PACKAGE}/")}
    assert package == source, f"only in wheel or sdist: {sorted(package ^ source)}"
    assert package >= REQUIRED, REQUIRED - package
    assert any(name.endswith(".html") for name in package), "the templates of the dashboard are missing"
    assert all(re.match(rf"{PACKAGE}-[\w.]+\.dist-info/", name) for name in metadata), metadata
    assert any(name.endswith("/licenses/LICENSE") for name in metadata), metadata
    assert in_sdist >= {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "conftest.py"}
    print(f"{len(package)} files in the package")


def check_metadata() -> None:
    """Read the installed metadata: the package is imported from the wheel and knows its own version."""
    import talon_async

    assert Path(talon_async.__file__).is_relative_to(sysconfig.get_path("purelib")), talon_async.__file__
    assert talon_async.__version__ == importlib.metadata.version("talon-async")


@contextlib.contextmanager
def serving() -> Generator[str]:
    """Run the installed command ``talon-async sandbox`` on a free port and yield its URL."""
    command = Path(sysconfig.get_path("scripts")) / "talon-async"
    with subprocess.Popen([command, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = None
            while found is None:
                line = process.stdout.readline()
                assert line, f"the sandbox ended with {process.wait()}"
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
            yield found[0]
        finally:
            process.kill()


def check_first_program(readme: Path) -> None:
    """Run the README's first program; only the port differs."""
    found = re.search(
        r"<!-- example: first program -->\n```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL
    )
    assert found, "the first program is missing"
    with serving() as url:
        program = found[1].replace("http://127.0.0.1:8765", url)
        output = subprocess.run(
            [sys.executable, "-I", "-c", program], stdout=subprocess.PIPE, text=True, check=True
        )
    assert output.stdout.splitlines() == EXPECTED, output.stdout
    print(output.stdout, end="")


if __name__ == "__main__":
    check_contents(Path(sys.argv[1]), Path(sys.argv[2]))
    check_metadata()
    check_first_program(Path(sys.argv[3]))
