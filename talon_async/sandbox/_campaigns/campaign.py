"""Campaigns, with rules in plain Python, and the context that rules evaluate."""

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
from talon_async.sandbox._domain.utc import moment_or_none


class ActivePoints(Protocol):
    """Returns the active points of the customer."""

    def __call__(self, program_id: int, sub_ledger_id: str = "") -> float:
        """Return the active points in a ledger.

        Args:
            program_id: The loyalty program.
            sub_ledger_id: The subledger; empty for the main one.
        """
        ...


@attrs.frozen(kw_only=True)
class EvaluationContext:
    """The context that rules evaluate.

    Attributes:
        event: The event: a built-in one such as ``talon_session_updated``, or a tracked one.
        session: The session after the update; `None` without one. After a return it holds only what is left:
            an item's `position` is still that in the cart, and its units are numbered from
            `returned_quantity` on.
        profile: The customer; `None` if the session is anonymous.
        event_referral_code: The referral code of an advanced event; empty without one.
        coupon: The evaluated coupon code, for a campaign with coupons.
        referral: The evaluated referral, for a campaign with referrals.
        closing: Whether the request closes the session, so that its effects are applied.
        now: The time of the evaluation.
        new_uuid: Generates a UUID, for example for the transaction of a points effect.
        new_code: Generates a code of a pattern, such as ``THANKS-####``.
        points: Returns the active points of the customer in a loyalty program and subledger.
        achievements: The customer's achievements: reads and increases progress.
    """

    event: Event
    session: CustomerSessionV2 | None
    profile: CustomerProfile | None
    event_referral_code: str = ""
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
        """The distinct coupon codes of the session, in their order."""
        return list(dict.fromkeys(self.session.coupon_codes or ())) if self.session else []

    @property
    def referral_code(self) -> str:
        """The referral code of the advanced event, or else of the session; empty without one."""
        return self.event_referral_code or (self.session.referral_code if self.session else None) or ""


Rule: TypeAlias = Callable[[EvaluationContext], Iterable[EffectProps]]
"""Returns the properties of the effects to grant."""


def _terms(coupons: Iterable[CouponTerms | str]) -> tuple[CouponTerms, ...]:
    return tuple(CouponTerms(coupon) if isinstance(coupon, str) else coupon for coupon in coupons)


@attrs.frozen(kw_only=True)
class Campaign:
    """A promotion.

    The rule returns effect properties; the sandbox builds the effects. A campaign with coupons is evaluated
    once per code of its own in the session, and not at all without one; if its rule grants nothing for a
    code, the code is rejected with ``CouponRejectedByCondition``. With `referrals` the same holds for the
    referral codes of the campaign, in a session or an advanced event. A campaign with neither is evaluated
    once, and once more per coupon in the session that one of its effects created.

    Attributes:
        name: Its name, and that of its rule.
        rule: Its rule.
        coupons: Its coupon codes, of 4 to 100 characters, or their terms.
        referrals: Whether it requires one of its referral codes.
        start_date: When it starts.
        end_date: When it ends.
        coupon_limit: How often its coupons can be redeemed in total; 0 for any number.
        referral_limit: How often its referral codes can be redeemed in total; 0 for any number.
        budget: The discount that it can grant in total, in the Application's currency; 0 for unlimited. A
            rule that grants more than what is left grants nothing.
        tags: Its tags.
        features: The features that it uses besides coupons and referrals.
        reevaluate_on_return: Whether a return with `run_rule_engine` evaluates it again.
    """

    name: str
    rule: Rule
    coupons: tuple[CouponTerms, ...] = attrs.field(default=(), converter=_terms)
    referrals: bool = False
    start_date: datetime | None = attrs.field(default=None, validator=moment_or_none)
    end_date: datetime | None = attrs.field(default=None, validator=moment_or_none)
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
        """Whether it runs at a time."""
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
