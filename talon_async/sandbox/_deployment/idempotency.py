"""The answers that calls with an ``Idempotency-Key`` got, which the same key is given again."""

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
    """An answer that is given again.

    Attributes:
        status: The HTTP status.
        body: The body as it went out.
        expires: Until when it is given again.
    """

    status: int
    body: bytes
    expires: datetime


def check_key(key: str) -> None:
    """Refuse a key of more than 255 characters.

    Raises:
        ApiError: It is longer; status 400.
    """
    if len(key) > MAX_KEY_LENGTH:
        raise bad_parameter(HEADER, f"expected at most {MAX_KEY_LENGTH} characters, found {len(key)}")


def stored_response(
    answers: OrderedDict[str, StoredResponse], request: str, now: datetime
) -> StoredResponse | None:
    """Find the answer that a request got before.

    Args:
        answers: The answers, oldest first.
        request: The operation, its path and the key.
        now: The moment of the call; what expired by then is forgotten.
    """
    while answers:
        oldest = next(iter(answers))
        if answers[oldest].expires > now:
            break
        del answers[oldest]
    return answers.get(request)


def store_response(
    answers: OrderedDict[str, StoredResponse], request: str, status: int, body: bytes, now: datetime
) -> None:
    """Keep the answer to a request for 24 hours, or until 10,000 later ones are kept.

    Args:
        answers: The answers, oldest first.
        request: The operation, its path and the key.
        status: The HTTP status.
        body: The body.
        now: The moment of the call.
    """
    answers[request] = StoredResponse(status=status, body=body, expires=now + MAX_AGE)
    if len(answers) > MAX_RESPONSES:
        answers.popitem(last=False)
