"""Giveaways: pools of external codes, such as gift cards, and the awarded ones."""

from collections.abc import Iterable, Iterator

import attrs

from talon_async.models.effect_props import WillAwardGiveawayEffectProps
from talon_async.models.giveaways import Giveaway


@attrs.frozen(kw_only=True)
class GiveawayPool:
    """A pool of codes that rules award, in their order.

    Attributes:
        id: Its ID.
        name: Its name.
        codes: The codes; a repeated code is awarded repeatedly.
    """

    id: int
    name: str
    codes: tuple[str, ...] = attrs.field(converter=tuple[str, ...])

    def award(self, profile_id: str) -> WillAwardGiveawayEffectProps:
        """Make the effect properties that award a code; the code is chosen when the effect is applied.

        Args:
            profile_id: The recipient, by integration ID.
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
