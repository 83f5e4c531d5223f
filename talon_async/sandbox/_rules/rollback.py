"""Rolls effects back: as a whole, or by the share of returned items."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import attrs

from talon_async.models.effect_props import (
    RollbackDiscountEffectProps,
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    RollbackCouponEffectProps,
    RollbackReferralEffectProps,
)
from talon_async.models.effect_props_loyalty import (
    AddLoyaltyPointsEffectProps,
    DeductLoyaltyPointsEffectProps,
    IncreaseAchievementProgressEffectProps,
    RollbackAddedLoyaltyPointsEffectProps,
    RollbackDeductedLoyaltyPointsEffectProps,
    RollbackIncreasedAchievementProgressEffectProps,
)
from talon_async.models.effects import Effect, EffectProps
from talon_async.models.sessions import CustomerSessionV2
from talon_async.sandbox._domain.amounts import amount
from talon_async.sandbox._domain.carts import remaining, returned_session, worth
from talon_async.sandbox._rules.results import effect_type

Share: TypeAlias = Callable[[EffectProps | None], float]
"""Returns the share of an effect to roll back: from 0, nothing, to 1, all of it."""


def everything(_props: EffectProps | None) -> float:
    """The share to roll back when a session is cancelled or reopened: all of it."""
    return 1.0


@attrs.frozen
class ReturnedShare:
    """The shares to roll back when units of cart items are returned.

    Effects of an item are rolled back with its units, the first unit first; effects of the session in
    proportion to the value of the returned units among the remaining ones.

    Attributes:
        session: The session before the return.
        units: The returned units, by position in the cart.
    """

    session: CustomerSessionV2
    units: dict[int, int]

    def __call__(self, props: EffectProps | None) -> float:
        """Return the share of an effect."""
        match props:
            case SetDiscountPerItemEffectProps() | SetDiscountPerAdditionalCostPerItemEffectProps():
                return self._of_item(props.position, props.sub_position)
            case AddLoyaltyPointsEffectProps() if props.cart_item_position is not None:
                return self._of_item(props.cart_item_position, props.cart_item_sub_position)
            case SetDiscountEffectProps() | AddLoyaltyPointsEffectProps() | DeductLoyaltyPointsEffectProps():
                return self._of_session()
            case _:
                return 0.0

    def after(self, now: datetime) -> CustomerSessionV2:
        """The session after the return."""
        return returned_session(self.session, self.units, now)

    def _of_item(self, position: float, unit: float | None) -> float:
        index = int(position)
        returned = self.units.get(index, 0)
        if not returned:
            return 0.0
        item = self.session.cart_items[index]
        if unit is None:
            return returned / remaining(item)
        before = item.returned_quantity or 0
        return 1.0 if before <= unit < before + returned else 0.0

    def _of_session(self) -> float:
        items = self.session.cart_items
        left = sum(worth(item, remaining(item)) for item in items)
        if left:
            return sum(worth(items[position], units) for position, units in self.units.items()) / left
        return sum(self.units.values()) / sum(map(remaining, items))


def roll_back(effects: list[Effect], share: Share, profile_id: str) -> tuple[list[Effect], list[Effect]]:
    """Roll effects back.

    Args:
        effects: The effects in force.
        share: Returns the share of each effect to roll back.
        profile_id: The customer, by integration ID; empty if anonymous.

    Returns:
        The rollback effects, and the effects that stay in force.
    """
    rollbacks: list[Effect] = []
    kept: list[Effect] = []
    for effect in effects:
        portion = share(effect.props)
        undone = _undone(effect.props, portion, profile_id) if portion > 0 else None
        if undone is None:
            kept.append(effect)
            continue
        rollbacks.append(attrs.evolve(effect, effect_type=effect_type(undone), props=undone))
        match effect.props:
            case (
                SetDiscountEffectProps()
                | SetDiscountPerItemEffectProps()
                | AddLoyaltyPointsEffectProps()
                | DeductLoyaltyPointsEffectProps()
            ) as props if portion < 1:
                left = amount(props.value * (1 - portion))
                kept.append(attrs.evolve(effect, props=attrs.evolve(props, value=left)))
            case _:
                pass
    return rollbacks, kept


def _undone(props: EffectProps | None, portion: float, profile_id: str) -> EffectProps | None:
    """The properties of the rollback of a portion; `None` for effects that are never rolled back."""
    match props:
        case AcceptCouponEffectProps(value=code):
            return RollbackCouponEffectProps(value=code)
        case AcceptReferralEffectProps(value=code):
            return RollbackReferralEffectProps(value=code)
        case SetDiscountEffectProps():
            return RollbackDiscountEffectProps(
                name=props.name, value=amount(props.value * portion), scope=props.scope
            )
        case SetDiscountPerItemEffectProps():
            return RollbackDiscountEffectProps(
                name=props.name,
                value=amount(props.value * portion),
                cart_item_position=props.position,
                cart_item_sub_position=props.sub_position,
                scope=props.scope,
            )
        case SetDiscountPerAdditionalCostEffectProps():
            return RollbackDiscountEffectProps(
                name=props.name,
                value=amount(props.value * portion),
                additional_cost_id=props.additional_cost_id,
                additional_cost=props.additional_cost,
            )
        case SetDiscountPerAdditionalCostPerItemEffectProps():
            return RollbackDiscountEffectProps(
                name=props.name,
                value=amount(props.value * portion),
                cart_item_position=props.position,
                cart_item_sub_position=props.sub_position,
                additional_cost_id=props.additional_cost_id,
                additional_cost=props.additional_cost,
            )
        case AddLoyaltyPointsEffectProps():
            return RollbackAddedLoyaltyPointsEffectProps(
                program_id=props.program_id,
                sub_ledger_id=props.sub_ledger_id,
                value=amount(props.value * portion),
                recipient_integration_id=props.recipient_integration_id,
                transaction_uuid=props.transaction_uuid,
                cart_item_position=props.cart_item_position,
                cart_item_sub_position=props.cart_item_sub_position,
                card_identifier=props.card_identifier,
            )
        case DeductLoyaltyPointsEffectProps():
            return RollbackDeductedLoyaltyPointsEffectProps(
                program_id=props.program_id,
                sub_ledger_id=props.sub_ledger_id,
                value=amount(props.value * portion),
                recipient_integration_id=profile_id,
                transaction_uuid=props.transaction_uuid,
                card_identifier=props.card_identifier,
            )
        case IncreaseAchievementProgressEffectProps(progress_tracker_id=int(tracker)):
            return RollbackIncreasedAchievementProgressEffectProps(
                achievement_id=props.achievement_id,
                achievement_name=props.achievement_name,
                progress_tracker_id=tracker,
                decrease_progress_by=props.delta,
                current_progress=amount(props.value - props.delta),
                target=props.target,
            )
        case _:
            return None
