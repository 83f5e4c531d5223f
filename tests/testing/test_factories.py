"""Models with valid defaults: any of them, as the contract has it."""

from typing import Any

import pytest

from talon_async import (
    CartItem,
    CustomerSessionV2,
    Effect,
    IntegrationStateV2,
    LoyaltyCard,
    SetDiscountEffectProps,
    ShowNotificationEffectProps,
)
from talon_async._codec.converter import ANSWERS
from talon_async._codec.json import parse, render
from talon_async._codec.shapes import ModelOf
from talon_async._operations import OPERATIONS
from talon_async.testing import make, to_json
from tests.sandbox.checked import answer_faults

ANSWERED: list[Any] = [
    pytest.param(operation_id, status, row.response_shape.cls, id=f"{operation_id}: {status}")
    for operation_id, row in OPERATIONS.items()
    if isinstance(row.response_shape, ModelOf)
    for status, made in row.responses.items()
    if made() is row.response_shape.cls
]


@pytest.mark.parametrize(("operation_id", "status", "cls"), ANSWERED)
def test_what_is_made_is_an_answer_by_the_contract(operation_id: str, status: int, cls: Any) -> None:
    """The JSON of every model that an operation answers is valid, and reads as the same model."""
    made = make(cls)
    content = render(to_json(made))
    assert answer_faults(operation_id, status, content) == []
    assert ANSWERS.structure(parse(content), cls) == made


def test_what_the_test_names_is_as_named() -> None:
    """Attributes that are given stay, and effects get properties of the type that is named."""
    item = make(CartItem, sku="S-1", price=9.5)
    assert (item.sku, item.price, item.quantity) == ("S-1", 9.5, 1)
    assert isinstance(make(Effect, effect_type="showNotification").props, ShowNotificationEffectProps)
    discount = SetDiscountEffectProps(name="10 % off", value=9.9)
    state = make(IntegrationStateV2, effects=[make(Effect, effect_type="setDiscount", props=discount)])
    assert state.effects[0].props is discount
    assert make(CustomerSessionV2).state == "open"
    assert len(make(LoyaltyCard).identifier) >= 4


def test_an_attribute_that_is_none_is_refused() -> None:
    """A slip of the pen is a `TypeError` that names it."""
    with pytest.raises(TypeError, match="CartItem has no attribute prize"):
        make(CartItem, prize=9.5)
