"""Reads lists of effects: by type, the codes that were accepted and rejected, the discount in total.

The functions take the `effects` of any response, such as `IntegrationStateV2.effects`.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from talon_async.models.base import Model
from talon_async.models.effect_props import (
    SetDiscountEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
    SetDiscountPerItemEffectProps,
)
from talon_async.models.effect_props_codes import (
    AcceptCouponEffectProps,
    AcceptReferralEffectProps,
    RejectCouponEffectProps,
    RejectReferralEffectProps,
)
from talon_async.models.effects import Effect

__all__ = ["accepted_codes", "effects_of", "rejected_codes", "total_discount"]

PropsOf = TypeVar("PropsOf", bound=Model)

_DISCOUNTS: Final = (
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    SetDiscountPerAdditionalCostEffectProps,
    SetDiscountPerAdditionalCostPerItemEffectProps,
)


def effects_of(effects: Iterable[Effect] | None, props: type[PropsOf]) -> list[PropsOf]:
    """List the properties of the effects of one type, in the order of the effects.

    ``for discount in effects_of(state.effects, SetDiscountEffectProps): ...``

    Args:
        effects: The effects; `None` counts as no effects.
        props: The class of the properties.
    """
    return [effect.props for effect in effects or () if isinstance(effect.props, props)]


def accepted_codes(effects: Iterable[Effect] | None) -> list[str]:
    """List the coupon and referral codes that were accepted, each once.

    Args:
        effects: The effects; `None` counts as no effects.
    """
    accepted = (effect.props for effect in effects or ())
    return list(
        dict.fromkeys(
            props.value
            for props in accepted
            if isinstance(props, AcceptCouponEffectProps | AcceptReferralEffectProps)
        )
    )


def rejected_codes(effects: Iterable[Effect] | None) -> dict[str, str]:
    """Map each coupon and referral code that was rejected to the reason, such as ``CouponExpired``.

    A code that one campaign rejects and another accepts is both here and among `accepted_codes`.

    Args:
        effects: The effects; `None` counts as no effects.
    """
    rejected = (effect.props for effect in effects or ())
    return {
        props.value: props.rejection_reason
        for props in rejected
        if isinstance(props, RejectCouponEffectProps | RejectReferralEffectProps)
    }


def total_discount(effects: Iterable[Effect] | None) -> float:
    """Add up the discounts on the session, its items and additional costs, in the Application's currency.

    The values are added as sent, without rounding.

    Args:
        effects: The effects; `None` counts as no effects.
    """
    return sum(effect.props.value for effect in effects or () if isinstance(effect.props, _DISCOUNTS))
