"""Properties of effects on rewards, which API version 26.17 introduces.

`talon_async.models.effects` maps effect types to these classes.
"""

from datetime import datetime

import attrs

from talon_async.models.base import Model

__all__ = ["RollbackUseRewardEffectProps", "UnlockRewardEffectProps", "UseRewardEffectProps"]


@attrs.define(kw_only=True, eq=False, repr=False)
class UnlockRewardEffectProps(Model):
    """A reward that a rule unlocked for a customer.

    Attributes:
        integration_id: The integration ID of this unlocked reward.
        reward_id: Talon.One's ID of the reward.
        application_id: The Application of the reward.
        profile_integration_id: The integration ID of the customer's profile.
        unlocked_at: When the reward was unlocked.
        loyalty_card_id: The loyalty card that the reward belongs to, if a card unlocked it. All profiles of
            the card can use the reward.
    """

    integration_id: str | None = None
    reward_id: int | None = None
    application_id: int | None = None
    profile_integration_id: str | None = None
    unlocked_at: datetime | None = None
    loyalty_card_id: str | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class UseRewardEffectProps(Model):
    """An unlocked reward that a rule used.

    Attributes:
        integration_id: The integration ID of the unlocked reward.
        reward_id: Talon.One's ID of the reward.
        application_id: The Application of the reward.
    """

    integration_id: str | None = None
    reward_id: int | None = None
    application_id: int | None = None


@attrs.define(kw_only=True, eq=False, repr=False)
class RollbackUseRewardEffectProps(Model):
    """The use of a reward that is rolled back because the session was cancelled.

    Attributes:
        integration_id: The integration ID of the unlocked reward.
        reward_id: Talon.One's ID of the reward.
        application_id: The Application of the reward.
    """

    integration_id: str | None = None
    reward_id: int | None = None
    application_id: int | None = None
