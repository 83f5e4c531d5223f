"""Coupons and referrals: their terms, records and validity."""

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import attrs

from talon_async.models.campaigns import LimitConfig
from talon_async.models.coupons import Coupon, CouponRejectionCode
from talon_async.models.referrals import InventoryReferral, Referral, ReferralRejectionCode
from talon_async.sandbox._domain.overlay import Overlay
from talon_async.sandbox._domain.utc import moment_or_none


def _code(_terms: Any, _attribute: "attrs.Attribute[Any]", code: str) -> None:
    if not 4 <= len(code) <= 100:
        raise ValueError(f"coupons: expected codes of 4 to 100 characters, found {code!r}")


@attrs.frozen
class CouponTerms:
    """A coupon, as configured in a campaign.

    Attributes:
        code: The code, of 4 to 100 characters.
        usage_limit: How often it can be redeemed in total; 0 for any number.
        profile_limit: How often one customer can redeem it; 0 for any number.
        start_date: When it becomes valid.
        expiry_date: When it expires.
        recipient: The only customer who can redeem it, by integration ID.
        reservation_required: Whether only customers with a reservation can redeem it.
    """

    code: str = attrs.field(validator=_code)
    usage_limit: int = attrs.field(default=0, kw_only=True)
    profile_limit: int = attrs.field(default=0, kw_only=True)
    start_date: datetime | None = attrs.field(default=None, kw_only=True, validator=moment_or_none)
    expiry_date: datetime | None = attrs.field(default=None, kw_only=True, validator=moment_or_none)
    recipient: str | None = attrs.field(default=None, kw_only=True)
    reservation_required: bool = attrs.field(default=False, kw_only=True)


@attrs.define(kw_only=True)
class CouponRecord:
    """A coupon of a campaign.

    Attributes:
        id: Its ID.
        used: Redemptions, without those rolled back.
        redemptions: The same per profile, by integration ID; anonymous sessions have an empty one.
        reserved_for: The customers with a reservation, by integration ID.
    """

    id: int
    terms: CouponTerms
    campaign_id: int
    created: datetime
    used: int = 0
    redemptions: MutableMapping[str, int] = attrs.field(factory=dict[str, int])
    reserved_for: list[str] = attrs.field(factory=list[str])

    @property
    def code(self) -> str:
        """The code."""
        return self.terms.code

    def redeem(self, profile_id: str, times: int) -> None:
        """Count redemptions by a customer; a negative number rolls redemptions back."""
        self.used += times
        self.redemptions[profile_id] = self.redemptions.get(profile_id, 0) + times

    def fork(self) -> "CouponRecord":
        """Copy it for an overlay, without copying the count of every profile."""
        return attrs.evolve(self, redemptions=Overlay(self.redemptions), reserved_for=list(self.reserved_for))

    def rejection(self, profile_id: str, now: datetime) -> CouponRejectionCode | str | None:
        """Check whether a customer can redeem it; return the rejection reason, or `None` if it is valid.

        Args:
            profile_id: The customer, by integration ID; empty if anonymous.
            now: The time.
        """
        terms = self.terms
        if terms.start_date is not None and now < terms.start_date:
            return "CouponStartDateInFuture"
        if terms.expiry_date is not None and now >= terms.expiry_date:
            return "CouponExpired"
        if not profile_id and (terms.recipient or terms.reservation_required or terms.profile_limit):
            return "ProfileRequired"
        if terms.recipient not in (None, profile_id):
            return "CouponRecipientDoesNotMatch"
        if terms.reservation_required and profile_id not in self.reserved_for:
            return "CouponReservationRequired"
        if terms.usage_limit and self.used >= terms.usage_limit:
            return "CouponLimitReached"
        if terms.profile_limit and self.redemptions.get(profile_id, 0) >= terms.profile_limit:
            return "ProfileLimitReached"
        return None

    def model_fields(self) -> dict[str, Any]:
        """The attributes of `Coupon`, which all coupon models share."""
        terms = self.terms
        return {
            "id": self.id,
            "created": self.created,
            "campaign_id": self.campaign_id,
            "value": terms.code,
            "usage_limit": terms.usage_limit,
            "usage_counter": self.used,
            "limits": _per_profile(terms.profile_limit),
            "start_date": terms.start_date,
            "expiry_date": terms.expiry_date,
            "recipient_integration_id": terms.recipient,
            "reservation_counter": float(len(self.reserved_for)),
            "is_reservation_mandatory": terms.reservation_required,
            "implicitly_reserved": False,
        }

    def to_model(self) -> Coupon:
        """The coupon, as responses show it."""
        return Coupon(**self.model_fields())


def _per_profile(limit: int) -> list[LimitConfig] | None:
    return [LimitConfig(action="redeemCoupon", limit=float(limit), entities=["Profile"])] if limit else None


@attrs.define(kw_only=True)
class ReferralRecord:
    """A referral code of an advocate.

    Attributes:
        referral: The referral, as responses show it; its counter counts `referred`.
        referred: The referred customers, by integration ID.
    """

    referral: Referral
    referred: list[str] = attrs.field(factory=list[str])

    @property
    def id(self) -> int:
        """Its ID."""
        return self.referral.id

    @property
    def code(self) -> str:
        """The code."""
        return self.referral.code

    @property
    def campaign_id(self) -> int:
        """The ID of its campaign."""
        return self.referral.campaign_id

    def rejection(self, profile_id: str, now: datetime) -> ReferralRejectionCode | str | None:
        """Check whether a customer can redeem it; return the rejection reason, or `None` if it is valid.

        Args:
            profile_id: The customer, by integration ID; empty if anonymous.
            now: The time.
        """
        referral = self.referral
        if referral.start_date is not None and now < referral.start_date:
            return "ReferralStartDateInFuture"
        if referral.expiry_date is not None and now >= referral.expiry_date:
            return "ReferralExpired"
        if profile_id == referral.advocate_profile_integration_id:
            return "ReferralRecipientIdSameAsAdvocate"
        if referral.friend_profile_integration_id and referral.friend_profile_integration_id != profile_id:
            return "ReferralRecipientDoesNotMatch"
        if referral.usage_limit and len(self.referred) >= referral.usage_limit:
            return "ReferralLimitReached"
        return None

    def redeem(self, profile_id: str) -> None:
        """Count a redemption."""
        self.referred.append(profile_id)
        self.referral.usage_counter = len(self.referred)

    def roll_back(self, profile_id: str) -> bool:
        """Roll back a redemption; return whether there was one."""
        if profile_id not in self.referred:
            return False
        self.referred.remove(profile_id)
        self.referral.usage_counter = len(self.referred)
        return True

    def to_model(self) -> InventoryReferral:
        """The referral with its referred customers, as responses show it."""
        fields = attrs.asdict(self.referral, recurse=False)
        return InventoryReferral(**fields, referred_customers=[name for name in self.referred if name])
