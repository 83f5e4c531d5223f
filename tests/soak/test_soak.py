"""A short soak, and that its judge is not blind."""

import asyncio
from collections import Counter

import attrs
import pytest

from tests.soak.callers import Callers, Outcome, Plan, soak
from tests.soak.checks import judge

SHORT = Plan(
    calls=1500, workers=50, customers=100, timeout=0.3, patience=0.05, sleep=lambda _: asyncio.sleep(0)
)


@pytest.mark.parametrize(
    "plan",
    [SHORT, attrs.evolve(SHORT, calls=600, faults=0.5)],
    ids=["some faults", "more than retries cover"],
)
async def test_the_books_agree_to_the_last_call(plan: Plan) -> None:
    """Under faults and cancellations no write happens twice or out of order, and no error lies about it."""
    callers = await soak(plan)
    assert [verdict for verdict in judge(callers) if verdict.broken] == []
    outcomes = Counter(outcome for each in callers.outcomes.values() for outcome in each)
    assert outcomes.total() == plan.calls
    assert set(outcomes) == {"done", "unsent", "unknown", "cancelled"}
    assert callers.retries > 0
    assert callers.books["replays"] > 0


def agreeing() -> Callers:
    """Books that agree."""
    outcomes: list[Outcome] = ["done", "unsent", "unknown", "done", "cancelled"]
    callers = Callers(
        outcomes={"customer-1": outcomes},
        books={"applied": {"customer-1": [0, 3, 2]}, "strangers": 0, "connections": 0},
    )
    callers.seconds.extend([0.1] * 5)
    return callers


def test_late_calls_of_unknown_outcome_are_in_order() -> None:
    """A call whose caller gave up may be applied late, or never."""
    assert not any(verdict.broken for verdict in judge(agreeing()))


@pytest.mark.parametrize(
    ("applied", "breach"),
    [
        ([0, 0, 3], "customer-1/0 was applied 2 times"),
        ([3], "customer-1/0 was applied 0 times"),
        ([0, 1, 3], "customer-1/1 was applied 1 times"),
        ([0, 2, 2, 3], "customer-1/2 was applied 2 times"),
        ([0, 3, 4, 4], "customer-1/4 was applied 2 times"),
        ([3, 0], "customer-1/0, done, was applied after a later call"),
    ],
)
def test_books_that_disagree_are_noticed(applied: list[int], breach: str) -> None:
    """Each promise about a call is broken by the books that break it."""
    callers = agreeing()
    callers.books["applied"]["customer-1"] = applied
    assert [broken for verdict in judge(callers) for broken in verdict.broken] == [breach]


@pytest.mark.parametrize("left", ["queues", "tasks", "sockets"])
def test_what_is_left_is_noticed(left: str) -> None:
    """A line, task or socket that stays is a breach."""
    callers = agreeing()
    setattr(callers, left, 1)
    assert [broken for verdict in judge(callers) for broken in verdict.broken] == [f"1 {left}"]


def test_too_many_retries_are_noticed() -> None:
    """A retry beyond what the budget holds is a breach."""
    callers = agreeing()
    callers.retries = 11
    assert [broken for verdict in judge(callers) for broken in verdict.broken] == ["11 retries, 10 allowed"]
