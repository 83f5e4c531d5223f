"""Promotions that are ready to use: each function makes a campaign."""

from collections.abc import Iterator

from talon_async.models.coupons import CouponRejectionCode
from talon_async.models.effect_props import (
    AddFreeItemEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerItemEffectProps,
    ShowBundleMetadataEffectProps,
    ShowNotificationEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    RejectCouponEffectProps,
)
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    ChangeLoyaltyTierLevelEffectProps,
)
from talon_async.models.effects import EffectProps
from talon_async.models.sessions import CartItem
from talon_async.sandbox._campaigns.campaign import Campaign, EvaluationContext
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.giveaways import GiveawayPool


def percentage_coupon(code: str, percent: float, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign that takes a percentage off the cart items for a coupon.

    Args:
        code: The coupon code.
        percent: What to take off, such as ``10``.
        minimum_total: The total of cart items below which the code is rejected with
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
    """Make a campaign that takes an amount off the cart items for a coupon, but not more than they cost.

    Args:
        code: The coupon code.
        value: What to take off, in the Application's currency.
        minimum_total: The total of cart items below which the code is rejected.
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
    """Make a campaign that takes a percentage off each unit of some items.

    Args:
        percent: What to take off, such as ``10``.
        sku: The items with this SKU; with any unless given.
        category: The items of this category; of any unless given.
        coupon: The code that it takes; none unless given.
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
    """Make a campaign in which, of so many units of an item, the last ones are free.

    Args:
        sku: The item.
        buy: How many units are paid.
        get: How many more are free; then it begins anew.
    """
    name = f"buy {buy} {sku}, get {get}"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        units = [entry for entry in _units(context) if entry[2].sku == sku]
        for number, (position, unit, item) in enumerate(units):
            if number % (buy + get) >= buy:
                yield _off_unit(name, position, unit, item.price or 0.0)

    return Campaign(name=name, rule=rule)


def free_shipping(minimum_total: float = 0.0, *, cost: str = "shipping") -> Campaign:
    """Make a campaign that takes off an additional cost of the session.

    Args:
        minimum_total: The total of cart items from which on it holds.
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
    """Make a campaign that adds an item to the cart for nothing.

    Args:
        sku: The item.
        name: Its name.
        minimum_total: The total of cart items from which on it holds.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.session.cart_item_total >= minimum_total:
            yield AddFreeItemEffectProps(sku=sku, name=name)

    return Campaign(name=f"{name} for free", rule=rule)


def bundle(name: str, skus: list[str], price: float) -> Campaign:
    """Make a campaign in which some items, bought together, have one price.

    Args:
        name: The name of the bundle.
        skus: One unit of each of these makes a bundle; one is taken per session.
        price: What they cost together, in the Application's currency.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        first = {item.sku: (position, item) for position, _, item in reversed(list(_units(context)))}
        if set(skus) <= first.keys():
            total = sum(first[sku][1].price or 0.0 for sku in skus)
            if total > price:
                yield SetDiscountEffectProps(name=name, value=amount(total - price))
                yield ShowBundleMetadataEffectProps(
                    description=name,
                    bundle_attributes=[],
                    items_indices=[float(first[sku][0]) for sku in skus],
                )

    return Campaign(name=name, rule=rule)


def giveaway(pool: GiveawayPool, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign that gives a customer a code of a pool, as a session closes.

    Args:
        pool: The pool; the deployment must be set up with it.
        minimum_total: The total of cart items from which on it holds.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.profile and context.session.cart_item_total >= minimum_total:
            yield pool.award(context.profile_id)

    return Campaign(name=f"giveaway of {pool.name}", rule=rule, features=("giveaways",))


def notification(title: str, body: str, *, minimum_total: float = 0.0, kind: str = "Info") -> Campaign:
    """Make a campaign that has something to say.

    Args:
        title: The title.
        body: The text.
        minimum_total: The total of cart items from which on it holds.
        kind: The type of the notification.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.session.cart_item_total >= minimum_total:
            yield ShowNotificationEffectProps(notification_type=kind, title=title, body=body)

    return Campaign(name=title, rule=rule)


def referral_reward(discount: float, points: float, *, program_id: int = 1) -> Campaign:
    """Make a campaign that rewards a friend with a discount, and the advocate with points.

    Its codes are made by `referrals.create`.

    Args:
        discount: What the friend gets off the cart items, in the Application's currency.
        points: What the advocate earns as the friend's session closes.
        program_id: The loyalty program.
    """
    name = "referral"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.referral is None or context.session is None:
            return
        yield AcceptReferralEffectProps(value=context.referral.code)
        yield SetDiscountEffectProps(name=name, value=min(discount, context.session.cart_item_total))
        if context.closing:
            yield _points(context, name, points, program_id, context.referral.advocate_profile_integration_id)

    return Campaign(name=name, rule=rule, referrals=True, features=("loyalty",))


def tier_upgrade(tier: str, points: float, *, program_id: int = 1) -> Campaign:
    """Make a campaign that tells of a tier as soon as a customer has the points for it.

    Args:
        tier: The name of the tier.
        points: How many active points it takes.
        program_id: The loyalty program.
    """
    title = f"{tier} tier"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.profile and context.points(program_id) >= points:
            yield ChangeLoyaltyTierLevelEffectProps(
                rule_title=title, program_id=program_id, sub_ledger_id="", new_tier_name=tier
            )

    return Campaign(name=title, rule=rule, features=("loyalty",))


def rejected_coupon(code: str, reason: CouponRejectionCode) -> Campaign:
    """Make a campaign whose coupon is always rejected.

    Args:
        code: The coupon code.
        reason: The rejection reason, such as ``CouponExpired``.
    """

    def rule(_occasion: EvaluationContext) -> Iterator[EffectProps]:
        yield RejectCouponEffectProps(value=code, rejection_reason=reason)

    return Campaign(name=f"{code} is rejected", rule=rule, coupons=(code,))


def points_per_unit(points: float = 1.0, *, program_id: int = 1) -> Campaign:
    """Make a campaign that gives loyalty points for each currency unit of cart items, as a session closes.

    Args:
        points: How many points a unit earns.
        program_id: The loyalty program.
    """
    name = "points on purchases"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.closing and context.session and context.profile:
            earned = amount(context.session.cart_item_total * points)
            if earned > 0:
                yield _points(context, name, earned, program_id, context.profile_id)

    return Campaign(name=name, rule=rule, features=("loyalty",))


def default_campaigns() -> list[Campaign]:
    """The promotions of a sandbox that was given no others: ``WELCOME10``, and a point per currency unit."""
    return [percentage_coupon("WELCOME10", 10), points_per_unit()]


def _units(context: EvaluationContext) -> Iterator[tuple[int, int, CartItem]]:
    """Go through the units in the cart: the item's position, the unit's number there, the item."""
    for item in context.session.cart_items if context.session else ():
        returned = item.returned_quantity or 0
        for unit in range(returned, returned + item.quantity):
            yield int(item.position or 0), unit, item


def _off_unit(name: str, position: int, unit: int, value: float) -> EffectProps:
    return SetDiscountPerItemEffectProps(
        name=f"{name}#{position}", value=value, position=float(position), sub_position=float(unit)
    )


def _points(
    context: EvaluationContext, name: str, points: float, program_id: int, recipient: str
) -> EffectProps:
    return AddLoyaltyPointsEffectProps(
        name=name,
        program_id=program_id,
        sub_ledger_id="",
        value=points,
        recipient_integration_id=recipient,
        transaction_uuid=context.new_uuid(),
    )
