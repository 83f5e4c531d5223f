"""Runs the campaigns, makes effects of what their rules give, and lets effects take hold."""

from collections.abc import Iterable
from typing import Final

import attrs

from talon_async.models.base import Model, Omittable
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
    RollbackCouponEffectProps,
)
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
)
from talon_async.models.effects import EFFECT_PROPS, Effect, EffectProps, UnknownEffectProps
from talon_async.models.eligibility import RuleFailureReason
from talon_async.sandbox.ledger import PointsEntry
from talon_async.sandbox.promotions import Occasion
from talon_async.sandbox.state import CouponRecord, Deployment, RunningCampaign

_TYPES: Final[dict[type[Model], str]] = {}
for _name, _cls in EFFECT_PROPS.items():
    if _cls is not None:
        # Where two types share their properties, the first is what the service's newer clients know.
        _TYPES.setdefault(_cls, _name)


@attrs.frozen(kw_only=True)
class Verdict:
    """How a campaign fared, for one of its coupons if it has any."""

    running: RunningCampaign
    coupon: CouponRecord | None
    passed: bool

    def failure(self) -> RuleFailureReason:
        """Say why the rule did not fire."""
        return RuleFailureReason(
            campaign_id=self.running.id,
            campaign_name=self.running.campaign.name,
            ruleset_id=self.running.ruleset_id,
            coupon_id=self.coupon.id if self.coupon else None,
            coupon_value=self.coupon.code if self.coupon else None,
            rule_index=0,
            rule_name=self.running.campaign.name,
            condition_index=0,
            details="the rule granted nothing",
        )


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of an occasion."""

    occasion: Occasion
    effects: list[Effect]
    verdicts: list[Verdict] = attrs.field(factory=list[Verdict])


def effect_type(props: EffectProps) -> str:
    """The effect type that goes with properties."""
    return props.effect_type if isinstance(props, UnknownEffectProps) else _TYPES[type(props)]


def evaluate(deployment: Deployment, occasion: Occasion, evaluable: Omittable[list[int]] = None) -> Outcome:
    """Run the campaigns, in their order, and reject the codes that none of them knows.

    Args:
        deployment: Whose campaigns and codes they are.
        occasion: What the rules look at.
        evaluable: The numbers of the campaigns to run, if it is not all of them.
    """
    campaigns = deployment.campaigns
    chosen = [campaigns[number] for number in evaluable if number in campaigns] if evaluable else None
    outcome = run(deployment, occasion, campaigns.values() if chosen is None else chosen)
    outcome.effects.extend(_rejections(deployment, occasion, outcome.effects))
    return outcome


def run(deployment: Deployment, occasion: Occasion, campaigns: Iterable[RunningCampaign]) -> Outcome:
    """Run these campaigns, and no more than that.

    Args:
        deployment: Whose campaigns and codes they are.
        occasion: What the rules look at.
        campaigns: The campaigns.
    """
    effects: list[Effect] = []
    verdicts: list[Verdict] = []
    codes = occasion.coupon_codes
    for running in campaigns:
        for coupon in _coupons(deployment, running, codes):
            seen = attrs.evolve(occasion, coupon=coupon.code) if coupon else occasion
            granted = list(running.campaign.rule(seen))
            verdicts.append(Verdict(running=running, coupon=coupon, passed=bool(granted)))
            if coupon and not granted:
                granted = [_by_condition(coupon.code)]
            effects += [_effect(running, coupon, props) for props in granted]
    return Outcome(occasion=occasion, effects=effects, verdicts=verdicts)


def _coupons(
    deployment: Deployment, running: RunningCampaign, codes: list[str]
) -> Iterable[CouponRecord | None]:
    """What a campaign is evaluated for: each of its coupons in the session, or just once."""
    if not running.campaign.coupons:
        return (None,)
    found = (deployment.coupons.get(code) for code in codes)
    return [coupon for coupon in found if coupon and coupon.campaign_id == running.id]


def _by_condition(code: str) -> RejectCouponEffectProps:
    return RejectCouponEffectProps(
        value=code, rejection_reason="CouponRejectedByCondition", condition_index=0
    )


def _effect(running: RunningCampaign, coupon: CouponRecord | None, props: EffectProps) -> Effect:
    return Effect(
        campaign_id=running.id,
        ruleset_id=running.ruleset_id,
        rule_index=0,
        rule_name=running.campaign.name,
        effect_type=effect_type(props),
        triggered_by_coupon=coupon.id if coupon else None,
        props=props,
    )


def _rejections(deployment: Deployment, occasion: Occasion, effects: list[Effect]) -> list[Effect]:
    """Reject the codes of the session that belong to nothing; no campaign stands behind these effects."""
    coupons: set[str] = set()
    referrals: set[str] = set()
    for effect in effects:
        match effect.props:
            case AcceptCouponEffectProps(value=code) | RejectCouponEffectProps(value=code):
                coupons.add(code)
            case AcceptReferralEffectProps(value=code) | RejectReferralEffectProps(value=code):
                referrals.add(code)
            case _:
                pass
    rejected: list[EffectProps] = [
        RejectCouponEffectProps(value=code, rejection_reason="CouponNotFound")
        for code in occasion.coupon_codes
        if code not in coupons and code not in deployment.coupons
    ]
    referral = occasion.session.referral_code if occasion.session else None
    if referral and referral not in referrals:
        rejected.append(RejectReferralEffectProps(value=referral, rejection_reason="ReferralNotFound"))
    return [
        Effect(
            campaign_id=0,
            ruleset_id=0,
            rule_index=0,
            rule_name="",
            effect_type=effect_type(props),
            props=props,
        )
        for props in rejected
    ]


def take_hold(deployment: Deployment, outcome: Outcome) -> None:
    """Carry out effects on codes and points: those of a closed session, of its undoing, or of an event."""
    occasion = outcome.occasion
    profile_id = occasion.profile.integration_id if occasion.profile else ""
    points = deployment.points
    for effect in outcome.effects:
        match effect.props:
            case AcceptCouponEffectProps(value=code) if code in deployment.coupons:
                deployment.coupons[code].redemptions[profile_id] += 1
            case RollbackCouponEffectProps(value=code) if code in deployment.coupons:
                deployment.coupons[code].redemptions[profile_id] -= 1
            case AddLoyaltyPointsEffectProps() | DeductLoyaltyPointsEffectProps() as props:
                points.book(_entry(props, occasion, profile_id))
            case (
                RollbackAddedLoyaltyPointsEffectProps(transaction_uuid=transaction, value=value)
                | RollbackDeductedLoyaltyPointsEffectProps(transaction_uuid=transaction, value=value)
            ):
                points.take_back(transaction, value, occasion.now)
            case _:
                pass


def _entry(
    props: AddLoyaltyPointsEffectProps | DeductLoyaltyPointsEffectProps, occasion: Occasion, profile_id: str
) -> PointsEntry:
    session_id = occasion.session.integration_id if occasion.session else None
    if isinstance(props, AddLoyaltyPointsEffectProps):
        return PointsEntry(
            transaction_uuid=props.transaction_uuid,
            program_id=props.program_id,
            sub_ledger_id=props.sub_ledger_id,
            profile_id=props.recipient_integration_id,
            session_id=session_id,
            name=props.name,
            value=props.value,
            created=occasion.now,
            start_date=props.start_date,
            expiry_date=props.expiry_date,
        )
    return PointsEntry(
        transaction_uuid=props.transaction_uuid,
        program_id=props.program_id,
        sub_ledger_id=props.sub_ledger_id,
        profile_id=profile_id,
        session_id=session_id,
        name=props.name,
        value=-props.value,
        created=occasion.now,
    )
