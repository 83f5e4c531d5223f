"""Errors of calls with a response: an error status, or a body that cannot be decoded."""

import time
from collections.abc import Mapping
from typing import Final

from talon_async._retry_after import retry_after
from talon_async.errors._calls import CallError, ServiceUnavailableError
from talon_async.errors._details import Drift, ErrorDetail

_REQUEST_ID_HEADERS: Final = (
    "x-request-id",
    "request-id",
    "requestuuid",
    "x-request-uuid",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amz-cf-id",
    "cf-ray",
)


def _request_id_in(headers: Mapping[str, str]) -> str | None:
    return next((headers[name] for name in _REQUEST_ID_HEADERS if headers.get(name)), None)


class ResponseDecodeError(CallError):
    """A success whose body cannot be decoded: it is not valid JSON, or not an object or array as expected.

    With ``strict=True``, also a body that does not match the published schema. The service has completed the
    call: do not retry it.

    Attributes:
        path: The JSON path of the first mismatch; ``$`` for the body as a whole.
        drifts: All mismatches with the schema; empty if the body is not an object or array as expected.
        status: The HTTP status.
        body: The body, decompressed.
        headers: The header fields, with names in lower case.
        request_id: The ID that the service or a gateway gave the request; `None` if there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        path: str = "$",
        drifts: tuple[Drift, ...] = (),
    ) -> None:
        super().__init__(message, operation=operation)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.request_id = _request_id_in(self.headers)
        self.path = path
        self.drifts = drifts


class StatusError(CallError):
    """The service, or a gateway before it, responded with a status other than 2xx.

    A status from 400 to 499 means that the service refused the last attempt. An earlier attempt may have had
    an effect, if `attempts` is above 1.

    Attributes:
        status: The HTTP status.
        reason: The message of the response, or an excerpt of a body without one; its host for a redirect.
        errors: The entries of the response's ``errors`` list.
        body: The body, decompressed.
        headers: The header fields, with names in lower case.
        request_id: The ID that the service or a gateway gave the request; `None` if there is none.
    """

    def __init__(
        self,
        *,
        operation: str,
        status: int,
        reason: str,
        errors: tuple[ErrorDetail, ...] = (),
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__("; ".join([f"HTTP {status}: {reason}", *map(str, errors)]), operation=operation)
        self.status = status
        self.reason = reason
        self.errors = errors
        self.body = body
        self.headers = dict(headers or {})
        self.request_id = _request_id_in(self.headers) or request_id

    @property
    def retry_after(self) -> float | None:
        """The seconds from now that the service asks to wait before the next call; `None` if it does not."""
        return retry_after(self.headers, time.time())

    @staticmethod
    def class_for(status: int) -> "type[StatusError]":
        """Return the error class for a status."""
        return _BY_STATUS.get(status, ServerError if status >= 500 else StatusError)


class BadRequestError(StatusError):
    """400: the request is not valid; `errors` names the fields to correct."""


class AuthenticationError(StatusError):
    """401: the API key is wrong, expired, or of another environment."""


class PermissionDeniedError(StatusError):
    """403: the API key does not permit the operation."""


class NotFoundError(StatusError):
    """404: the profile, program, card, coupon or other entity does not exist."""


class ConflictError(StatusError):
    """409: too many concurrent requests for a session or profile, or the entity exists already.

    The client retries contention, as `RetryPolicy` documents. An entity that exists already can be the work
    of an earlier attempt, if `attempts` is above 1.
    """


class RateLimitError(StatusError, ServiceUnavailableError):
    """429: too many requests; reduce the rate before trying again."""


class ServerError(StatusError, ServiceUnavailableError):
    """500 and above: the service, or a gateway before it, failed. The call may have had an effect."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
