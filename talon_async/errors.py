"""The errors that talon_async raises.

    TalonError
    ├── ConfigurationError           a setting that cannot work (also a ValueError)
    ├── InvalidRequestError          refused before anything was sent (also a ValueError)
    ├── ClientStateError             closed, of another event loop, or without asyncio (also a RuntimeError)
    └── CallError                    a call was made and did not succeed
        ├── ServiceConnectionError   no connection, or one that broke
        │   └── CertificateError         a TLS certificate that is not accepted
        ├── CallTimeoutError         one phase took too long (also a TimeoutError)
        │   └── DeadlineExceededError    the whole call took too long
        ├── CircuitOpenError         not tried: the circuit breaker is open
        ├── ClientClosedError        the client was closed while the call was under way
        ├── ResponseTooLargeError    the answer passed the size that the client accepts
        ├── ResponseDecodeError      a success whose body cannot be read, or, with strict=True, that drifts
        └── StatusError              the service, or a gateway before it, answered with an error
            ├── BadRequestError          400
            ├── AuthenticationError      401
            ├── PermissionDeniedError    403
            ├── NotFoundError            404
            ├── ConflictError            409
            ├── RateLimitError           429
            └── ServerError              500 and above

All of them survive `pickle` and `copy`, and none of them holds the API key.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

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
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "ServerError",
    "ServiceConnectionError",
    "StatusError",
    "TalonError",
    "TimeoutPhase",
]

DriftKind = Literal["missing", "null", "type", "limit", "unknown field", "unknown member", "unknown type"]
"""How a JSON value parts from the contract."""

TimeoutPhase = Literal["pool", "connect", "write", "read", "deadline"]
"""What a call was waiting for: a free connection, its opening, sending, the answer, or all of it."""


@attrs.frozen
class Drift:
    """A place where a JSON document and the published contract part.

    Attributes:
        model: The schema in the contract, such as ``Coupon``.
        field: The JSON name of its property; empty where the value as a whole is meant.
        path: Where in the document, as a JSON path such as ``$.effects[3].props.value``.
        kind: How they part.
        expected: What the contract says, in words.
        found: The kind of value that came, never the value itself.
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
    """One entry of the ``errors`` list in an answer of the service.

    Attributes:
        title: What is wrong, in a few words.
        details: The longer explanation; empty if there is none.
        pointer: The property of the request body that is meant, such as ``/attributes/Color``; empty if none.
        parameter: The path or query parameter that is meant; empty if none.
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
    """The base of everything that talon_async raises."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.args, self.__dict__)


def _revive(cls: type[TalonError], args: tuple[Any, ...], state: dict[str, Any]) -> TalonError:
    error = cls.__new__(cls, *args)
    error.args = args  # which `TimeoutError` leaves to its `__init__`
    error.__dict__.update(state)
    return error


class ConfigurationError(TalonError, ValueError):
    """A setting that cannot work: the message names it."""


class InvalidRequestError(TalonError, ValueError):
    """A request that the API would refuse, or that cannot be written as JSON; nothing was sent.

    Attributes:
        field: The argument or attribute at fault, such as ``customer_session.cart_items[2].quantity``.
        reason: What is wrong with it: the kind of value that was given and what is allowed.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ClientStateError(TalonError, RuntimeError):
    """The client was closed, or is used from another event loop than it was opened on, or without asyncio."""


class CallError(TalonError):
    """A call was made and did not succeed.

    Attributes:
        operation: The operationId, such as ``updateCustomerSessionV2``.
        attempts: How many times the request was tried.
        sent: Whether a request, or a part of one, may have reached the service: `False` means that
            the call certainly had no effect.
    """

    def __init__(self, message: str, *, operation: str, sent: bool = True, attempts: int = 1) -> None:
        super().__init__(message)
        self.operation = operation
        self.sent = sent
        self.attempts = attempts

    def __str__(self) -> str:
        return f"{self.operation}: {super().__str__()}"


class ServiceConnectionError(CallError):
    """The connection could not be made, or broke before the answer was complete."""


class CertificateError(ServiceConnectionError):
    """The certificate of the server, or the client's own, is not accepted; the call is not retried."""


class CallTimeoutError(CallError, TimeoutError):
    """One phase of the call took longer than its timeout.

    Attributes:
        phase: What the call was waiting for.
    """

    def __init__(
        self, message: str, *, operation: str, phase: TimeoutPhase, sent: bool = True, attempts: int = 1
    ) -> None:
        super().__init__(message, operation=operation, sent=sent, attempts=attempts)
        self.phase = phase


class DeadlineExceededError(CallTimeoutError):
    """The call as a whole, with all its waits and attempts, took longer than its deadline.

    Attributes:
        last_status: The HTTP status of the last answer that came; `None` if none did.
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


class CircuitOpenError(CallError):
    """The call, or its next attempt, was not made: too many attempts failed just before."""


class ClientClosedError(CallError):
    """The client was closed while the call was under way."""


class ResponseTooLargeError(CallError):
    """The answer passed the size that the client accepts, and was not read to its end.

    Attributes:
        limit: The size accepted, in bytes.
    """

    def __init__(self, *, operation: str, limit: int, attempts: int = 1) -> None:
        super().__init__(f"the answer is larger than {limit} bytes", operation=operation, attempts=attempts)
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
    """A success whose body is no JSON of the right outermost kind or, with ``strict=True``, that drifts.

    The service has done the work: the call must not be repeated for this.

    Attributes:
        path: The JSON path of the first fault; ``$`` if the body as a whole is at fault.
        drifts: All faults, where the body is JSON of the right outermost kind.
        status: The HTTP status of the answer.
        body: The answer as it came.
        headers: The header fields of the answer, with names in lower case.
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
    """The answer's status is not one of the operation's successes.

    Attributes:
        status: The HTTP status.
        reason: The message in the response, or an excerpt of a body without one; of a redirect, its host too.
        errors: The entries of the answer's ``errors`` list.
        body: The answer as it came.
        headers: The header fields of the answer, with names in lower case.
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

    @staticmethod
    def class_for(status: int) -> "type[StatusError]":
        """The class of error that goes with a status."""
        return _BY_STATUS.get(status, ServerError if status >= 500 else StatusError)


class BadRequestError(StatusError):
    """400: the service refused the request as it is; `errors` says where."""


class AuthenticationError(StatusError):
    """401: the API key is wrong, has expired, or belongs to another environment."""


class PermissionDeniedError(StatusError):
    """403: the API key is not allowed to do this."""


class NotFoundError(StatusError):
    """404: there is no such profile, session, program, card, coupon or other thing."""


class ConflictError(StatusError):
    """409: too many requests touch the same session or profile at once, or the thing exists already."""


class RateLimitError(StatusError):
    """429: the service wants fewer requests."""


class ServerError(StatusError):
    """500 and above: the service, or a gateway before it, failed."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    429: RateLimitError,
}
