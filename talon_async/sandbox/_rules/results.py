"""The result of an evaluation."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import attrs

from talon_async.models.base import Model
from talon_async.models.coupons import Coupon
from talon_async.models.effects import EFFECT_PROPS, Effect, EffectProps, UnknownEffectProps
from talon_async.models.referrals import Referral
from talon_async.models.sessions import Return
from talon_async.sandbox._campaigns.campaign import EvaluationContext, RunningCampaign
from talon_async.sandbox._domain.codes import CouponRecord, ReferralRecord

Code: TypeAlias = CouponRecord | ReferralRecord
"""A code that a campaign is evaluated for."""

NO_CODE: Final = "NoCode"
"""The rejection of a campaign that has codes, none of them in the session."""


def _effect_types() -> dict[type[Model], str]:
    types: dict[type[Model], str] = {}
    for name, cls in EFFECT_PROPS.items():
        if cls is not None:
            # Where two effect types share a props class, newer clients know the first one.
            types.setdefault(cls, name)
    return types


_EFFECT_TYPES: Final = _effect_types()


def effect_type(props: EffectProps) -> str:
    """The effect type of a props class."""
    return props.effect_type if isinstance(props, UnknownEffectProps) else _EFFECT_TYPES[type(props)]


@attrs.frozen(kw_only=True)
class CampaignResult:
    """The result of one campaign, for one code if it has codes.

    Attributes:
        running: The campaign.
        code: The code it was evaluated for.
        rejection: Why it granted nothing; `None` if it granted effects.
    """

    running: RunningCampaign
    code: Code | None
    rejection: str | None

    @property
    def passed(self) -> bool:
        """Whether it granted effects."""
        return self.rejection is None


@attrs.frozen(kw_only=True)
class EvaluationResult:
    """The result of evaluating the campaigns, or of a rollback.

    Attributes:
        context: What was evaluated.
        effects: The effects, in the order of the campaigns.
        campaign_results: The result of each campaign and code.
        returns_before: Earlier returns of the session.
        created_coupons: Coupons that applied effects created.
        created_referrals: Referrals that applied effects created.
    """

    context: EvaluationContext
    effects: list[Effect]
    campaign_results: list[CampaignResult] = attrs.field(factory=list[CampaignResult])
    returns_before: Sequence[Return] = ()
    created_coupons: list[Coupon] = attrs.field(factory=list[Coupon])
    created_referrals: list[Referral] = attrs.field(factory=list[Referral])
