"""What is repeated after what, and when: the rules alone, for every operation."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talon_async import (
    CallError,
    CallTimeoutError,
    CircuitOpenError,
    ClientClosedError,
    ResponseDecodeError,
    ResponseTooLargeError,
    ServiceConnectionError,
    StatusError,
)
from talon_async._operations import OPERATIONS
from talon_async._transport.retry import may_retry, retry_after
from talon_async.errors import TimeoutPhase

# Stated here a second time on purpose: whether a write may be sent twice is a decision, not a detail. Reads
# are not listed, and a write that is not listed may never be sent again.
RETRYABLE_WRITES: Final = {
    "a read, though a POST": {"bestPriorPrice"},
    "recognized by its Idempotency-Key": {
        "updateCustomerSessionV2",
        "returnCartItems",
        "reopenCustomerSession",
        "updateCustomerProfileV2",
        "updateCustomerProfilesV2",
        "trackEventV2",
    },
    "recognized by the identifier of the event": {"trackEventV3"},
    "the same result when repeated": {
        "deleteCustomerData",
        "deleteCouponReservation",
        "updateAudienceV2",
        "deleteAudienceMembershipsV2",
        "updateCustomerProfileAudiences",
        "updateAudienceCustomersAttributes",
    },
}
RETRYABLE: Final = {row.id for row in OPERATIONS.values() if row.method == "GET"}.union(
    *RETRYABLE_WRITES.values()
)
"""The operations whose requests may be sent again although they may have reached the service."""
CONTENDED: Final = {"updateCustomerSessionV2", "updateCustomerProfileV2", "trackEventV2", "trackEventV3"}
"""The operations whose 409 means, or can mean, too many requests for the same customer."""


def test_every_retryable_write_exists() -> None:
    """Each write is listed for one reason, and is an operation."""
    listed = [operation for group in RETRYABLE_WRITES.values() for operation in group]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {row.id for row in OPERATIONS.values() if row.method != "GET"}


def status(code: int, reason: str = "no") -> StatusError:
    """The error for an answer."""
    return StatusError.class_for(code)(operation="any", status=code, reason=reason)


def timeout(phase: TimeoutPhase, *, sent: bool) -> CallTimeoutError:
    """The error for a phase that took too long."""
    return CallTimeoutError("too slow", operation="any", phase=phase, sent=sent)


PASSING: Final = {408, 429, 500, 502, 503, 504}
LOST: Final[dict[str, CallError]] = {
    "broken": ServiceConnectionError("broken", operation="any"),
    "silent": timeout("read", sent=True),
    "stuck": timeout("write", sent=True),
    **{f"HTTP {code}": status(code) for code in PASSING},
}
"""Failures that leave open whether the request had an effect."""
UNSENT: Final[dict[str, CallError]] = {
    "refused": ServiceConnectionError("refused", operation="any", sent=False),
    "not opened": timeout("connect", sent=False),
    "no free connection": timeout("pool", sent=False),
}
FINAL: Final[dict[str, CallError]] = {
    **{f"HTTP {code}": status(code) for code in range(300, 600) if code not in {409, *PASSING}},
    "unreadable": ResponseDecodeError("no JSON", operation="any", status=200, body=b"<"),
    "too large": ResponseTooLargeError(operation="any", limit=10),
    "closed": ClientClosedError("closed", operation="any"),
    "circuit open": CircuitOpenError("open", operation="any"),
}
BUSY: Final = [
    status(409, f"{text} requests are updating this {thing} at the same time")
    for text in ("Too many", "too many")
    for thing in ("session", "profile")
]
TAKEN: Final = status(409, "an event with this integrationId exists already")


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_what_may_be_repeated_after_what(operation: Any) -> None:
    """Unsent requests are repeated always, lost ones if they cannot happen twice, answered ones never."""

    def repeated(failures: dict[str, CallError]) -> set[str]:
        return {name for name, failure in failures.items() if may_retry(operation, failure)}

    assert repeated(UNSENT) == set(UNSENT)
    assert repeated(LOST) == (set(LOST) if operation.id in RETRYABLE else set())
    assert repeated(FINAL) == set()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_a_conflict_is_repeated_for_contention_alone(operation: Any) -> None:
    """409 is repeated where it tells of contention; that a thing exists does not change by asking again."""
    assert {may_retry(operation, failure) for failure in BUSY} == {operation.id in CONTENDED}
    assert may_retry(operation, TAKEN) is (operation.id in CONTENDED - {"trackEventV3"})


NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
SENSIBLE: Final[dict[str, tuple[dict[str, str], float]]] = {
    "seconds": ({"retry-after": "2"}, 2.0),
    "part of a second": ({"retry-after": "0.25"}, 0.25),
    "no time": ({"retry-after": "0"}, 0.0),
    "milliseconds": ({"retry-after-ms": "250"}, 0.25),
    "both": ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
    "seconds beside nonsense": ({"retry-after-ms": "soon", "retry-after": "1"}, 1.0),
    "a day": ({"retry-after": "86400"}, 86400.0),
    "a date": ({"retry-after": "Fri, 01 May 2026 12:00:03 GMT"}, 3.0),
    "a date of old form": ({"retry-after": "Friday, 01-May-26 12:00:03 GMT"}, 3.0),
    "a date without a zone": ({"retry-after": "Fri May  1 12:00:03 2026"}, 3.0),
    "a date that has passed": ({"retry-after": "Fri, 01 May 2026 11:59:00 GMT"}, 0.0),
    "a date far away": ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 251624663999.0),
}
NONSENSE: Final = [
    "",
    " ",
    "soon",
    "-1",
    "-0.001",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "0x10",
    "1,5",
    "Fri, 99 May 2026 12:00:00 GMT",
    "Fri, 01 May 99999 12:00:00 GMT",
    "Fri, 01 May 2026 12:00:00 +999999999999",
]


@pytest.fixture
def _far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Move this machine to another time zone."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_far_from_greenwich")
@pytest.mark.parametrize(("fields", "seconds"), SENSIBLE.values(), ids=SENSIBLE.keys())
def test_the_wait_asked_for_is_read(fields: dict[str, str], seconds: float) -> None:
    """``Retry-After`` comes in seconds, in milliseconds or as a date of any of HTTP's forms."""
    assert retry_after(fields, NOW.timestamp()) == pytest.approx(seconds)


@pytest.mark.parametrize("text", NONSENSE)
@pytest.mark.parametrize("name", ["retry-after", "retry-after-ms"])
def test_nonsense_asks_for_nothing(name: str, text: str) -> None:
    """A wait that is no number of seconds from 0 up and no date is as if it had not been asked for."""
    assert retry_after({name: text}, NOW.timestamp()) is None


@given(st.text(max_size=40) | st.text("FriMayGT0123459:+-, ", max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever a gateway writes, what is read is nothing, or seconds from 0 up."""
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: text}, NOW.timestamp())
        assert seconds is None or 0 <= seconds < float("inf")
