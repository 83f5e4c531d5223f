"""Reads the bodies of error responses: both of the service's envelopes, or an excerpt of anything else."""

import re
from typing import Any

from talon_async._codec.json import is_array, is_object, parse
from talon_async.errors import ErrorDetail


def read_error_body(body: bytes) -> tuple[str, tuple[ErrorDetail, ...]]:
    """Read the message and the details of an error response.

    Args:
        body: The body of the response, decompressed.

    Returns:
        The message, or an excerpt of a body without one, and the entries of ``errors``.
    """
    try:
        document = parse(body)
    except ValueError:
        document = None
    if not is_object(document):
        text = re.sub(r"<[^>]*>", " ", body[:4000].decode("utf-8", "replace"))
        return " ".join(text.split())[:200] or "no body", ()
    entries = document.get("errors")
    details = [_detail(entry) for entry in entries if is_object(entry)] if is_array(entries) else []
    return _text(document.get("message"), "no message"), tuple(details)


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
        return str(value or default)
    except RecursionError:  # JSON may nest deeper than Python can print
        return default
