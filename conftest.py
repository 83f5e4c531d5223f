"""Fixtures of all tests: each response of a checked deployment is validated against the contract."""

from collections.abc import Iterator

import pytest

from talon_async.sandbox import Deployment
from tests.sandbox.checked import checked_deployment, contract_violations


@pytest.fixture(autouse=True)
def _responses_match_the_contract() -> Iterator[None]:
    """Fail the test if one of its checked deployments sent a response that the contract does not allow."""
    contract_violations.clear()
    yield
    assert contract_violations == []


@pytest.fixture
def talon_deployment() -> Deployment:
    """The plugin's deployment, checked."""
    return checked_deployment()
