"""The retry rules: which operations are retried after which failures."""

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
from talon_async._retry_after import retry_after
from talon_async._transport.retry import may_retry
from talon_async.errors import TimeoutPhase

# Stated here a second time on purpose: whether a write may be sent twice is a decision, not a detail. Reads
# are not listed, and a write that is not listed may never be sent again.
RETRYABLE_WRITES: Final = {
    "a read with POST": {"bestPriorPrice"},
    "identified by its Idempotency-Key": {
        "updateCustomerSessionV2",
        "returnCartItems",
        "reopenCustomerSession",
        "updateCustomerProfileV2",
        "updateCustomerProfilesV2",
        "trackEventV2",
    },
    "identified by the event's identifier": {"trackEventV3"},
    "idempotent": {
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
"""The operations that are retried even if the request may have reached the service."""
CONCURRENCY_LIMITED: Final = {
    "updateCustomerSessionV2",
    "updateCustomerProfileV2",
    "trackEventV2",
    "trackEventV3",
}
"""The operations whose 409 can mean too many requests for the same customer."""


def test_every_retryable_write_exists() -> None:
    """Each retryable write is an operation and is listed once."""
    listed = [operation for group in RETRYABLE_WRITES.values() for operation in group]
    assert len(listed) == len(set(listed))
    assert set(listed) <= {row.id for row in OPERATIONS.values() if row.method != "GET"}


def status(code: int, reason: str = "no") -> StatusError:
    """The error of a response."""
    return StatusError.class_for(code)(operation="any", status=code, reason=reason)


def timeout(phase: TimeoutPhase, *, sent: bool) -> CallTimeoutError:
    """The error of a phase that timed out."""
    return CallTimeoutError("too slow", operation="any", phase=phase, sent=sent)


TRANSIENT: Final = {408, 429, 500, 502, 503, 504}
UNKNOWN_EFFECT: Final[dict[str, CallError]] = {
    "broken": ServiceConnectionError("broken", operation="any"),
    "silent": timeout("read", sent=True),
    "stuck": timeout("write", sent=True),
    **{f"HTTP {code}": status(code) for code in TRANSIENT},
}
"""Failures after which it is unknown whether the request had an effect."""
UNSENT: Final[dict[str, CallError]] = {
    "refused": ServiceConnectionError("refused", operation="any", sent=False),
    "not opened": timeout("connect", sent=False),
    "no free connection": timeout("pool", sent=False),
}
FINAL: Final[dict[str, CallError]] = {
    **{f"HTTP {code}": status(code) for code in range(300, 600) if code not in {409, *TRANSIENT}},
    "unreadable": ResponseDecodeError("not valid JSON", operation="any", status=200, body=b"<"),
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
def test_failures_are_retried_only_if_safe(operation: Any) -> None:
    """Unsent requests are always retried, requests with an unknown effect only if safe, others never."""

    def retried(failures: dict[str, CallError]) -> set[str]:
        return {name for name, failure in failures.items() if may_retry(operation, failure)}

    assert retried(UNSENT) == set(UNSENT)
    assert retried(UNKNOWN_EFFECT) == (set(UNKNOWN_EFFECT) if operation.id in RETRYABLE else set())
    assert retried(FINAL) == set()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS.keys())
def test_a_409_is_retried_only_for_concurrent_requests(operation: Any) -> None:
    """A 409 for concurrent requests is retried; one for an existing object is not."""
    assert {may_retry(operation, failure) for failure in BUSY} == {operation.id in CONCURRENCY_LIMITED}
    assert may_retry(operation, TAKEN) is (operation.id in CONCURRENCY_LIMITED - {"trackEventV3"})


NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
VALID: Final[dict[str, tuple[dict[str, str], float]]] = {
    "seconds": ({"retry-after": "2"}, 2.0),
    "part of a second": ({"retry-after": "0.25"}, 0.25),
    "zero": ({"retry-after": "0"}, 0.0),
    "milliseconds": ({"retry-after-ms": "250"}, 0.25),
    "both": ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
    "seconds beside an invalid value": ({"retry-after-ms": "soon", "retry-after": "1"}, 1.0),
    "a day": ({"retry-after": "86400"}, 86400.0),
    "a date": ({"retry-after": "Fri, 01 May 2026 12:00:03 GMT"}, 3.0),
    "a date in RFC 850 format": ({"retry-after": "Friday, 01-May-26 12:00:03 GMT"}, 3.0),
    "a date without a zone": ({"retry-after": "Fri May  1 12:00:03 2026"}, 3.0),
    "a date in the past": ({"retry-after": "Fri, 01 May 2026 11:59:00 GMT"}, 0.0),
    "a date far in the future": ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 251624663999.0),
}
INVALID: Final = [
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
def _local_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the local time zone to one other than UTC."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_local_time_zone")
@pytest.mark.parametrize(("fields", "seconds"), VALID.values(), ids=VALID.keys())
def test_retry_after_is_parsed(fields: dict[str, str], seconds: float) -> None:
    """``Retry-After`` is accepted in seconds, in milliseconds and in each HTTP date format."""
    assert retry_after(fields, NOW.timestamp()) == pytest.approx(seconds)


@pytest.mark.parametrize("text", INVALID)
@pytest.mark.parametrize("name", ["retry-after", "retry-after-ms"])
def test_an_invalid_retry_after_is_ignored(name: str, text: str) -> None:
    """A value that is neither a number of at least 0 nor a date is ignored."""
    assert retry_after({name: text}, NOW.timestamp()) is None


@given(st.text(max_size=40) | st.text("FriMayGT0123459:+-, ", max_size=40))
def test_any_retry_after_can_be_parsed(text: str) -> None:
    """Any text parses to `None` or to a finite number of seconds of at least 0."""
    for name in ("retry-after", "retry-after-ms"):
        seconds = retry_after({name: text}, NOW.timestamp())
        assert seconds is None or 0 <= seconds < float("inf")
