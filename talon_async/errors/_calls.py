"""The base of all errors, errors before a call, and errors of calls without a complete response."""

from typing import Any

from talon_async.errors._details import TimeoutPhase


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


class JournalError(ConfigurationError):
    """The journal of a bulk job is in use, belongs to another job, or is damaged; the message says which."""


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

    Attributes:
        retry_after: The seconds until the circuit breaker lets a call through as a probe, counted from when
            the error was raised; `None` if a probe was in flight.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        sent: bool = True,
        attempts: int = 1,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, operation=operation, sent=sent, attempts=attempts)
        self.retry_after = retry_after


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
