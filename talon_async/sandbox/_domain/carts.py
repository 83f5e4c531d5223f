"""Computes sessions after updates and returns, from plain values to plain values."""

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from sys import intern
from typing import Any, Final, TypeVar

import attrs

from talon_async.models.base import UNSET, Omittable, Unset
from talon_async.models.sessions import AdditionalCost, CartItem, CustomerSessionV2, NewCustomerSessionV2
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.catalogs import CatalogView
from talon_async.sandbox._domain.records import APPLICATION_ID
from talon_async.sandbox._errors import bad_field

T = TypeVar("T")


_EVENTS: Final[Mapping[tuple[str | None, str], str]] = {
    (None, "open"): "talon_session_created",
    (None, "closed"): "talon_session_created",
    ("open", "open"): "talon_session_updated",
    ("open", "closed"): "talon_session_closed",
    ("open", "cancelled"): "talon_session_cancelled",
    ("closed", "cancelled"): "talon_session_revoked",
    ("partially_returned", "cancelled"): "talon_session_revoked",
}
"""The valid transitions from state to state, with their event types."""


MAX_TOTAL: Final = 1e300
"""The largest total of a session: sums and multiples of it are still numbers that JSON can carry."""
_OMITTABLE_FIELDS: Final = tuple(field.name for field in attrs.fields(CartItem) if field.default is UNSET)
_omittable_values: Final[Callable[[CartItem], tuple[Any, ...]]] = attrgetter(*_OMITTABLE_FIELDS)


def transition(previous: CustomerSessionV2 | None, given: NewCustomerSessionV2) -> tuple[str, str]:
    """Find the event type of an update, and the state of the session after it.

    Raises:
        ApiError: The transition is not valid; status 400.
    """
    before = previous.state if previous else None
    # An update without a state keeps an open session open, and is not valid for other states.
    after = given.state or "open"
    event = _EVENTS.get((before, after))
    if event is not None:
        return event, after
    if before is None:
        raise bad_field("/state", f"a session starts open or closed, not {after}")
    if given.state:
        raise bad_field("/state", f"a session that is {before} cannot become {after}")
    raise bad_field("/state", f"a session that is {before} cannot be updated")


def updated_session(
    previous: CustomerSessionV2 | None,
    given: NewCustomerSessionV2,
    *,
    integration_id: str,
    state: str,
    now: datetime,
    view_for: Callable[[str], CatalogView],
) -> CustomerSessionV2:
    """Compute the session after an update; fields that the update omits keep their values.

    An update that cancels a closed session changes none of its other fields.

    Args:
        previous: The session before the update; `None` if there is none, or it is to be ignored.
        given: The update.
        integration_id: The session's identifier.
        state: The state after the update.
        now: The time of the update.
        view_for: Returns the catalog with the prices of a customer, by integration ID.

    Returns:
        The session; a new one has the ID 0.

    Raises:
        ApiError: An item has a price neither in the update nor in the catalog, or a total is too large;
            status 400.
    """
    before = previous or _blank(integration_id, now)
    if before.state != "open":
        given = NewCustomerSessionV2()
    profile_id = _kept(given.profile_id, before.profile_id, "")
    cart_items = before.cart_items
    if not isinstance(given.cart_items, Unset):
        cart_items = list(given.cart_items or ())
        _complete(cart_items, view_for(profile_id))
    additional_costs = _kept(given.additional_costs, before.additional_costs, {})
    coupon_codes = tuple(map(intern, _kept(given.coupon_codes, before.coupon_codes, None) or ()))
    item_total = amount(sum(_price(item) * item.quantity for item in cart_items))
    item_cost_total = amount(sum(_costs(item.additional_costs) * item.quantity for item in cart_items))
    item_cost_total = _one_of(item_cost_total, 0.0)
    cost_total = _one_of(amount(_costs(additional_costs)), item_cost_total)
    total = _one_of(amount(item_total + item_cost_total + cost_total), item_total)
    _check_total("/cartItems", item_total + item_cost_total)
    _check_total("/additionalCosts", cost_total)
    return CustomerSessionV2(
        id=before.id,
        created=before.created,
        integration_id=integration_id,
        application_id=APPLICATION_ID,
        profile_id=profile_id,
        store_integration_id=_kept(given.store_integration_id, before.store_integration_id, None),
        evaluable_campaign_ids=_kept(given.evaluable_campaign_ids, before.evaluable_campaign_ids, []),
        coupon_codes=list(coupon_codes),
        referral_code=_kept(given.referral_code, before.referral_code, ""),
        loyalty_cards=_kept(given.loyalty_cards, before.loyalty_cards, []),
        state=state,
        cart_items=cart_items,
        experiment_variant_allocations=_kept(
            given.experiment_variant_allocations, before.experiment_variant_allocations, []
        ),
        additional_costs=additional_costs,
        identifiers=_kept(given.identifiers, before.identifiers, []),
        attributes=before.attributes | (given.attributes or {}),
        first_session=True,
        update_count=before.update_count + 1,
        total=total,
        cart_item_total=item_total,
        additional_cost_total=cost_total,
        cart_item_additional_cost_total=item_cost_total,
        updated=now,
    )


