"""Whether the books of the service and what the callers remember agree to the last call."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import attrs

from tests.soak.callers import Callers, Outcome

_PROMISES: Final[dict[Outcome, tuple[str, frozenset[int]]]] = {
    "done": ("a call that was answered was applied exactly once", frozenset({1})),
    "unsent": ("a call that failed with sent=False was not applied", frozenset({0})),
    "unknown": ("a call that failed with sent=True was applied at most once", frozenset({0, 1})),
    "cancelled": ("a call that its caller cancelled was applied at most once", frozenset({0, 1})),
    "under way": ("every call has ended", frozenset()),
}
"""What is promised of calls by their outcome, and how often such a one may have been applied."""

# What a new client's budget holds, and what each call adds: told here a second time on purpose.
_BURST: Final = 10
_PER_CALL: Final = 0.1


@attrs.frozen
class Verdict:
    """A promise, and where it was broken.

    Attributes:
        promise: The promise.
        broken: Each breach, in words.
    """

    promise: str
    broken: list[str]


def judge(callers: Callers) -> list[Verdict]:
    """Judge all that is promised."""
    breaches: dict[Outcome, list[str]] = {outcome: [] for outcome in _PROMISES}
    for customer, outcomes in callers.outcomes.items():
        times = Counter(callers.applied(customer))
        for number, outcome in enumerate(outcomes):
            if times[number] not in _PROMISES[outcome][1]:
                breaches[outcome].append(f"{customer}/{number} was applied {times[number]} times")
    left = {
        "queues": callers.queues,
        "tasks": callers.tasks,
        "sockets": callers.sockets,
        "connections at the service": callers.books["connections"],
    }
    allowed = int(_BURST + _PER_CALL * len(callers.seconds))
    return [
        *(Verdict(promise, breaches[outcome]) for outcome, (promise, _) in _PROMISES.items()),
        Verdict(
            "calls that ended known for one customer were applied in their order", list(_disorder(callers))
        ),
        Verdict(
            "an Idempotency-Key belongs to one call",
            [f"{callers.books['strangers']} requests came with another call's"]
            * (callers.books["strangers"] > 0),
        ),
        Verdict(
            "retries keep to the budget",
            [f"{callers.retries} retries, {allowed} allowed"] * (callers.retries > allowed),
        ),
        Verdict("nothing is left", [f"{count} {what}" for what, count in left.items() if count]),
    ]


def late(callers: Callers) -> list[tuple[str, int]]:
    """Tell which calls were applied after a later call of the same customer.

    A caller that gave up does not know whether its request is still at work in the service, and the next
    call does not wait for that; so only calls that ended unknown or cancelled may be among them.
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
