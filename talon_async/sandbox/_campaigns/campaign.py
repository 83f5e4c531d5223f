"""Campaigns, whose rule is plain Python, and what rules look at."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeAlias

import attrs

from talon_async.models.campaigns import RunningCampaignFeature
from talon_async.models.effects import EffectProps
from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.referrals import Referral
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._domain.achievement_progress import CustomerAchievements
from talon_async.sandbox._domain.codes import CouponTerms


class ActivePoints(Protocol):
    """Tells the active points of the customer."""

    def __call__(self, program_id: int, sub_ledger_id: str = "") -> float:
        """Tell them.

        Args:
            program_id: The loyalty program.
            sub_ledger_id: The subledger; empty for the main one.
        """
        ...


@attrs.frozen(kw_only=True)
class EvaluationContext:
    """What a rule looks at.

    Attributes:
        event: What happened: a built-in event such as ``talon_session_updated``, or a tracked one.
        session: The session as it will be; `None` where the call is for none. After a return it holds only
            what is left: an item's `position` still tells its place in the cart, and its units are numbered
            from `returned_quantity` on.
        profile: The customer; `None` where the session is anonymous.
        coupon: The code under evaluation, for a campaign that has coupons or made some.
        referral: The referral under evaluation, for a campaign that has referrals.
        closing: Whether the session is being closed, so that what is granted takes hold.
        now: The moment of the call.
        new_uuid: Makes an identifier, such as effects on points need for their transaction.
        new_code: Makes a code by a pattern, such as ``THANKS-####``.
        points: Tells the active points of the customer in a loyalty program, by its number, and in one of
            its subledgers.
        achievements: How far the customer is in achievements, and what brings them further.
    """

    event: Event
    session: CustomerSessionV2 | None
    profile: CustomerProfile | None
    coupon: str | None = None
    referral: Referral | None = None
    closing: bool
    now: datetime
    new_uuid: Callable[[], str]
    new_code: Callable[[str], str]
    points: ActivePoints
    achievements: CustomerAchievements

    @property
    def profile_id(self) -> str:
        """The customer, by integration ID; empty if anonymous."""
        return self.profile.integration_id if self.profile else ""

    @property
    def coupon_codes(self) -> list[str]:
        """The codes in the session, each once, in their order."""
        return list(dict.fromkeys(self.session.coupon_codes or ())) if self.session else []


Rule: TypeAlias = Callable[[EvaluationContext], Iterable[EffectProps]]
"""Gives the properties of the effects that an context calls for."""


def _terms(coupons: Iterable[CouponTerms | str]) -> tuple[CouponTerms, ...]:
    return tuple(CouponTerms(coupon) if isinstance(coupon, str) else coupon for coupon in coupons)


@attrs.frozen(kw_only=True)
class Campaign:
    """A promotion that runs.

    The rule gives properties only; the sandbox makes effects of them. A campaign with coupons is
    evaluated once for each of its codes in the session, and not at all without one; where its rule gives
    nothing for a code, the code is rejected with ``CouponRejectedByCondition``. With `referrals` it is the
    same for referral codes that were made for the campaign. A campaign with neither is evaluated once, and
    once more for each coupon in the session that an effect of its own created.

    Attributes:
        name: Is also the name of its rule.
        rule: What it grants.
        coupons: The codes that belong to it, of 4 to 100 characters, or their terms.
        referrals: Whether it is for sessions with one of its referral codes.
        start_date: Runs from then on.
        end_date: Runs until then.
        coupon_limit: How often its coupons can be redeemed in all; 0 for any number.
        referral_limit: How often its referral codes can be used in all; 0 for any number.
        budget: How much discount it can give in all, in the Application's currency; 0 for any. Where its rule
            gives more than what is left, nothing of that is granted.
        tags: Words to find it by.
        features: What it uses besides coupons and referrals, as listings tell it.
        reevaluate_on_return: Whether returns that run the rules evaluate it anew.
    """

    name: str
    rule: Rule
    coupons: tuple[CouponTerms, ...] = attrs.field(default=(), converter=_terms)
    referrals: bool = False
    start_date: datetime | None = None
    end_date: datetime | None = None
    coupon_limit: int = 0
    referral_limit: int = 0
    budget: float = 0.0
    tags: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...])
    features: tuple[RunningCampaignFeature, ...] = ()
    reevaluate_on_return: bool = False

    @property
    def all_features(self) -> list[RunningCampaignFeature | str]:
        """Its features, coupons and referrals included."""
        features: list[RunningCampaignFeature | str] = []
        if self.coupons:
            features.append("coupons")
        if self.referrals:
            features.append("referrals")
        return [*features, *self.features]

    def runs(self, now: datetime) -> bool:
        """Whether it runs at a moment."""
        return (self.start_date is None or self.start_date <= now) and (
            self.end_date is None or now < self.end_date
        )


@attrs.frozen(kw_only=True)
class RunningCampaign:
    """A campaign with the IDs that the deployment gave it."""

    id: int
    ruleset_id: int
    created: datetime
    campaign: Campaign
