"""Bodies of error responses."""

from typing import Annotated

import attrs

from talon_async.models.base import Model, Wire

__all__ = ["APIError", "ErrorResponse", "ErrorResponseWithStatus", "ErrorSource"]


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorSource(Model):
    """Where an error is.

    The service sets one of `pointer`, `parameter` and `line`.

    Attributes:
        pointer: A path into the request body.
        parameter: The name of a query parameter.
        line: A line of an uploaded file; ``N/A`` if the service cannot tell.
        resource: A pointer to the entity at fault.
    """

    pointer: str | None = None
    parameter: str | None = None
    line: str | None = None
    resource: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class APIError(Model):
    """One problem of a request.

    Attributes:
        title: The kind of problem, in a few words.
        details: What is wrong in this request.
        source: Where the problem is.
    """

    title: str
    details: str | None = None
    source: ErrorSource


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorResponse(Model):
    """An error body without a status code.

    Sent with status 400 by `updateCustomerSessionV2`, `getCustomerSession`, `returnCartItems`,
    `reopenCustomerSession`, `createReferral` and `syncCatalog`.

    Attributes:
        message: The error as a whole.
        errors: The individual problems.
    """

    message: str
    errors: list[APIError] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorResponseWithStatus(Model):
    """An error body with a status code.

    Declared for statuses 401, 404 and 409, and for 400 of the operations that do not use `ErrorResponse`.

    Attributes:
        message: The error as a whole.
        errors: The individual problems.
        status_code: The error code; ``StatusCode`` in JSON.
    """

    message: str | None = None
    errors: list[APIError] | None = None
    status_code: Annotated[int | None, Wire("StatusCode")] = None
