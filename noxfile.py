"""Sessions that need environments of their own: every supported Python, the lowest versions, the package."""

import os
import shutil
from pathlib import Path
from typing import Final

import nox

PYTHONS: Final = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))

nox.needs_version = ">=2025.5"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = os.environ.get("TALON_CI_SKIP_MISSING") != "1"
nox.options.sessions = ["tests", "lowest", "ray", "package"]


def install_locked(session: nox.Session, lock: str) -> None:
    """Install what a lock file names, by its hashes, and nothing else."""
    session.install("--require-hashes", "--requirement", f"requirements/{lock}.txt")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite with the locked versions; arguments after ``--`` go to pytest."""
    install_locked(session, "test")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    session.run("python", "-m", "pytest", *(session.posargs or ["-n", "2"]))


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the suite with every direct dependency at the lowest version that pyproject.toml allows."""
    install_locked(session, "lowest")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    # The layers do not depend on installed versions, and old versions of rich limit import-linter's.
    options = ["--ignore", "tests/test_architecture.py"]
    session.run("python", "-m", "pytest", *options, *(session.posargs or ["-n", "2"]))


@nox.session(python=PYTHONS[0])
def ray(session: nox.Session) -> None:
    """Run the tests of jobs on Ray and Dask; arguments after ``--`` go to pytest."""
    install_locked(session, "ray")
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    session.run("python", "-m", "pytest", *(session.posargs or ["tests/ray"]))


@nox.session(python=PYTHONS[0])
def package(session: nox.Session) -> None:
    """Build sdist and wheel, check both, install the wheel and use it as the README says."""
    install_locked(session, "package")
    built = Path(session.create_tmp()) / "dist"
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(built))
    session.run("twine", "check", "--strict", *map(str, sorted(built.iterdir())))
    (wheel,) = built.glob("*.whl")
    (sdist,) = built.glob("*.tar.gz")
    # Without an index this fails where the locked packages do not meet what the wheel requires.
    session.install("--no-index", f"{wheel}[sandbox,cli]")
    session.run("python", "-I", "tests/packaging/check_wheel.py", str(wheel), str(sdist), "README.md")
    # Outside the repository mypy sees only the wheel. Deliberate errors in the file show that it sees types.
    uses = shutil.copy("tests/typing_contract.py", built)
    with session.chdir(built):
        session.run("mypy", "--strict", "--config-file=", Path(uses).name)
