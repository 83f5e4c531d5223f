"""Presets that grant points, tiers, giveaways and notifications, or reject a coupon."""

from collections.abc import Iterator

from talon_async.models.coupons import CouponRejectionCode
from talon_async.models.effect_props import SetDiscountEffectProps, ShowNotificationEffectProps
from talon_async.models.effect_props_codes import AcceptReferralEffectProps, RejectCouponEffectProps
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    ChangeLoyaltyTierLevelEffectProps,
)
from talon_async.models.effects import EffectProps
from talon_async.sandbox._campaigns.campaign import Campaign, EvaluationContext
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.giveaways import GiveawayPool


def points_per_unit(points: float = 1.0, *, program_id: int = 1) -> Campaign:
    """Make a campaign with loyalty points per currency unit of cart items when a session closes.

    Args:
        points: The points per currency unit.
        program_id: The loyalty program.
    """
    name = "points on purchases"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.closing and context.session and context.profile:
            earned = amount(context.session.cart_item_total * points)
            if earned > 0:
                yield _points(context, name, earned, program_id, context.profile_id)

    return Campaign(name=name, rule=rule, features=("loyalty",))


def referral_reward(discount: float, points: float, *, program_id: int = 1) -> Campaign:
    """Make a campaign with a discount for the friend and points for the advocate.

    `referrals.create` creates its codes.

    Args:
        discount: The friend's discount, in the Application's currency.
        points: The advocate's points when the friend's session closes.
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
    """Make a campaign with a tier change once a customer has the points for it.

    Args:
        tier: The name of the tier.
        points: How many active points it requires.
        program_id: The loyalty program.
    """
    title = f"{tier} tier"

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.profile and context.points(program_id) >= points:
            yield ChangeLoyaltyTierLevelEffectProps(
                rule_title=title, program_id=program_id, sub_ledger_id="", new_tier_name=tier
            )

    return Campaign(name=title, rule=rule, features=("loyalty",))


def giveaway(pool: GiveawayPool, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign that awards a code of a pool when a session closes.

    Args:
        pool: The pool; the deployment must be set up with it.
        minimum_total: The cart item total that it requires.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.profile and context.session.cart_item_total >= minimum_total:
            yield pool.award(context.profile_id)

    return Campaign(name=f"giveaway of {pool.name}", rule=rule, features=("giveaways",))


def notification(title: str, body: str, *, minimum_total: float = 0.0, kind: str = "Info") -> Campaign:
    """Make a campaign that shows a notification.

    Args:
        title: The title.
        body: The text.
        minimum_total: The cart item total that it requires.
        kind: The type of the notification.
    """

    def rule(context: EvaluationContext) -> Iterator[EffectProps]:
        if context.session and context.session.cart_item_total >= minimum_total:
            yield ShowNotificationEffectProps(notification_type=kind, title=title, body=body)

    return Campaign(name=title, rule=rule)


def rejected_coupon(code: str, reason: CouponRejectionCode) -> Campaign:
    """Make a campaign that rejects its coupon.

    Args:
        code: The coupon code.
        reason: The rejection reason, such as ``CouponExpired``.
    """

    def rule(_occasion: EvaluationContext) -> Iterator[EffectProps]:
        yield RejectCouponEffectProps(value=code, rejection_reason=reason)

    return Campaign(name=f"{code} is rejected", rule=rule, coupons=(code,))


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
