"""What the failure of a request means for its rows; pure functions."""

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

from talon_async._operations.operation import Operation
from talon_async._transport.retry import is_contention
from talon_async.bulk._kinds import Kind
from talon_async.errors import (
    CallError,
    CertificateError,
    CircuitOpenError,
    ClientClosedError,
    ErrorDetail,
    ResponseDecodeError,
    StatusError,
)

Meaning: TypeAlias = Literal["applied", "refused", "not applied", "unclear", "stop"]
GateResult: TypeAlias = Literal["ok", "throttled", "failed", "unknown"]

_REFUSED: Final = frozenset({400, 404, 409, 413, 422})


@attrs.frozen
class Verdict:
    """What a response, or its lack, means.

    Attributes:
        meaning: What it means for the rows. ``stop``: it concerns no row, and the next request would fail
            too.
        load: What it says about the load of the service.
    """

    meaning: Meaning
    load: GateResult


def verdict_on(kind: Kind, failure: CallError | None) -> Verdict:
    """Judge how a request ended.

    Args:
        kind: The kind of its rows.
        failure: How it failed; `None` for a success.
    """
    match failure:
        case None | ResponseDecodeError():  # which is a success with a body that cannot be read
            return Verdict("applied", "ok")
        case StatusError():
            return _verdict_on_status(kind, failure)
        case CertificateError() | ClientClosedError():
            return Verdict("stop", "unknown")
        case CircuitOpenError():
            return Verdict("unclear" if failure.sent else "not applied", "unknown")
        case _:
            return Verdict("unclear" if failure.sent else "not applied", "failed")


def _verdict_on_status(kind: Kind, failure: StatusError) -> Verdict:
    status = failure.status
    if status == 429:
        return Verdict("not applied", "throttled")
    if status == 408 or status >= 500:
        return Verdict("unclear", "failed")
    if status == 409 and is_contention(kind.operation, failure):
        return Verdict("not applied", "unknown")
    if status == 409 and kind.exists_is_applied:
        return Verdict("applied", "ok")
    return Verdict("refused" if status in _REFUSED else "stop", "ok")


def concerns_all(operation: Operation[..., object], failure: StatusError) -> bool:
    """Whether a refusal concerns every row of a request, since what its path names does not exist."""
    return failure.status == 404 and bool(operation.path_parameters)


def rows_named(failure: StatusError, list_name: str, count: int) -> Mapping[int, ErrorDetail]:
    """Find the rows that a refusal names, by their positions in the request.

    It names them as JSON pointers do (``/customerProfiles/3/attributes``), as JSON paths do
    (``customerProfiles[3].attributes``), or in its explanation.

    Args:
        failure: The refusal.
        list_name: The JSON name of the list of rows.
        count: The number of rows.
    """
    if not list_name:
        return {}
    place = re.compile(rf"(?:\b{re.escape(list_name)}|^\$?)(?:[/.](\d+)|\[(\d+)\])")
    named: dict[int, ErrorDetail] = {}
    for detail in failure.errors:
        found = place.search(detail.pointer) or place.search(detail.details) or place.search(detail.title)
        index = int(found[1] or found[2]) if found else count
        if index < count:
            named.setdefault(index, detail)
    return named


def field_and_reason(failure: StatusError, detail: ErrorDetail | None = None) -> tuple[str, str]:
    """The field that a refusal names, and why it is refused."""
    detail = detail or next(iter(failure.errors), None)
    if detail is None:
        return "", f"HTTP {failure.status}: {failure.reason}"
    reason = f"{detail.title}: {detail.details}" if detail.details else detail.title
    return detail.pointer or detail.parameter, reason
