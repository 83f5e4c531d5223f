"""Stores the responses to requests with an ``Idempotency-Key``, and replays them."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

import attrs

from talon_async.sandbox._errors import bad_parameter

HEADER: Final = "Idempotency-Key"
MAX_KEY_LENGTH: Final = 255
MAX_AGE: Final = timedelta(hours=24)
MAX_RESPONSES: Final = 10_000


@attrs.frozen(kw_only=True)
class StoredResponse:
    """A stored response.

    Attributes:
        status: The HTTP status.
        body: The body.
        expires: When it expires.
    """

    status: int
    body: bytes
    expires: datetime


def check_key(key: str) -> None:
    """Check the length of a key, at most 255 characters.

    Raises:
        ApiError: The key is longer; status 400.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise bad_parameter(HEADER, f"expected at most {MAX_KEY_LENGTH} characters, found {len(key)}")


def stored_response(
    responses: OrderedDict[str, StoredResponse], request: str, now: datetime
) -> StoredResponse | None:
    """Find the stored response to a request; expired responses are deleted.

    Args:
        responses: The stored responses, oldest first.
        request: The operation, the path arguments and the key.
        now: The time of the request.
    """
    while responses:
        oldest = next(iter(responses))
        if responses[oldest].expires > now:
            break
        del responses[oldest]
    return responses.get(request)


def store_response(
    responses: OrderedDict[str, StoredResponse], request: str, status: int, body: bytes, now: datetime
) -> None:
    """Store the response to a request for 24 hours, at most 10,000 responses at a time.

    Args:
        responses: The stored responses, oldest first.
        request: The operation, the path arguments and the key.
        status: The HTTP status.
        body: The body.
        now: The time of the request.
    """
    responses[request] = StoredResponse(status=status, body=body, expires=now + MAX_AGE)
    if len(responses) > MAX_RESPONSES:
        responses.popitem(last=False)
