"""The bodies of error answers."""

from typing import Annotated

import attrs

from talon_async.models.base import Model, Wire

__all__ = ["APIError", "ErrorResponse", "ErrorResponseWithStatus", "ErrorSource"]


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorSource(Model):
    """The spot that an error is about.

    One of `pointer`, `parameter` and `line` is given.

    Attributes:
        pointer: A path into the body that was sent.
        parameter: The name of a query parameter.
        line: A line of an uploaded file, or `N/A` if it is not known.
        resource: A pointer to the entity at fault.
    """

    pointer: str | None = None
    parameter: str | None = None
    line: str | None = None
    resource: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class APIError(Model):
    """One problem of a call.

    Attributes:
        title: What kind of problem it is, in a few words.
        details: What went wrong this time.
        source: Where it went wrong.
    """

    title: str
    details: str | None = None
    source: ErrorSource


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorResponse(Model):
    """The error body without a status code.

    Sent with status 400 by `updateCustomerSessionV2`, `getCustomerSession`, `returnCartItems`,
    `reopenCustomerSession`, `createReferral` and `syncCatalog`.

    Attributes:
        message: What went wrong as a whole.
        errors: The problems one by one.
    """

    message: str
    errors: list[APIError] | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class ErrorResponseWithStatus(Model):
    """The error body with a status code.

    Declared for statuses 401, 404 and 409, and for 400 of the operations that do not use `ErrorResponse`.

    Attributes:
        message: What went wrong as a whole.
        errors: The problems one by one.
        status_code: The code of the error; `StatusCode` in JSON.
    """

    message: str | None = None
    errors: list[APIError] | None = None
    status_code: Annotated[int | None, Wire("StatusCode")] = None
