"""Reads error responses: both of the service's envelopes, or an excerpt of anything else."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import attrs

from talon_async._codec.json import is_array, is_object, parse
from talon_async.errors import ErrorDetail

MAX_ERRORS: Final = 100
"""The most entries of ``errors`` that an error has; all are in its body."""

MAX_TEXT: Final = 2000
"""The most characters of each text of an error; the whole is in its body."""

_REQUEST_ID_FIELDS: Final = ("RequestUUID", "requestUUID", "requestId", "request_id")


@attrs.frozen
class ErrorBody:
    """What an error response says.

    Attributes:
        reason: The message, or an excerpt of a body without one.
        errors: The entries of ``errors``.
        request_id: The ID of the request in the body; `None` if there is none.
    """

    reason: str
    errors: tuple[ErrorDetail, ...]
    request_id: str | None


def read_error(status: int, body: bytes, headers: Mapping[str, str]) -> ErrorBody:
    """Read an error response.

    Args:
        status: The HTTP status.
        body: The body of the response, decompressed.
        headers: The header fields, with names in lower case.
    """
    try:
        document = parse(body)
    except ValueError:
        document = None
    if not is_object(document):
        document = {}
    entries = document.get("errors")
    details = (
        [_detail(entry) for entry in entries[:MAX_ERRORS] if is_object(entry)] if is_array(entries) else []
    )
    message = document.get("message")
    if message and isinstance(message, str):
        reason = message[:MAX_TEXT]
    else:
        reason = "no message" if details else _excerpt(body, headers.get("content-encoding"))
    ids = (_text(document.get(name), "") for name in _REQUEST_ID_FIELDS)
    request_id = next((text for text in ids if text), None)
    if 300 <= status < 400 and "location" in headers:
        reason = f"redirect to {_host(headers['location'])}, not followed: {reason}"
    return ErrorBody(reason, tuple(details), request_id)


def _excerpt(body: bytes, coding: str | None) -> str:
    text = body[:4000].decode("utf-8", "replace")
    if coding and "\ufffd" in text:
        return f"a body that cannot be read, encoded with {coding}"
    return " ".join(re.sub(r"<[^<>]*>", " ", text).split())[:200] or "no body"


def _host(location: str) -> str:
    try:
        parts = urlsplit(location)
    except ValueError:
        return "an address that is not valid"
    return parts.netloc.rpartition("@")[2] or "the same host"


def _detail(entry: dict[str, Any]) -> ErrorDetail:
    source = entry.get("source")
    place = source if is_object(source) else {}
    return ErrorDetail(
        title=_text(entry.get("title"), "error"),
        details=_text(entry.get("details"), ""),
        pointer=_text(place.get("pointer"), ""),
        parameter=_text(place.get("parameter"), ""),
    )


def _text(value: Any, default: str) -> str:
    try:
        return str(value or default)[:MAX_TEXT]
    except RecursionError:  # JSON may nest deeper than Python can print
        return default
