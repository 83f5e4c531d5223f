"""API errors and their response bodies."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from talon_async._codec.converter import RESPONSES
from talon_async.models.base import Model
from talon_async.models.errors import APIError, ErrorResponse, ErrorResponseWithStatus, ErrorSource

INVALID: Final = "The submitted data was invalid"

_WITHOUT_STATUS: Final = frozenset(
    {
        "createReferral",
        "getCustomerSession",
        "reopenCustomerSession",
        "returnCartItems",
        "syncCatalog",
        "updateCustomerSessionV2",
    }
)
"""The operations whose 400 responses have no status in the body."""


class ApiError(Exception):
    """An error response of the API.

    Attributes:
        status: The HTTP status.
        message: The summary.
        errors: The details.
        headers: Header fields of the response.
    """

    def __init__(
        self,
        status: int,
        message: str,
        errors: Iterable[APIError] = (),
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.headers = headers
        self.status = status
        self.message = message
        self.errors = list(errors)

    def document(self, operation_id: str | None) -> dict[str, Any]:
        """Build the response body.

        Args:
            operation_id: The operation that is called; `None` if there is none.
        """
        errors = self.errors or None
        body: Model = ErrorResponseWithStatus(message=self.message, errors=errors, status_code=self.status)
        if self.status == 400 and operation_id in _WITHOUT_STATUS:
            body = ErrorResponse(message=self.message, errors=errors)
        document: dict[str, Any] = RESPONSES.unstructure(body)
        return document


def bad_field(pointer: str, details: str, *, title: str = "Invalid value") -> ApiError:
    """Refuse a request for one field of its body.

    Args:
        pointer: The field, such as ``/state``.
        details: The problem.
        title: The kind of problem.
    """
    return ApiError(
        400, INVALID, [APIError(title=title, details=details, source=ErrorSource(pointer=pointer))]
    )


def bad_parameter(name: str, details: str, *, title: str = "Invalid value") -> ApiError:
    """Refuse a request for one of its parameters.

    Args:
        name: The parameter, by its name in the request.
        details: The problem.
        title: The kind of problem.
    """
    return ApiError(
        400, INVALID, [APIError(title=title, details=details, source=ErrorSource(parameter=name))]
    )


def too_many_requests(kind: str) -> ApiError:
    """Refuse a request because too many requests for the same session or profile are in flight.

    Args:
        kind: ``session`` or ``profile``.
    """
    return ApiError(409, f"Too many requests are updating this {kind} at the same time")
