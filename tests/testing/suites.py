"""Runs a user's test suite in its own pytest process."""

import attrs
import pytest


@attrs.frozen
class Suite:
    """A folder of test modules.

    Attributes:
        folder: The folder.
    """

    folder: pytest.Pytester

    def add(self, **modules: str) -> None:
        """Write test modules, by name."""
        self.folder.makepyfile(**modules)

    def run(self, *options: str) -> dict[str, int]:
        """Run the suite with warnings as errors, and return how many tests had each outcome."""
        if "no:asyncio" not in options:
            options = ("-o", "asyncio_default_fixture_loop_scope=function", *options)
        result = self.folder.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", *options)
        return result.parseoutcomes()
