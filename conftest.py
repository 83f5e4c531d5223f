"""What holds for all tests: every answer of every sandbox is held against the provider's contract."""

from collections.abc import Iterator
from typing import Any

import pytest

from talon_async.sandbox import Deployment
from tests.sandbox.checked import call_faults


@pytest.fixture(autouse=True)
def _answers_are_by_the_contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Watch each deployment that a test makes, and fail the test if an answer is none the contract allows."""
    faults: list[str] = []
    make = Deployment.__init__

    def make_watched(deployment: Deployment, **setup: Any) -> None:
        make(deployment, **setup)
        deployment.observers.append(lambda call: faults.extend(call_faults(call)))

    monkeypatch.setattr(Deployment, "__init__", make_watched)
    yield
    assert faults == []
