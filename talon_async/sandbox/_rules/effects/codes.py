"""Appliers of coupon and referral redemptions, rollbacks and reservations."""

from collections.abc import Collection

import attrs

from talon_async.models.effect_props import ErrorEffectProps
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    ReserveCouponEffectProps,
    RollbackCouponEffectProps,
    RollbackReferralEffectProps,
)
from talon_async.sandbox._campaigns.campaign import EvaluationContext
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.codes import CouponRecord


def redeem_coupon(
    deployment: DeploymentView, context: EvaluationContext, props: AcceptCouponEffectProps
) -> None:
    """Count a redemption of a coupon."""
    _count_coupon(deployment, props.value, context.profile_id, 1)


def roll_back_coupon(
    deployment: DeploymentView, context: EvaluationContext, props: RollbackCouponEffectProps
) -> None:
    """Roll back a redemption of a coupon."""
    _count_coupon(deployment, props.value, context.profile_id, -1)


def _count_coupon(deployment: DeploymentView, code: str, profile_id: str, by: int) -> None:
    record = deployment.store.coupons.get(code)
    if record is not None:
        record.redeem(profile_id, by)
        deployment.store.campaign_use[record.campaign_id].coupons += by


def redeem_referral(
    deployment: DeploymentView, context: EvaluationContext, props: AcceptReferralEffectProps
) -> None:
    """Count a redemption of a referral code."""
    record = deployment.store.referrals.get(props.value)
    if record is not None:
        record.redeem(context.profile_id)
        deployment.store.campaign_use[record.campaign_id].count_referral(context.profile_id, 1)


def roll_back_referral(
    deployment: DeploymentView, context: EvaluationContext, props: RollbackReferralEffectProps
) -> None:
    """Roll back a redemption of a referral code."""
    record = deployment.store.referrals.get(props.value)
    if record is not None and record.roll_back(context.profile_id):
        deployment.store.campaign_use[record.campaign_id].count_referral(context.profile_id, -1)


def reserve_coupon(
    deployment: DeploymentView, _context: EvaluationContext, props: ReserveCouponEffectProps
) -> ReserveCouponEffectProps | ErrorEffectProps:
    """Reserve a coupon for a customer; the effect then says whether the reservation is new."""
    record = deployment.store.coupons.get(props.coupon_value)
    if record is None:
        return ErrorEffectProps(message=f"There is no coupon {props.coupon_value!r}")
    new = props.profile_integration_id not in record.reserved_for
    reserve_for(deployment, record, [props.profile_integration_id])
    return attrs.evolve(props, is_new_reservation=new)


def reserve_for(deployment: DeploymentView, record: CouponRecord, integration_ids: Collection[str]) -> None:
    """Reserve a coupon for customers; unknown profiles are created, existing reservations stay."""
    for integration_id in integration_ids:
        deployment.store.get_or_create_profile(integration_id, deployment.clock.now())
    record.reserved_for = list(dict.fromkeys([*record.reserved_for, *integration_ids]))
