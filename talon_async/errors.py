"""The errors that talon_async raises.

    TalonError
    ├── ConfigurationError           a setting is not valid (also a ValueError)
    ├── InvalidRequestError          a request is not valid; nothing was sent (also a ValueError)
    ├── ClientStateError             closed, of another event loop, or without asyncio (also a RuntimeError)
    ├── MissingPackagesError         an extra is not installed (also an ImportError)
    └── CallError                    a call failed
        ├── ServiceUnavailableError  the service cannot respond now; a later call may succeed
        │   ├── ServiceConnectionError   no connection, or a broken one
        │   │   └── CertificateError         a TLS certificate is not accepted
        │   ├── CallTimeoutError         a phase of an attempt timed out (also a TimeoutError)
        │   │   └── DeadlineExceededError    the whole call exceeded its deadline
        │   └── CircuitOpenError         not attempted: the circuit breaker is open
        ├── ClientClosedError        the client was closed while the call was in flight
        ├── ResponseTooLargeError    the response exceeds the accepted size
        ├── ResponseDecodeError      a success with a body that cannot be decoded
        └── StatusError              the service, or a gateway before it, responded with an error status
            ├── BadRequestError          400
            ├── AuthenticationError      401
            ├── PermissionDeniedError    403
            ├── NotFoundError            404
            ├── ConflictError            409
            ├── RateLimitError           429 (also a ServiceUnavailableError)
            └── ServerError              500 and above (also a ServiceUnavailableError)

`CallError.sent` says whether a failed call may have had an effect. All errors survive `pickle` and `copy`,
and none contains the API key.
"""

import time
from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from talon_async._retry_after import retry_after

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "CallError",
    "CallTimeoutError",
    "CertificateError",
    "CircuitOpenError",
    "ClientClosedError",
    "ClientStateError",
    "ConfigurationError",
    "ConflictError",
    "DeadlineExceededError",
    "Drift",
    "DriftKind",
    "ErrorDetail",
    "InvalidRequestError",
    "MissingPackagesError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "ServerError",
    "ServiceConnectionError",
    "ServiceUnavailableError",
    "StatusError",
    "TalonError",
    "TimeoutPhase",
]

DriftKind = Literal["missing", "null", "type", "limit", "unknown field", "unknown member", "unknown type"]
"""How a JSON value differs from the published schema."""

TimeoutPhase = Literal["pool", "connect", "write", "read", "deadline"]
"""What timed out: waiting for a free connection, connecting, sending, receiving, or the whole call."""


@attrs.frozen
class Drift:
    """A place where a JSON document does not match the published schema.

    Attributes:
        model: The schema, such as ``Coupon``.
        field: The JSON name of the property; empty for the value as a whole.
        path: The JSON path of the place, such as ``$.effects[3].props.value``.
        kind: How the document differs.
        expected: What the schema allows.
        found: The kind of value found, never the value itself.
    """

    model: str
    field: str
    path: str
    kind: DriftKind
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, found {self.found}"


@attrs.frozen
class ErrorDetail:
    """One entry of the ``errors`` list in an error response.

    Attributes:
        title: The kind of problem, in a few words.
        details: The explanation; empty if there is none.
        pointer: The path of the property in the request body, such as ``/state``; empty if there is none.
        parameter: The name of the parameter; empty if there is none.
    """

    title: str
    details: str = ""
    pointer: str = ""
    parameter: str = ""

    def __str__(self) -> str:
        place = self.pointer or self.parameter
        text = f"{self.title}: {self.details}" if self.details else self.title
        return f"{text} ({place})" if place else text


class TalonError(Exception):
    """The base of all errors that talon_async raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.args, self.__dict__)


def _revive(cls: type[TalonError], args: tuple[Any, ...], state: dict[str, Any]) -> TalonError:
    error = cls.__new__(cls, *args)
    error.args = args  # `TimeoutError` sets them only in `__init__`
    error.__dict__.update(state)
    return error


class ConfigurationError(TalonError, ValueError):
    """A setting is not valid; the message names it."""


class InvalidRequestError(TalonError, ValueError):
    """A request exceeds a published limit, or JSON cannot represent it. Nothing was sent: correct it.

    Attributes:
        field: The argument or attribute, such as ``customer_session.cart_items[2].quantity``.
        reason: What is allowed and what was found.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ClientStateError(TalonError, RuntimeError):
    """The client is closed, or used on another event loop, or without asyncio. Nothing was sent."""


class MissingPackagesError(TalonError, ImportError):
    """Packages of an extra are not installed; the message says how to install them."""


class CallError(TalonError):
    """A call failed.

    Attributes:
        operation: The operationId, such as ``updateCustomerSessionV2``.
        attempts: How many attempts were made.
        sent: Whether a request, or part of one, may have reached the service. `False` means that the call had
            no effect.
    """

    def __init__(self, message: str, *, operation: str, sent: bool = True, attempts: int = 1) -> None:
        super().__init__(message)
        self.operation = operation
        self.sent = sent
        self.attempts = attempts

    def __str__(self) -> str:
        return f"{self.operation}: {super().__str__()}"


class ServiceUnavailableError(CallError):
    """The service cannot respond now: there is no connection, a timeout, an open circuit, a 429 or a 5xx.

    Catch it to continue without the service. Other errors mean that the program, its configuration or the
    API key has to be corrected.
    """


class ServiceConnectionError(ServiceUnavailableError):
    """No connection could be opened, or it broke before the response was complete.

    If `sent` is `True`, the call may have had an effect.
    """


class CertificateError(ServiceConnectionError):
    """The certificate of the server, or the client's own, is not accepted; the call is not retried."""


class CallTimeoutError(ServiceUnavailableError, TimeoutError):
    """A phase of an attempt exceeded its timeout.

    If `sent` is `True`, the call may have had an effect.

    Attributes:
        phase: The phase that timed out.
    """

    def __init__(
        self, message: str, *, operation: str, phase: TimeoutPhase, sent: bool = True, attempts: int = 1
    ) -> None:
        super().__init__(message, operation=operation, sent=sent, attempts=attempts)
        self.phase = phase


class DeadlineExceededError(CallTimeoutError):
    """The call with queueing, backoff and all attempts exceeded its deadline.

    If `sent` is `True`, the call may have had an effect.

    Attributes:
        last_status: The HTTP status of the last response; `None` if there was none.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        sent: bool = True,
        attempts: int = 1,
        last_status: int | None = None,
    ) -> None:
        super().__init__(message, operation=operation, phase="deadline", sent=sent, attempts=attempts)
        self.last_status = last_status


class CircuitOpenError(ServiceUnavailableError):
    """The circuit breaker is open after too many failed attempts; the next attempt was not made.

    If `sent` is `True`, an earlier attempt may have had an effect. Try again later.
    """


class ClientClosedError(CallError):
    """The client was closed while the call was in flight.

    If `sent` is `True`, the call may have had an effect.
    """


class ResponseTooLargeError(CallError):
    """The response exceeds the accepted size and was not read completely.

    The call may have had an effect: the service has responded.

    Attributes:
        limit: The accepted size in bytes.
    """

    def __init__(self, *, operation: str, limit: int, attempts: int = 1) -> None:
        super().__init__(f"the response is larger than {limit} bytes", operation=operation, attempts=attempts)
        self.limit = limit


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
