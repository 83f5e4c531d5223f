"""Checks that the service's records and the callers' records match to the last call."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs

from tests.soak.callers import Callers, Outcome

_INVARIANTS: Final[dict[Outcome, tuple[str, frozenset[int]]]] = {
    "done": ("a successful call was applied exactly once", frozenset({1})),
    "unsent": ("a call that failed with sent=False was not applied", frozenset({0})),
    "unknown": ("a call that failed with sent=True was applied at most once", frozenset({0, 1})),
    "cancelled": ("a call that its caller cancelled was applied at most once", frozenset({0, 1})),
    "in flight": ("every call has ended", frozenset()),
}
"""The invariant of each outcome, and how often such a call may have been applied."""

# A new client's retry budget and what each call adds, stated here a second time on purpose.
_BURST: Final = 10
_PER_CALL: Final = 0.1


@attrs.frozen
class CheckResult:
    """An invariant, and its violations.

    Attributes:
        invariant: The invariant.
        violations: A description of each violation.
    """

    invariant: str
    violations: list[str]


def check_invariants(callers: Callers) -> list[CheckResult]:
    """Check all invariants."""
    violations: dict[Outcome, list[str]] = {outcome: [] for outcome in _INVARIANTS}
    for customer, outcomes in callers.outcomes.items():
        times = Counter(callers.applied(customer))
        for number, outcome in enumerate(outcomes):
            if times[number] not in _INVARIANTS[outcome][1]:
                violations[outcome].append(f"{customer}/{number} was applied {times[number]} times")
    left = {
        "queues": callers.queues,
        "tasks": callers.tasks,
        "sockets": callers.sockets,
        "connections at the service": callers.records["connections"],
    }
    allowed = int(_BURST + _PER_CALL * len(callers.seconds))
    return [
        *(CheckResult(invariant, violations[outcome]) for outcome, (invariant, _) in _INVARIANTS.items()),
        CheckResult(
            "calls of known outcome for one customer were applied in order", list(_disorder(callers))
        ),
        CheckResult(
            "an Idempotency-Key belongs to one call",
            [f"{callers.records['foreign_keys']} requests had another call's key"]
            * (callers.records["foreign_keys"] > 0),
        ),
        CheckResult(
            "retries stay within the budget",
            [f"{callers.retries} retries, {allowed} allowed"] * (callers.retries > allowed),
        ),
        CheckResult("no resource is left", [f"{count} {what}" for what, count in left.items() if count]),
    ]


def late(callers: Callers) -> list[tuple[str, int]]:
    """List the calls that were applied after a later call of the same customer.

    After a cancellation or timeout, the service may still process the request, and the next call does not
    wait for it. Only calls with an unknown outcome or cancelled calls may be among them.
    """
    found: list[tuple[str, int]] = []
    for customer in callers.outcomes:
        last = -1
        for number in callers.applied(customer):
            if number < last:
                found.append((customer, number))
            last = max(last, number)
    return found


def _disorder(callers: Callers) -> Iterator[str]:
    for customer, number in late(callers):
        outcome = callers.outcomes[customer][number]
        if outcome not in ("unknown", "cancelled"):
            yield f"{customer}/{number}, {outcome}, was applied after a later call"