def _blank(integration_id: str, now: datetime) -> CustomerSessionV2:
    return CustomerSessionV2(
        id=0,
        created=now,
        integration_id=integration_id,
        application_id=APPLICATION_ID,
        profile_id="",
        coupon_codes=[],
        referral_code="",
        loyalty_cards=[],
        state="open",
        cart_items=[],
        additional_costs={},
        identifiers=[],
        attributes={},
        first_session=True,
        update_count=0,
        total=0.0,
        cart_item_total=0.0,
        additional_cost_total=0.0,
        cart_item_additional_cost_total=0.0,
        updated=now,
    )


def _kept(given: Omittable[T], before: T, empty: T) -> T:
    """The value of a field after an update: an omitted field is kept, `null` clears it."""
    if isinstance(given, Unset):
        return before
    return empty if given is None else given


def _complete(items: list[CartItem], catalog_view: CatalogView) -> None:
    """Set the fields that the service adds to cart items."""
    for position, item in enumerate(items):
        _share_texts(item)
        item.position = position
        item.returned_quantity = 0
        item.remaining_quantity = item.quantity
        if None in _omittable_values(item):  # the contract allows no null in responses
            for name in _OMITTABLE_FIELDS:
                if getattr(item, name) is None:
                    setattr(item, name, UNSET)
        catalog_view.complete(item, position)


def _one_of(number: float, known: float) -> float:
    """The known number, if both are the same: a session stores equal totals once."""
    return known if number == known and type(number) is type(known) else number


def _share_texts(item: CartItem) -> None:
    """Store the texts once that the carts of many sessions have in common."""
    item.sku = intern(item.sku)
    if isinstance(item.name, str):
        item.name = intern(item.name)
    if isinstance(item.category, str):
        item.category = intern(item.category)


def _price(item: CartItem) -> float:
    return item.price or 0.0


def _check_total(pointer: str, total: float) -> None:
    if not abs(total) <= MAX_TOTAL:  # also where infinities give NaN
        raise bad_field(pointer, f"expected a total of at most {MAX_TOTAL:g}, found a larger one")


def _costs(costs: Omittable[dict[str, AdditionalCost]]) -> float:
    return sum(cost.price for cost in costs.values()) if costs else 0.0


def remaining(item: CartItem) -> int:
    """The units of an item that are not returned."""
    return item.quantity - (item.returned_quantity or 0)


def worth(item: CartItem, units: int) -> float:
    """The total of units of an item, additional costs included."""
    return amount((_price(item) + _costs(item.additional_costs)) * units)


def returned_worth(session: CustomerSessionV2) -> float:
    """The total of the returned units of a session."""
    return amount(sum(worth(item, item.returned_quantity or 0) for item in session.cart_items))


def returned_session(session: CustomerSessionV2, units: dict[int, int], now: datetime) -> CustomerSessionV2:
    """Compute the session after a return; its totals stay those of the purchase.

    Args:
        session: The session before the return.
        units: The returned units, by position in the cart.
        now: The time of the return.
    """
    items = [
        attrs.evolve(
            item,
            returned_quantity=(item.returned_quantity or 0) + units[position],
            remaining_quantity=remaining(item) - units[position],
        )
        if position in units
        else item
        for position, item in enumerate(session.cart_items)
    ]
    return attrs.evolve(session, state="partially_returned", cart_items=items, updated=now)


def without_returns(session: CustomerSessionV2) -> CustomerSessionV2:
    """Compute the session without its returned units, for evaluation."""
    left = [(item, remaining(item)) for item in session.cart_items if remaining(item)]
    item_total = amount(sum(_price(item) * units for item, units in left))
    item_cost_total = amount(sum(_costs(item.additional_costs) * units for item, units in left))
    return attrs.evolve(
        session,
        cart_items=[attrs.evolve(item, quantity=units) for item, units in left],
        total=amount(item_total + item_cost_total + session.additional_cost_total),
        cart_item_total=item_total,
        cart_item_additional_cost_total=item_cost_total,
    )
