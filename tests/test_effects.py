"""Helpers for effects: by type, codes, and the total discount."""

from typing import Any

import pytest

from talon_async import (
    AcceptCouponEffectProps,
    Effect,
    SetDiscountEffectProps,
    SetDiscountPerItemEffectProps,
    TalonClient,
    UnknownEffectProps,
    accepted_codes,
    effects_of,
    rejected_codes,
    total_discount,
)
from talon_async.models import EffectProps
from talon_async.sandbox import Sandbox, percentage_coupon, percentage_on_items, rejected_coupon
from talon_async.testing import make
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import shoes_and_socks


def effect(props: EffectProps | None, kind: str = "setDiscount") -> Effect:
    """An effect with these properties."""
    return make(Effect, effect_type=kind, props=props)


def test_effects_are_selected_by_class() -> None:
    """The properties of one class are returned in order; other and unknown types are skipped."""
    first, second = (make(SetDiscountEffectProps, value=value) for value in (1.0, 2.0))
    others: list[EffectProps | None] = [make(AcceptCouponEffectProps), UnknownEffectProps("new", {}), None]
    effects = [effect(first), *map(effect, others), effect(second)]
    assert effects_of(effects, SetDiscountEffectProps) == [first, second]
    assert effects_of(effects, SetDiscountPerItemEffectProps) == []


@pytest.mark.parametrize("effects", [None, []])
def test_without_effects_there_are_no_codes(effects: Any) -> None:
    """A response without effects has no codes and no discount."""
    assert effects_of(effects, SetDiscountEffectProps) == []
    assert accepted_codes(effects) == []
    assert rejected_codes(effects) == {}
    assert total_discount(effects) == 0


async def test_codes_and_discounts_of_a_cart() -> None:
    """A cart's accepted and rejected codes are returned, and its discounts are summed."""
    deployment = checked_deployment(
        campaigns=[
            percentage_coupon("WELCOME10", 10),
            percentage_on_items(50, sku="SOCKS"),
            rejected_coupon("OLD2020", "CouponExpired"),
        ]
    )
    async with (
        Sandbox(deployment),
        TalonClient(deployment.url, api_key=deployment.api_key) as talon,
    ):
        cart = shoes_and_socks(coupon_codes=["WELCOME10", "OLD2020", "NOSUCH"])
        state = await talon.sessions.update("cart-1", cart)
    assert accepted_codes(state.effects) == ["WELCOME10"]
    assert rejected_codes(state.effects) == {"OLD2020": "CouponExpired", "NOSUCH": "CouponNotFound"}
    assert total_discount(state.effects) == pytest.approx(10.0 + 2 * 10.0)
