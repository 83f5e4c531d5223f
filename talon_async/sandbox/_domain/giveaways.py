"""Giveaways: pools of codes from elsewhere, such as gift cards, and those that customers were given."""

from collections.abc import Iterable, Iterator

import attrs

from talon_async.models.effect_props import WillAwardGiveawayEffectProps
from talon_async.models.giveaways import Giveaway


@attrs.frozen(kw_only=True)
class GiveawayPool:
    """Codes that rules award, each once, in their order.

    Attributes:
        id: Its number.
        name: Its name.
        codes: The codes; one that stands there twice is awarded twice.
    """

    id: int
    name: str
    codes: tuple[str, ...] = attrs.field(converter=tuple[str, ...])

    def award(self, profile_id: str) -> WillAwardGiveawayEffectProps:
        """Make what a rule gives to award a code; which one is known when the award takes hold.

        Args:
            profile_id: The customer who gets it, by integration ID.
        """
        return WillAwardGiveawayEffectProps(
            pool_id=self.id, pool_name=self.name, recipient_integration_id=profile_id
        )


def awarded_to(pools: Iterable[list[Giveaway]], profile_id: str) -> Iterator[Giveaway]:
    """Iterate over the giveaways awarded to a customer, pool by pool, the oldest first."""
    for awarded in pools:
        for giveaway in awarded:
            if giveaway.profile_integration_id == profile_id:
                yield giveaway
