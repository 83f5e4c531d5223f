"""Promotions of a sandbox: campaigns whose rule is plain Python, and some that are ready to use."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from talon_async.models.coupons import CouponRejectionCode
from talon_async.models.effect_props import SetDiscountEffectProps
from talon_async.models.effect_props_codes import AcceptCouponEffectProps, RejectCouponEffectProps
from talon_async.models.effect_props_loyalty import AddLoyaltyPointsEffectProps
from talon_async.models.effects import EffectProps
from talon_async.models.events import Event
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox.amounts import amount


@attrs.frozen(kw_only=True)
class Occasion:
    """What a rule looks at.

    Attributes:
        event: What happened: a built-in event such as ``talon_session_updated``, or a tracked one.
        session: The session as it will be; `None` where the call is for none.
        profile: The customer; `None` where the session is anonymous.
        coupon: The code under evaluation, for a campaign that has coupons.
        closing: Whether the session is being closed, so that what is granted takes hold.
        now: The moment of the call.
        new_uuid: Makes an identifier, such as effects on points need for their transaction.
    """

    event: Event
    session: CustomerSessionV2 | None
    profile: CustomerProfile | None
    coupon: str | None = None
    closing: bool
    now: datetime
    new_uuid: Callable[[], str]

    @property
    def coupon_codes(self) -> list[str]:
        """The codes in the session, each once, in their order."""
        return list(dict.fromkeys(self.session.coupon_codes or ())) if self.session else []


Rule: TypeAlias = Callable[[Occasion], Iterable[EffectProps]]
"""Gives the properties of the effects that an occasion calls for."""


def _coupon_codes(_campaign: Any, _attribute: "attrs.Attribute[Any]", codes: tuple[str, ...]) -> None:
    for code in codes:
        if not 4 <= len(code) <= 100:
            raise ValueError(f"coupons: expected codes of 4 to 100 characters, found {code!r}")


@attrs.frozen(kw_only=True)
class Campaign:
    """A promotion that runs.

    The rule gives properties only; the sandbox makes effects of them. A campaign with coupons is
    evaluated once for each of its codes in the session, and not at all without one; where its rule gives
    nothing for a code, the code is rejected with ``CouponRejectedByCondition``.

    Attributes:
        name: Is also the name of its rule.
        rule: What it grants.
        coupons: The codes that belong to it, of 4 to 100 characters.
        reevaluate_on_return: Whether returns that run the rules evaluate it anew.
    """

    name: str
    rule: Rule
    coupons: tuple[str, ...] = attrs.field(default=(), converter=tuple[str, ...], validator=_coupon_codes)
    reevaluate_on_return: bool = False


def percentage_coupon(code: str, percent: float, *, minimum_total: float = 0.0) -> Campaign:
    """Make a campaign that takes a percentage off the cart items for a coupon.

    Args:
        code: The coupon code.
        percent: What to take off, such as ``10``.
        minimum_total: The total of cart items below which the code is rejected with
            ``CouponRejectedByCondition``.
    """
    name = f"{percent:g}% off with {code}"

    def rule(occasion: Occasion) -> Iterator[EffectProps]:
        total = occasion.session.cart_item_total if occasion.session else 0.0
        if total >= minimum_total:
            yield AcceptCouponEffectProps(value=code)
            yield SetDiscountEffectProps(name=name, value=amount(total * percent / 100))

    return Campaign(name=name, rule=rule, coupons=(code,))


def rejected_coupon(code: str, reason: CouponRejectionCode) -> Campaign:
    """Make a campaign whose coupon is always rejected.

    Args:
        code: The coupon code.
        reason: The rejection reason, such as ``CouponExpired``.
    """

    def rule(_occasion: Occasion) -> Iterator[EffectProps]:
        yield RejectCouponEffectProps(value=code, rejection_reason=reason)

    return Campaign(name=f"{code} is rejected", rule=rule, coupons=(code,))


def points_per_unit(points: float = 1.0, *, program_id: int = 1) -> Campaign:
    """Make a campaign that gives loyalty points for each currency unit of cart items, as a session closes.

    Args:
        points: How many points a unit earns.
        program_id: The loyalty program.
    """
    name = "points on purchases"

    def rule(occasion: Occasion) -> Iterator[EffectProps]:
        if occasion.closing and occasion.session and occasion.profile:
            earned = amount(occasion.session.cart_item_total * points)
            if earned > 0:
                yield AddLoyaltyPointsEffectProps(
                    name=name,
                    program_id=program_id,
                    sub_ledger_id="",
                    value=earned,
                    recipient_integration_id=occasion.profile.integration_id,
                    transaction_uuid=occasion.new_uuid(),
                )

    return Campaign(name=name, rule=rule)


def default_campaigns() -> list[Campaign]:
    """The promotions of a sandbox that was given no others: ``WELCOME10``, and a point per currency unit."""
    return [percentage_coupon("WELCOME10", 10), points_per_unit()]
