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
MAX_BYTES: Final = 64 * 2**20


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


@attrs.define(kw_only=True)
class StoredResponses:
    """The stored responses: at most 10,000, and at most 64 MiB; beyond it the oldest are dropped.

    Attributes:
        by_request: The responses, oldest first, by operation, path arguments and key.
        size: How many bytes they and their requests' names have.
    """

    by_request: OrderedDict[str, StoredResponse] = attrs.field(factory=OrderedDict[str, StoredResponse])
    size: int = 0

    def __len__(self) -> int:
        return len(self.by_request)

    def find(self, request: str, now: datetime) -> StoredResponse | None:
        """Find the stored response to a request; expired responses are deleted.

        Args:
            request: The operation, the path arguments and the key.
            now: The time of the request.
        """
        while self.by_request and next(iter(self.by_request.values())).expires <= now:
            self._drop_oldest()
        return self.by_request.get(request)

    def store(self, request: str, status: int, body: bytes, now: datetime) -> None:
        """Store the response to a request that has none, for 24 hours.

        Args:
            request: The operation, the path arguments and the key.
            status: The HTTP status.
            body: The body.
            now: The time of the request.
        """
        self.by_request[request] = StoredResponse(status=status, body=body, expires=now + MAX_AGE)
        self.size += len(request) + len(body)
        while len(self.by_request) > MAX_RESPONSES or self.size > MAX_BYTES:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        request, response = self.by_request.popitem(last=False)
        self.size -= len(request) + len(response.body)
