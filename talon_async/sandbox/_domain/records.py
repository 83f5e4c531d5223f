"""The records of sessions, profiles and campaign limits."""

from collections.abc import MutableMapping
from typing import Final

import attrs

from talon_async.models.effects import Effect
from talon_async.models.profiles import CustomerProfile
from talon_async.models.sessions import CustomerSessionV2, Return
from talon_async.sandbox._domain.overlay import Overlay

APPLICATION_ID: Final = 1
ACCOUNT_ID: Final = 1


@attrs.define(kw_only=True)
class SessionRecord:
    """A stored session.

    Attributes:
        session: The session, as responses show it.
        effects: The effects in force, without those that were rolled back.
        returns: The returns of its cart items.
    """

    session: CustomerSessionV2
    effects: list[Effect]
    returns: tuple[Return, ...] = ()


@attrs.define(kw_only=True)
class ProfileRecord:
    """A stored profile.

    Attributes:
        profile: The profile, as responses show it.
        first_session: The integration ID of its first session.
        hidden: Whether no request created the profile yet: an audience refers to it.
    """

    profile: CustomerProfile
    first_session: str | None = None
    hidden: bool = False


@attrs.define(kw_only=True)
class CampaignUse:
    """How much of a campaign's limits is used.

    Attributes:
        coupons: Redemptions of its coupons.
        referrals: Redemptions of its referral codes.
        friends: Redemptions of its referral codes per referred profile, by integration ID.
        discount: The discount granted, in the Application's currency.
    """

    coupons: int = 0
    referrals: int = 0
    friends: MutableMapping[str, int] = attrs.field(factory=dict[str, int])
    discount: float = 0.0

    def fork(self) -> "CampaignUse":
        """Copy it for an overlay, without copying the count of every friend."""
        return attrs.evolve(self, friends=Overlay(self.friends))

    def count_referral(self, profile_id: str, by: int) -> None:
        """Count redemptions of a referral code.

        Args:
            profile_id: The friend, by integration ID; empty if anonymous.
            by: How many; negative for a rollback.
        """
        self.referrals += by
        if profile_id:
            self.friends[profile_id] = self.friends.get(profile_id, 0) + by
