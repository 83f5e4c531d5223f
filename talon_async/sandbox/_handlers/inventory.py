"""The handler of a customer's inventory."""

from typing import Any

from talon_async.models.achievements import AchievementProgressWithDefinition
from talon_async.models.coupons import InventoryCoupon
from talon_async.models.integration import CustomerInventory
from talon_async.models.loyalty import Loyalty
from talon_async.sandbox._deployment.view import DeploymentView
from talon_async.sandbox._domain.achievement_progress import current_progress
from talon_async.sandbox._domain.codes import CouponRecord
from talon_async.sandbox._domain.giveaways import awarded_to
from talon_async.sandbox._handlers.loyalty_models import loyalty_of


def get_inventory(
    deployment: DeploymentView,
    *,
    integration_id: str,
    profile: bool = False,
    referrals: bool = False,
    coupons: bool = False,
    loyalty: bool = False,
    giveaways: bool = False,
    achievements: bool = False,
) -> CustomerInventory:
    """Get the requested sections of a customer's inventory; no rewards are set up, so theirs is empty."""
    found = deployment.store.require_profile(integration_id).profile
    sections: dict[str, Any] = {"rewards": []}
    if profile:
        sections["profile"] = found
    if referrals:
        sections["referrals"] = [
            record.to_model()
            for record in deployment.store.referrals.values()
            if record.referral.advocate_profile_integration_id == integration_id
        ]
    if coupons:
        sections["coupons"] = _coupons(deployment, integration_id)
    if loyalty:
        sections["loyalty"] = _loyalty(deployment, integration_id)
    if giveaways:
        sections["giveaways"] = list(awarded_to(deployment.store.giveaways.values(), integration_id))
    if achievements:
        sections["achievements"] = _achievements(deployment, integration_id)
    return CustomerInventory(**sections)


def _loyalty(deployment: DeploymentView, integration_id: str) -> Loyalty:
    """The customer's points and linked cards."""
    cards = [
        card
        for program_cards in deployment.store.loyalty_cards.values()
        for card in program_cards.values()
        if integration_id in card.profiles
    ]
    return loyalty_of(deployment, integration_id, cards, deployment.clock.now(), {})


def _coupons(deployment: DeploymentView, integration_id: str) -> list[InventoryCoupon]:
    """The coupons that the customer redeemed, received or reserved."""
    return [
        InventoryCoupon(
            **record.model_fields(),
            profile_redemption_count=record.redemptions.get(integration_id, 0),
            state=_coupon_state(deployment, record),
        )
        for record in deployment.store.coupons.values()
        if record.redemptions.get(integration_id)
        or record.terms.recipient == integration_id
        or integration_id in record.reserved_for
    ]


def _coupon_state(deployment: DeploymentView, record: CouponRecord) -> str:
    terms, now = record.terms, deployment.clock.now()
    if terms.usage_limit and record.used >= terms.usage_limit:
        return "used"
    if terms.expiry_date is not None and terms.expiry_date <= now:
        return "expired"
    if terms.start_date is not None and terms.start_date > now:
        return "pending"
    return "active" if deployment.application.campaigns[record.campaign_id].campaign.runs(now) else "disabled"


def _achievements(deployment: DeploymentView, integration_id: str) -> list[AchievementProgressWithDefinition]:
    """The active achievements with the customer's progress."""
    rounds = deployment.store.achievement_progress.get(integration_id, [])
    now = deployment.clock.now()
    sections: list[AchievementProgressWithDefinition] = []
    for achievement in deployment.application.achievements.values():
        if achievement.status(now) == "active":
            progress = current_progress(achievement, rounds, now)
            sections.append(
                AchievementProgressWithDefinition(
                    status=progress.status,
                    progress=progress.progress,
                    start_date=progress.start_date,
                    completion_date=progress.completion_date,
                    end_date=progress.end_date,
                    achievement_id=achievement.id,
                    name=achievement.name,
                    title=achievement.title,
                    description=achievement.description,
                    campaign_id=achievement.campaign_id,
                    campaign_ids=[achievement.campaign_id],
                    referenced_by_campaigns=achievement.campaign_references,
                    target=achievement.target,
                    achievement_recurrence_policy=achievement.recurrence_policy,
                    achievement_activation_policy=achievement.activation_policy,
                    achievement_fixed_start_date=achievement.fixed_start_date,
                    achievement_end_date=achievement.end_date,
                    achievement_allow_rollback_after_completion=achievement.allow_rollback_after_completion,
                )
            )
    return sections
