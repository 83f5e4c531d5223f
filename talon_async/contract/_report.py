"""Reports the result of a check, as text or JSON."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import attrs

from talon_async.contract._accepted_differences import ACCEPTED_DIFFERENCES
from talon_async.contract._compare import Comparison
from talon_async.contract._schemas import Difference


@attrs.frozen
class Report:
    """A comparison, and which of its differences are not accepted.

    Attributes:
        path: The document.
        comparison: The comparison.
        differences: The differences that are not accepted: missing, extra, different.
        obsolete: The accepted differences that no longer exist: their place, and what the document stated.
    """

    path: Path
    comparison: Comparison
    differences: tuple[Difference, ...]
    obsolete: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: Path, comparison: Comparison) -> "Report":
        """Separate the accepted differences from the others."""
        found = {(each.place.name, each.theirs): each for each in comparison.differences}
        new = [each for key, each in found.items() if key not in ACCEPTED_DIFFERENCES]
        new.sort(key=lambda each: ("missing", "extra", "different").index(each.kind))
        return cls(path, comparison, tuple(new), tuple(sorted(ACCEPTED_DIFFERENCES.keys() - found.keys())))

    @property
    def passed(self) -> bool:
        """Whether all differences are accepted, and all accepted differences exist."""
        return not self.differences and not self.obsolete

    def text(self) -> str:
        """The report for people: differences that are the same in several places are listed once."""
        return "".join(f"{line}\n" for line in self._lines())

    def json(self) -> str:
        """The report for programs, as described in ``docs/contract.md``."""
        report = {
            "document": str(self.path),
            "passed": self.passed,
            "operations": {"document": self.comparison.published, "shared": self.comparison.shared},
            "differences": [
                {
                    "kind": each.kind,
                    "place": each.place.name,
                    "route": each.place.route,
                    "document": each.theirs or None,
                    "talon_async": each.ours or None,
                }
                for each in self.differences
            ],
            "obsolete": [{"place": place, "document": theirs or None} for place, theirs in self.obsolete],
            "accepted": [
                {"place": place, "document": theirs or None, "reason": reason}
                for (place, theirs), reason in ACCEPTED_DIFFERENCES.items()
                if (place, theirs) not in self.obsolete
            ],
            "deprecated": [
                {"place": place.name, "route": place.route} for place in self.comparison.deprecated
            ],
        }
        return f"{json.dumps(report, ensure_ascii=False, indent=2)}\n"

    def _lines(self) -> Iterator[str]:
        yield f"{self.comparison.shared} of {self.comparison.published} operations"
        groups: dict[tuple[str, ...], list[Difference]] = {}
        for each in self.differences:
            groups.setdefault((each.kind, each.place.step, each.theirs, each.ours), []).append(each)
        yield from itertools.chain.from_iterable(map(_lines_of, groups.values()))
        for place, theirs in self.obsolete:
            yield f"accepted, but no longer different: {place} ({theirs or 'not in the document'})"
        if self.comparison.deprecated:
            yield f"{len(self.comparison.deprecated)} deprecated in the document, for information:"
            yield from (f"    {place.name}" for place in self.comparison.deprecated)
        accepted = len(ACCEPTED_DIFFERENCES) - len(self.obsolete)
        reasons = "talon_async/contract/_accepted_differences.py"
        yield f"{accepted} accepted differences, each with its reason in {reasons}"


def _lines_of(group: list[Difference]) -> Iterator[str]:
    """Describe differences that are the same, except for the operation or model they are in."""
    first = group[0]
    if len(group) == 1:
        yield f"{first.kind} {first.place.name}"
        if first.place.route != first.place.name:
            yield f"    route: {first.place.route}"
    else:
        yield f"{first.kind} {first.place.step.lstrip(' >.:')} in {len(group)} places"
    yield f"    document: {first.theirs or 'nothing'}"
    yield f"    talon_async: {first.ours or 'nothing'}"
    if len(group) > 1:
        yield from (f"    in: {each.place.name}" for each in group)
