"""A short soak test, and tests of its checks."""

import asyncio
from collections import Counter

import attrs
import pytest

from tests.soak.callers import Callers, Outcome, Plan, soak
from tests.soak.checks import check_invariants

SHORT = Plan(
    calls=1500, workers=50, customers=100, timeout=0.3, patience=0.05, sleep=lambda _: asyncio.sleep(0)
)


@pytest.mark.parametrize(
    "plan",
    [SHORT, attrs.evolve(SHORT, calls=600, faults=0.5)],
    ids=["some faults", "more than retries cover"],
)
async def test_the_records_match_to_the_last_call(plan: Plan) -> None:
    """Under faults and cancellations, no write is applied twice or out of order, and `sent` is accurate."""
    callers = await soak(plan)
    assert violations_in(callers) == []
    outcomes = Counter(outcome for each in callers.outcomes.values() for outcome in each)
    assert outcomes.total() == plan.calls
    assert set(outcomes) == {"done", "unsent", "unknown", "cancelled"}
    assert callers.retries > 0
    assert callers.records["replays"] > 0


def violations_in(callers: Callers) -> list[str]:
    """All violations of all invariants."""
    return [violation for result in check_invariants(callers) for violation in result.violations]


def matching() -> Callers:
    """Records that match."""
    outcomes: list[Outcome] = ["done", "unsent", "unknown", "done", "cancelled"]
    callers = Callers(
        outcomes={"customer-1": outcomes},
        records={"applied": {"customer-1": [0, 3, 2]}, "foreign_keys": 0, "connections": 0},
    )
    callers.seconds.extend([0.1] * 5)
    return callers


def test_calls_of_unknown_outcome_may_be_applied_late() -> None:
    """A cancelled or timed-out call may be applied late, or never."""
    assert violations_in(matching()) == []


@pytest.mark.parametrize(
    ("applied", "violation"),
    [
        ([0, 0, 3], "customer-1/0 was applied 2 times"),
        ([3], "customer-1/0 was applied 0 times"),
        ([0, 1, 3], "customer-1/1 was applied 1 times"),
        ([0, 2, 2, 3], "customer-1/2 was applied 2 times"),
        ([0, 3, 4, 4], "customer-1/4 was applied 2 times"),
        ([3, 0], "customer-1/0, done, was applied after a later call"),
    ],
)
def test_mismatched_records_are_detected(applied: list[int], violation: str) -> None:
    """Records that violate an invariant are reported with that violation."""
    callers = matching()
    callers.records["applied"]["customer-1"] = applied
    assert violations_in(callers) == [violation]


@pytest.mark.parametrize("left", ["queues", "tasks", "sockets"])
def test_leftovers_are_detected(left: str) -> None:
    """A queue, task or socket that is left is a violation."""
    callers = matching()
    setattr(callers, left, 1)
    assert violations_in(callers) == [f"1 {left}"]


def test_too_many_retries_are_detected() -> None:
    """A retry beyond the budget is a violation."""
    callers = matching()
    callers.retries = 11
    assert violations_in(callers) == ["11 retries, 10 allowed"]
