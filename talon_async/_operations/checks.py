"""Checks of requests that span several fields; the attributes state the limits of single fields."""

from collections.abc import Callable, Mapping
from typing import Any

from talon_async.errors import InvalidRequestError
from talon_async.models.base import UNSET

MAX_SESSION_QUANTITY = 10_000


def needs_dry(*names: str) -> Callable[[Any, Mapping[str, Any]], None]:
    """Create a check that refuses arguments which only dry requests support."""

    def check(_body: Any, arguments: Mapping[str, Any]) -> None:
        for name in names:
            if arguments.get(name, UNSET) not in (UNSET, False) and arguments.get("dry") is not True:
                raise InvalidRequestError(name, "requires dry=True")

    return check


def eligibility_needs_dry(body: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse a request for campaign eligibility that is not dry."""
    if "campaignEligibility" in (body.response_content or ()) and arguments.get("dry") is not True:
        raise InvalidRequestError("response_content", "campaignEligibility requires dry=True")


def session_quantity(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse a cart with more units than a session can have."""
    units = sum(item.quantity for item in body.customer_session.cart_items or ())
    if units > MAX_SESSION_QUANTITY:
        raise InvalidRequestError(
            "customer_session.cart_items",
            f"expected at most {MAX_SESSION_QUANTITY} units in all, found {units}",
        )


def awaits_activation_only_true(_body: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse `False`, which the service does not support."""
    if arguments.get("awaits_activation") is False:
        raise InvalidRequestError("awaits_activation", "expected True or UNSET, found False")


def session_or_transactions(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse both a session and transactions, or neither."""
    if (body.session_id is UNSET) is (body.transaction_uuids is UNSET):
        found = "neither" if body.session_id is UNSET else "both"
        raise InvalidRequestError(
            "session_id, transaction_uuids", f"expected exactly one of them, found {found}"
        )


def subledgers_fit_scope(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse selected subledgers without a selection."""
    if body.scope == "SelectedSubledgers" and not body.subledger_ids:
        raise InvalidRequestError("subledger_ids", "expected at least 1 with SelectedSubledgers, found none")


def one_type_of_catalog_action(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse actions of different types in one request."""
    types = sorted({action.type for action in body.actions})
    if len(types) > 1:
        raise InvalidRequestError("actions", f"expected actions of one type, found {', '.join(types)}")


def different_skus(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse two actions for the same SKU in one request."""
    seen: set[str] = set()
    for index, action in enumerate(body.actions):
        sku = getattr(action.payload, "sku", None)
        if sku in seen:
            raise InvalidRequestError(
                f"actions[{index}].payload.sku", f"expected each SKU once, found {sku!r} again"
            )
        if sku is not None:
            seen.add(sku)
