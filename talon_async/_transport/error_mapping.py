"""Maps the exceptions of httpx and httpx2, and whatever else a transport raises, to the client's errors."""

import socket
import ssl
from typing import Final

import httpx

from talon_async._transport.http_family import httpx_class
from talon_async.errors import (
    CallError,
    CallTimeoutError,
    CertificateError,
    ServiceConnectionError,
    TimeoutPhase,
)

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    ConnectionRefusedError,
    socket.gaierror,
    ssl.SSLCertVerificationError,
)
_PHASES: Final[tuple[tuple[type[Exception], TimeoutPhase], ...]] = (
    (httpx.ConnectTimeout, "connect"),
    (httpx.WriteTimeout, "write"),
    (httpx.PoolTimeout, "pool"),
    (httpx.TimeoutException, "read"),
    (TimeoutError, "read"),
)


def never_sent(error: Exception) -> bool:
    """Whether an exchange failed before any of its request was sent."""
    return issubclass(httpx_class(error), _NEVER_SENT)


def error_for(error: Exception, text: str, operation_id: str) -> CallError:
    """Create the error for a failed exchange.

    Args:
        error: What the transport raised.
        text: Its text, without the API key.
        operation_id: The operation that was called.
    """
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if _is_about_certificates(error):
        return CertificateError(message, operation=operation_id)
    cls = httpx_class(error)
    for kind, phase in _PHASES:
        if issubclass(cls, kind):
            return CallTimeoutError(message, operation=operation_id, phase=phase)
    return ServiceConnectionError(message, operation=operation_id)


def _is_about_certificates(error: BaseException | None) -> bool:
    """Whether TLS failed, here or among the causes of an exception, because of a certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        if isinstance(error, ssl.SSLError) and "CERTIFICATE" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
