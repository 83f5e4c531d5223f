"""Rules for requests that span several fields; those of a single field stand at its attribute."""

from collections.abc import Callable, Mapping
from typing import Any

from talon_async.errors import InvalidRequestError
from talon_async.models.base import UNSET

MAX_SESSION_QUANTITY = 10_000


def needs_dry(*names: str) -> Callable[[Any, Mapping[str, Any]], None]:
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


def awaits_activation_only_true(_body: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse to ask for transactions that await no activation, which the service does not offer."""
    if arguments.get("awaits_activation") is False:
        raise InvalidRequestError("awaits_activation", "expected True, or nothing")


def session_or_transactions(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse to activate the points of a session and of transactions at once, or of neither."""
    if (body.session_id is UNSET) is (body.transaction_uuids is UNSET):
        raise InvalidRequestError("session_id, transaction_uuids", "expected exactly one of them")


def subledgers_fit_scope(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse to delete from selected subledgers without naming any."""
    if body.scope == "SelectedSubledgers" and not body.subledger_ids:
        raise InvalidRequestError("subledger_ids", "expected at least 1 with the scope SelectedSubledgers")


def one_type_of_catalog_action(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse actions of different types in one request."""
    types = sorted({action.type for action in body.actions})
    if len(types) > 1:
        raise InvalidRequestError("actions", f"expected actions of one type, found {', '.join(types)}")


def different_skus(body: Any, _arguments: Mapping[str, Any]) -> None:
    """Refuse two actions on the same SKU in one request."""
    seen: set[str] = set()
    for index, action in enumerate(body.actions):
        sku = getattr(action.payload, "sku", None)
        if sku in seen:
            raise InvalidRequestError(f"actions[{index}].payload.sku", "expected each SKU once")
        if sku is not None:
            seen.add(sku)
