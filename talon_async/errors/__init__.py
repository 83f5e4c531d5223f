"""The errors that talon_async raises.

    TalonError
    ├── ConfigurationError           a setting is not valid (also a ValueError)
    │   └── JournalError             the journal of a bulk job is in use, of another job, or damaged
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

from talon_async.errors._calls import (
    CallError,
    CallTimeoutError,
    CertificateError,
    CircuitOpenError,
    ClientClosedError,
    ClientStateError,
    ConfigurationError,
    DeadlineExceededError,
    InvalidRequestError,
    JournalError,
    MissingPackagesError,
    ResponseTooLargeError,
    ServiceConnectionError,
    ServiceUnavailableError,
    TalonError,
)
from talon_async.errors._details import Drift, DriftKind, ErrorDetail, TimeoutPhase
from talon_async.errors._responses import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseDecodeError,
    ServerError,
    StatusError,
)

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
    "JournalError",
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

for _value in list(globals().values()):
    # Tracebacks and pickled errors name the module that users import from.
    if isinstance(_value, type) and _value.__module__.startswith(f"{__name__}."):
        _value.__module__ = __name__
