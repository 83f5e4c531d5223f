"""Codes: what redeems them, what gives a redemption back, and how answers tell of them."""

from collections.abc import Collection

import attrs

from talon_async.models.coupons import IntegrationCoupon
from talon_async.models.effect_props import ErrorEffectProps
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    ReserveCouponEffectProps,
    RollbackCouponEffectProps,
    RollbackReferralEffectProps,
)
from talon_async.models.referrals import InventoryReferral
from talon_async.sandbox._campaigns import EvaluationContext
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord
from talon_async.sandbox._handlers.registry import carries_out, tells
from talon_async.sandbox._rules.evaluation import EvaluationResult


@carries_out(AcceptCouponEffectProps)
def redeem_coupon(deployment: Deployment, context: EvaluationContext, props: AcceptCouponEffectProps) -> None:
    """Count a redemption."""
    _count_coupon(deployment, props.value, context.profile_id, 1)


@carries_out(RollbackCouponEffectProps)
def give_coupon_back(
    deployment: Deployment, context: EvaluationContext, props: RollbackCouponEffectProps
) -> None:
    """Take a redemption back."""
    _count_coupon(deployment, props.value, context.profile_id, -1)


def _count_coupon(deployment: Deployment, code: str, profile_id: str, by: int) -> None:
    record = deployment.coupons.get(code)
    if record is not None:
        record.redeem(profile_id, by)
        deployment.campaign_use[record.campaign_id].coupons += by


@carries_out(AcceptReferralEffectProps)
def use_referral(
    deployment: Deployment, context: EvaluationContext, props: AcceptReferralEffectProps
) -> None:
    """Count a friend who was brought in."""
    record = deployment.referrals.get(props.value)
    if record is not None:
        record.refer(context.profile_id)
        _count_referral(deployment, record, context.profile_id, 1)


@carries_out(RollbackReferralEffectProps)
def give_referral_back(
    deployment: Deployment, context: EvaluationContext, props: RollbackReferralEffectProps
) -> None:
    """Take a friend back."""
    record = deployment.referrals.get(props.value)
    if record is not None and record.take_back(context.profile_id):
        _count_referral(deployment, record, context.profile_id, -1)


def _count_referral(deployment: Deployment, record: ReferralRecord, profile_id: str, by: int) -> None:
    use = deployment.campaign_use[record.campaign_id]
    use.referrals += by
    if profile_id:
        use.friends[profile_id] += by


@carries_out(ReserveCouponEffectProps)
def reserve_coupon(
    deployment: Deployment, _occasion: EvaluationContext, props: ReserveCouponEffectProps
) -> ReserveCouponEffectProps | ErrorEffectProps:
    """Reserve a coupon for the customer that a rule names, and tell whether that is new."""
    record = deployment.coupons.get(props.coupon_value)
    if record is None:
        return ErrorEffectProps(message=f"There is no coupon {props.coupon_value!r}")
    new = props.profile_integration_id not in record.reserved_for
    reserve_for(deployment, record, [props.profile_integration_id])
    return attrs.evolve(props, is_new_reservation=new)


def reserve_for(deployment: Deployment, record: CouponRecord, integration_ids: Collection[str]) -> None:
    """Reserve a coupon for customers, who need not be known yet; those it is reserved for keep it."""
    for integration_id in integration_ids:
        deployment.profile(integration_id, keep=True)
    record.reserved_for = list(dict.fromkeys([*record.reserved_for, *integration_ids]))


@tells("coupons", "coupons")
def coupons_of(deployment: Deployment, result: EvaluationResult) -> list[IntegrationCoupon]:
    """The coupons of the session."""
    context = result.context
    records = [deployment.coupons[code] for code in context.coupon_codes if code in deployment.coupons]
    return [
        IntegrationCoupon(
            **record.told(), profile_redemption_count=record.redemptions.get(context.profile_id, 0)
        )
        for record in records
    ]


@tells("referral", "referral")
def referral_of(deployment: Deployment, result: EvaluationResult) -> InventoryReferral | None:
    """The referral of the session."""
    session = result.context.session
    record = deployment.referrals.get(session.referral_code or "") if session else None
    return record.told() if record else None
