"""`make` and `to_json`: every model has valid default values."""

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
from talon_async._codec.converter import RESPONSES
from talon_async._codec.json import parse, render
from talon_async._codec.shapes import ModelOf
from talon_async._operations import OPERATIONS
from talon_async.testing import make, to_json
from tests.sandbox.checked import response_violations

CASES: list[Any] = [
    pytest.param(operation_id, status, row.response_shape.cls, id=f"{operation_id}: {status}")
    for operation_id, row in OPERATIONS.items()
    if isinstance(row.response_shape, ModelOf)
    for status, made in row.responses.items()
    if made is row.response_shape.cls
]


@pytest.mark.parametrize(("operation_id", "status", "cls"), CASES)
def test_a_model_with_defaults_is_a_valid_response(operation_id: str, status: int, cls: Any) -> None:
    """The JSON of every response model matches the schema and decodes to an equal model."""
    model = make(cls)
    content = render(to_json(model))
    assert response_violations(operation_id, status, content) == []
    assert RESPONSES.structure(parse(content), cls) == model


def test_given_attributes_are_kept() -> None:
    """`make` keeps the given attributes, and an effect gets the props of its effect type."""
    item = make(CartItem, sku="S-1", price=9.5)
    assert (item.sku, item.price, item.quantity) == ("S-1", 9.5, 1)
    assert isinstance(make(Effect, effect_type="showNotification").props, ShowNotificationEffectProps)
    discount = SetDiscountEffectProps(name="10 % off", value=9.9)
    state = make(IntegrationStateV2, effects=[make(Effect, effect_type="setDiscount", props=discount)])
    assert state.effects[0].props is discount
    assert make(CustomerSessionV2).state == "open"
    assert len(make(LoyaltyCard).identifier) >= 4


def test_an_unknown_attribute_is_a_type_error() -> None:
    """A misspelled attribute is a `TypeError` that names the model and the attribute."""
    with pytest.raises(TypeError, match="CartItem has no attribute prize"):
        make(CartItem, prize=9.5)
