"""Rules for requests that span several fields; those of a single field stand at its attribute."""

from collections.abc import Mapping
from typing import Any

from talon_async.errors import InvalidRequestError
from talon_async.models.base import UNSET

MAX_SESSION_QUANTITY = 10_000


def needs_dry(*names: str) -> Any:
    """Make a check that refuses arguments that mean something only in a dry request."""

    def check(_body: Any, arguments: Mapping[str, Any]) -> None:
        for name in names:
            if arguments.get(name, UNSET) not in (UNSET, False) and arguments.get("dry") is not True:
                raise InvalidRequestError(name, "works only together with dry=True")

    return check


def eligibility_needs_dry(body: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse to ask for the eligibility of campaigns in a request that is not dry."""
    if "campaignEligibility" in (body.response_content or ()) and arguments.get("dry") is not True:
        raise InvalidRequestError("response_content", "campaignEligibility works only together with dry=True")


def session_quantity(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse a cart with more units than a session can hold."""
    units = sum(item.quantity for item in body.customer_session.cart_items or ())
    if units > MAX_SESSION_QUANTITY:
        raise InvalidRequestError(
            "customer_session.cart_items",
            f"expected at most {MAX_SESSION_QUANTITY} units in all, found {units}",
        )
