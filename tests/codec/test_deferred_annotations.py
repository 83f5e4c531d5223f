"""Subclasses of a model in a module with `from __future__ import annotations`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import orjson
import pytest

from talon_async import (
    UNSET,
    CartItem,
    IntegrationRequest,
    NewCustomerSessionV2,
    Omittable,
    TalonClient,
)
from talon_async._operations.sessions import UPDATE_CUSTOMER_SESSION

if TYPE_CHECKING:
    from decimal import Decimal


@attrs.define(kw_only=True, eq=False, repr=False)
class GiftItem(CartItem):
    """A cart item with a field of the shop's own."""

    gift_note: Omittable[str] = UNSET


@attrs.define(kw_only=True, eq=False, repr=False)
class WeighedItem(CartItem):
    """A cart item whose own field names a type that only type checkers see."""

    grams: Omittable[Decimal] = UNSET


def test_a_field_with_a_deferred_annotation_is_sent_like_any_other() -> None:
    """The subclass's field is sent under its name in camel case."""
    item = GiftItem(sku="S", quantity=1, gift_note="for you")
    sent = UPDATE_CUSTOMER_SESSION.encode(
        IntegrationRequest(customer_session=NewCustomerSessionV2(cart_items=[item])), customer_session_id="c"
    )
    (read,) = orjson.loads(sent.content or b"")["customerSession"]["cartItems"]
    assert read == {"sku": "S", "quantity": 1, "giftNote": "for you"}


async def test_a_type_that_is_not_defined_at_run_time_is_named() -> None:
    """The error names the class and the missing type; nothing is sent."""
    item = WeighedItem(sku="S", quantity=1)
    async with TalonClient("https://shop.invalid", api_key="k") as talon:
        with pytest.raises(TypeError, match=r"WeighedItem has a field .*'Decimal' is not defined"):
            await talon.sessions.update("c", NewCustomerSessionV2(cart_items=[item]))
