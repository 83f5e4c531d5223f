"""The files around the package agree: dependencies and lock files, versions, Pythons, commands, links."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import talon_async

ROOT: Final = Path(__file__).parents[2]
PYPROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT: Final[dict[str, Any]] = PYPROJECT["project"]
GROUPS: Final[dict[str, list[Any]]] = PYPROJECT["dependency-groups"]
CLASSIFIED: Final = re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), re.MULTILINE)
PAGES: Final = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/**/*.md")})
CHANGELOG: Final = (ROOT / "CHANGELOG.md").read_text("utf-8")


def dependencies(*, ray: bool = False) -> list[Requirement]:
    """All requirements of the package and its extras, without extras that include another.

    Args:
        ray: Whether to include the extra `ray`, which has a lock file of its own.
    """
    extras = PROJECT["optional-dependencies"].items()
    lists = [PROJECT["dependencies"], *(texts for name, texts in extras if ray or name != "ray")]
    requirements = [Requirement(text) for texts in lists for text in texts]
    return [requirement for requirement in requirements if requirement.name != PROJECT["name"]]


def of_group(name: str) -> Iterator[Requirement]:
    """The requirements of a dependency group and of the groups it includes."""
    for entry in GROUPS[name]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from of_group(entry["include-group"])


def pins(lock: str) -> dict[str, list[Version]]:
    """The versions that a lock file installs, one per range of Pythons."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    found: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.!+]+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(Version(version))
    return found


@pytest.mark.parametrize(
    ("lock", "group"),
    [("dev", "dev"), ("test", "test"), ("lowest", "test"), ("package", "package"), ("ray", "ray")],
)
def test_locks_satisfy_the_project(lock: str, group: str) -> None:
    """Each lock file pins every dependency and every tool of its group within the project's ranges.

    If this fails, run ``make lock``.
    """
    pinned = pins(lock)
    for requirement in [*dependencies(ray=lock == "ray"), *of_group(group)]:
        versions = pinned.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement} is not in {lock}.txt: run make lock"
        assert all(map(requirement.specifier.contains, versions)), (
            f"{requirement}, not {versions}: run make lock"
        )


@pytest.mark.parametrize("lock", ["dev", "test", "lowest", "package", "ray"])
def test_locks_are_hashed_and_name_no_index(lock: str) -> None:
    """A lock file verifies what it installs and works with any package index."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "index-url" not in text.replace("--no-emit-index-url", "")


@pytest.mark.parametrize("requirement", dependencies(), ids=str)
def test_lower_bounds_are_what_is_tested(requirement: Requirement) -> None:
    """``make lowest`` runs with exactly the lower bound of each dependency."""
    (bound,) = (Version(each.version) for each in requirement.specifier if each.operator == ">=")
    assert pins("lowest")[canonicalize_name(requirement.name)] == [bound]


def test_pythons_are_those_that_ci_runs() -> None:
    """The classifiers name the supported Pythons; CI installs them, and the checkers assume the oldest."""
    workflow: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    versions = [
        step["with"]["python-version"].split()
        for step in workflow["jobs"]["ci"]["steps"]
        if "setup-python" in step.get("uses", "")
    ]
    assert CLASSIFIED
    assert [sorted(each) for each in versions] == [sorted(CLASSIFIED)]
    assert PROJECT["requires-python"] == f">={CLASSIFIED[0]}"
    tools = PYPROJECT["tool"]
    assert tools["mypy"]["python_version"] == tools["basedpyright"]["pythonVersion"] == CLASSIFIED[0]
    assert tools["ruff"]["target-version"] == f"py{CLASSIFIED[0].replace('.', '')}"


def test_the_changelog_has_the_version() -> None:
    """The newest section of the changelog is this version's, or Unreleased for a development version."""
    version = Version(talon_async.__version__)
    newest, *older = re.findall(r"^## \[([^\]]+)\]", CHANGELOG, re.MULTILINE)
    assert newest == ("Unreleased" if version.is_devrelease else talon_async.__version__)
    released = [version, *map(Version, older)]
    assert released == sorted(released, reverse=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_documented_commands_exist(page: Path) -> None:
    """Each ``make`` command in the documentation is a target of the Makefile."""
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^\$ )make ([\w./-]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    """Each relative link in the documentation points to a file of the repository."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
