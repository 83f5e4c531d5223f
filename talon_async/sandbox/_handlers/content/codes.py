"""The sections of coupons and of the referral."""

from talon_async.models.coupons import IntegrationCoupon
from talon_async.models.referrals import InventoryReferral
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._rules.results import EvaluationResult


def coupons(deployment: DeploymentView, result: EvaluationResult) -> list[IntegrationCoupon]:
    """The coupons of the session."""
    context, store = result.context, deployment.store
    records = [store.coupons[code] for code in context.coupon_codes if code in store.coupons]
    return [
        IntegrationCoupon(
            **record.model_fields(), profile_redemption_count=record.redemptions.get(context.profile_id, 0)
        )
        for record in records
    ]


def referral(deployment: DeploymentView, result: EvaluationResult) -> InventoryReferral | None:
    """The referral of the session or the advanced event."""
    record = deployment.store.referrals.get(result.context.referral_code)
    return record.to_model() if record else None
