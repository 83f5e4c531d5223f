"""Presets that grant discounts and free items."""

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

import attrs

from talon_async.models.effect_props import (
    AddFreeItemEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerItemEffectProps,
)
from talon_async.models.effect_props_codes import AcceptCouponEffectProps
from talon_async.models.effects import EffectProps
from talon_async.models.sessions import CartItem
from talon_async.sandbox._campaigns.campaign import Campaign, EvaluationContext
from talon_async.sandbox._domain.amounts import amount

_Unit: TypeAlias = tuple[int, int, CartItem]
"""A unit in the cart: the item's position, the unit's number, the item."""


def percentage_coupon(code: str, percent: float, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign with a percentage discount on the cart items for a coupon.

    Args:
        code: The coupon code.
        percent: The percentage, such as ``10``.
        minimum_total: The cart item total below which the code is rejected with
            ``CouponRejectedByCondition``.
    """
    name = f"{percent:g}% off with {code}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        total = context.session.cart_item_total if context.session else 0.0
        if total >= minimum_total:
            yield AcceptCouponEffectProps(value=code)
            yield SetDiscountEffectProps(name=name, value=amount(total * percent / 100))

    return Campaign(name=name, rule=rule, coupons=(code,))


def fixed_coupon(code: str, value: float, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign with a fixed discount on the cart items for a coupon, at most their total.

    Args:
        code: The coupon code.
        value: The discount, in the Application's currency.
        minimum_total: The cart item total below which the code is rejected.
    """
    name = f"{value:g} off with {code}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        total = context.session.cart_item_total if context.session else 0.0
        if total >= minimum_total:
            yield AcceptCouponEffectProps(value=code)
            yield SetDiscountEffectProps(name=name, value=min(value, total))

    return Campaign(name=name, rule=rule, coupons=(code,))


def percentage_on_items(
    percent: float, *, sku: str | None = None, category: str | None = None, coupon: str | None = None
) -> Campaign:
    """Make a campaign with a percentage discount on each unit of some items.

    Args:
        percent: The percentage, such as ``10``.
        sku: The SKU of the items; any unless given.
        category: The category of the items; any unless given.
        coupon: The coupon code that it requires; none unless given.
    """
    name = f"{percent:g}% off {sku or category or 'each item'}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        units = [
            (position, unit, item)
            for position, unit, item in _units(context)
            if sku in (None, item.sku) and category in (None, item.category)
        ]
        if units and coupon is not None:
            yield AcceptCouponEffectProps(value=coupon)
        for position, unit, item in units:
            yield _off_unit(name, position, unit, amount((item.price or 0.0) * percent / 100))

    return Campaign(name=name, rule=rule, coupons=(coupon,) if coupon else ())


def buy_x_get_y(sku: str, buy: int, get: int = 1) -> Campaign:
    """Make a campaign in which some units of an item are free.

    Args:
        sku: The item.
        buy: How many units are paid for.
        get: How many further units are free; the pattern then repeats.
    """
    name = f"buy {buy} {sku}, get {get}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        units = [entry for entry in _units(context) if entry[2].sku == sku]
        for number, (position, unit, item) in enumerate(units):
            if number % (buy + get) >= buy:
                yield _off_unit(name, position, unit, item.price or 0.0)

    return Campaign(name=name, rule=rule)


def free_shipping(minimum_total: float = 0.0, *, cost: str = "shipping") -> Campaign:
    """Make a campaign that waives an additional cost of the session.

    Args:
        minimum_total: The cart item total that it requires.
        cost: The name of the additional cost.
    """
    name = f"free {cost}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        session = context.session
        costs = session.additional_costs or {} if session else {}
        if session and cost in costs and session.cart_item_total >= minimum_total:
            yield SetDiscountPerAdditionalCostEffectProps(
                name=name, additional_cost_id=1, additional_cost=cost, value=costs[cost].price
            )

    return Campaign(name=name, rule=rule)


def free_item(sku: str, name: str, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign that adds a free item to the cart.

    Args:
        sku: The item.
        name: Its name.
        minimum_total: The cart item total that it requires.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.session.cart_item_total >= minimum_total:
            yield AddFreeItemEffectProps(sku=sku, name=name)

    return Campaign(name=f"{name} for free", rule=rule)


def bundle(name: str, skus: list[str], price: float) -> Campaign:
    """Make a campaign with one price for items that are bought together.

    A session gets as many bundles as its cart holds completely. The discount of a bundle is divided among its
    units in proportion to their prices.

    Args:
        name: The name of the bundle.
        skus: The SKUs of its units; a repeated SKU stands for several units.
        price: The price of the bundle, in the Application's currency.

    Raises:
        ValueError: There are no SKUs.
    """
    if not skus:
        raise ValueError("skus: expected at least 1, found none")

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        for index, units in enumerate(_complete_bundles(context, skus)):
            total = sum(item.price or 0.0 for _, _, item in units)
            if total > price:
                yield from _pro_rata(name, index, units, amount(total - price))

    return Campaign(name=name, rule=rule)


def _complete_bundles(context: EvaluationContext, skus: list[str]) -> Iterator[list[_Unit]]:
    """Iterate over the bundles in the cart; each takes the first units that are left."""
    left: dict[str, list[_Unit]] = {}
    for unit in reversed(list(_units(context))):
        left.setdefault(unit[2].sku, []).append(unit)
    needed = Counter(skus)
    while all(len(left.get(sku, ())) >= number for sku, number in needed.items()):
        yield [left[sku].pop() for sku in skus]


def _pro_rata(name: str, index: int, units: list[_Unit], discount: float) -> Iterator[EffectProps]:
    """Divide the discount of a bundle among its units, to the last fraction."""
    price_left, discount_left = sum(item.price or 0.0 for _, _, item in units), discount
    for position, unit, item in units:
        price = item.price or 0.0
        share = amount(discount_left * price / price_left) if price_left else 0.0
        price_left, discount_left = price_left - price, discount_left - share
        if share:
            off = _off_unit(name, position, unit, share)
            yield attrs.evolve(off, total_discount=discount, bundle_index=index, bundle_name=name)


def _units(context: EvaluationContext) -> Iterator[_Unit]:
    """Iterate over the units in the cart."""
    for item in context.session.cart_items if context.session else ():
        returned = item.returned_quantity or 0
        for unit in range(returned, returned + item.quantity):
            yield int(item.position or 0), unit, item


def _off_unit(name: str, position: int, unit: int, value: float) -> SetDiscountPerItemEffectProps:
    return SetDiscountPerItemEffectProps(
        name=f"{name}#{position}", value=value, position=float(position), sub_position=float(unit)
    )
